# shellcheck shell=bash
# Under which account the server runs, and from where. Source it after base.sh.
# PostgreSQL refuses to run as root, and a web server has no business being root.

ACCOUNT=madang
# Words to put before a command so that it runs under the account, and dies with this script.
AS_ACCOUNT=()
PROGRAM=
GATEWAY=

under() {
  local account=$1 home=$2
  AS_ACCOUNT=(env "HOME=$home" "USER=$account" "LOGNAME=$account"
    setpriv "--reuid=$account" "--regid=$(id -g "$account")" --init-groups --pdeathsig TERM --)
}

make_account() {
  id "$ACCOUNT" >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir "/var/lib/$ACCOUNT" --shell /usr/sbin/nologin "$ACCOUNT"
  install -d -m 755 -o "$ACCOUNT" -g "$ACCOUNT" "/var/lib/$ACCOUNT"
}

# Can the account read what it needs where it lies? Every folder on the way must let it through.
reaches() {
  "${AS_ACCOUNT[@]}" test -x "$1" -a -r "$ROOT/catalogue" -a -x "$ROOT" 2>/dev/null
}

# Puts programs and catalogue where the account can read them; its data live beside them.
move_in() {
  local home=$1 binary
  shift
  install -d -m 755 "$home"
  for binary in "$@"; do
    [[ -e $binary ]] || continue
    cmp -s "$binary" "$home/${binary##*/}" || install -m 755 "$binary" "$home/${binary##*/}.new"
    [[ ! -e $home/${binary##*/}.new ]] || mv "$home/${binary##*/}.new" "$home/${binary##*/}"
  done
  rm -rf "$home/catalogue"
  [[ ! -d catalogue ]] || cp -r catalogue "$home/catalogue"
  chmod -R a+rX "$home/catalogue" 2>/dev/null || true
  install -d -m 700 -o "$ACCOUNT" -g "$ACCOUNT" "$home/data"
  if [[ -d .data && ! -L .data ]]; then
    die "$ROOT/.data exists, but the account \"$ACCOUNT\" cannot reach it. Move it away, or set MADANG_DATA."
  fi
  ln -sfn "$home/data" .data
}

# prepare_account BINARY GATEWAY: sets AS_ACCOUNT, PROGRAM and GATEWAY (which lies beside it, if it was built), and the
# variables that tell the server its folders.
prepare_account() {
  PROGRAM=$1 GATEWAY=$2
  export MADANG_CATALOGUE=${MADANG_CATALOGUE:-$ROOT/catalogue}
  if ((EUID != 0)); then
    AS_ACCOUNT=(setpriv --pdeathsig TERM --)
    export MADANG_DATA=${MADANG_DATA:-$ROOT/.data}
    return
  fi
  # Data that already belong to somebody stay theirs.
  if [[ -z ${MADANG_DATA:-} && -d .data && ! -L .data && $(stat -c %u .data) != 0 ]]; then
    ACCOUNT=$(stat -c %U .data)
  else
    make_account
  fi
  under "$ACCOUNT" "/var/lib/$ACCOUNT"
  if [[ -n ${MADANG_DATA:-} && ! -e $MADANG_DATA ]]; then
    mkdir -p "$(dirname "$MADANG_DATA")"
    install -d -m 700 -o "$ACCOUNT" -g "$(id -g "$ACCOUNT")" "$MADANG_DATA"
  fi
  if reaches "$PROGRAM"; then
    if [[ -z ${MADANG_DATA:-} && -L .data ]]; then
      MADANG_DATA=$(readlink -f .data)
      export MADANG_DATA
    elif [[ -z ${MADANG_DATA:-} ]]; then
      install -d -m 700 -o "$ACCOUNT" -g "$(id -g "$ACCOUNT")" .data
      export MADANG_DATA=$ROOT/.data
    fi
  else
    local home
    home=/var/lib/$ACCOUNT/$(basename "$ROOT")-$(printf '%s' "$ROOT" | sha256sum | cut -c1-6)
    move_in "$home" "$PROGRAM" "$GATEWAY"
    PROGRAM=$home/madang GATEWAY=$home/madang-gateway
    export MADANG_DATA=${MADANG_DATA:-$home/data}
    [[ $MADANG_CATALOGUE != "$ROOT/catalogue" ]] || export MADANG_CATALOGUE=$home/catalogue
    cd "$home" || exit 1
  fi
}
