# shellcheck shell=bash
# Brings what a fresh Debian or Ubuntu with only git and rustup lacks. Source it after base.sh.
# Packages come from apt; our own tools go to the user's cache, never into ~/.cargo/bin.

postgres_bin() {
  local dir
  # The newest one that is installed, wherever its version puts it.
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    [[ -x $dir/initdb ]] && printf '%s\n' "$dir" && return
  done
  return 1
}

chromium_bin() {
  local file
  for file in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/google-chrome; do
    [[ -n $file && -x $file ]] && printf '%s\n' "$file" && return
  done
  return 1
}

# The apt packages that are missing for a purpose: run or test.
missing_packages() {
  command -v cc >/dev/null || printf 'gcc libc6-dev '
  command -v node >/dev/null || printf 'nodejs '
  command -v npm >/dev/null || printf 'npm '
  postgres_bin >/dev/null || printf 'postgresql '
  [[ $1 == test ]] || return 0
  chromium_bin >/dev/null || printf 'chromium '
  compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || printf 'fonts-noto-cjk '
  python3 -c 'import ensurepip, venv' 2>/dev/null || printf 'python3 python3-venv '
}

# Debian's package starts a database of its own on port 5432 as soon as it is installed. Nobody asked
# for it, so a file forbids it while we install; afterwards the machine's own habit is back.
install_packages() {
  local note=/etc/postgresql-common/createcluster.d/madang.conf
  export DEBIAN_FRONTEND=noninteractive
  mkdir -p "${note%/*}"
  printf 'create_main_cluster = false\n' >"$note"
  local rc=0
  apt-get update -q && apt-get install -q -y --no-install-recommends "$@" || rc=$?
  rm -f "$note"
  return "$rc"
}

ensure_packages() {
  local missing
  missing=$(missing_packages "$1")
  [[ -n $missing ]] || return 0
  if ! command -v apt-get >/dev/null; then
    die "Missing: ${missing% }. This script installs packages with apt-get only; install them and start again."
  elif ((EUID == 0)); then
    # shellcheck disable=SC2086 # a list of words
    step "Installing ${missing% }" install_packages $missing
  elif sudo -n true 2>/dev/null; then
    # shellcheck disable=SC2086
    step "Installing ${missing% } (sudo)" sudo -n bash -c "$(declare -f install_packages); install_packages $missing"
  else
    say "These packages are missing: ${missing% }"
    say "Install them with this command, then start again:"
    say ""
    say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing% }"
    say ""
    exit 1
  fi
}

ensure_rust() {
  command -v cargo >/dev/null || die "cargo is missing. Install rustup, then start again."
  command -v rustup >/dev/null || return 0
  local channel
  channel=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)
  if ! rustup toolchain list | grep -q "^$channel"; then
    step "Installing Rust $channel" rustup toolchain install "$channel" --profile minimal --component clippy,rustfmt
  fi
  if ! rustup target list --installed | grep -q '^wasm32-unknown-unknown$'; then
    step "Installing the wasm target" rustup target add wasm32-unknown-unknown
  fi
}

# ensure_tool CRATE BINARY VERSION [cargo install arguments…]: a command from the registry, kept in the
# cache under its version. Optimising it would take longer than it ever runs.
ensure_tool() {
  local crate=$1 binary=$2 version=$3 home
  shift 3
  home=$TOOLS/$crate-$version
  if [[ ! -x $home/bin/$binary ]]; then
    step "Building $crate $version" env -u RUSTFLAGS CARGO_TARGET_DIR="$TOOLS/build-$crate" \
      CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
      CARGO_PROFILE_RELEASE_DEBUG=false \
      cargo install "$crate" --version "$version" --root "$home" "$@"
    rm -rf "$TOOLS/build-$crate"
  fi
  mkdir -p "$TOOLS/bin"
  ln -sfn "../$crate-$version/bin/$binary" "$TOOLS/bin/$binary"
}

ensure_wasm_bindgen() {
  local version
  version=$(locked_version wasm-bindgen)
  [[ $(wasm-bindgen --version 2>/dev/null) == "wasm-bindgen $version" ]] ||
    ensure_tool wasm-bindgen-cli wasm-bindgen "$version"
}

# A Python of its own for the mail server that the tests send to, and for the exchange in another language.
ensure_python() {
  local home=$TOOLS/python
  if ! "$home/bin/python" -c 'import aiosmtpd, cryptography' 2>/dev/null; then
    step "Installing aiosmtpd and cryptography" install_python "$home" aiosmtpd==1.4.6 'cryptography>=43,<60'
  fi
  export TEST_PYTHON=$home/bin/python
}
install_python() {
  local home=$1
  shift
  python3 -m venv "$home" && "$home/bin/pip" install --quiet --disable-pip-version-check "$@"
}

# Stock Debian ships Node 18: enough for the style sheet, too old for the browser tests.
ensure_node_for_tests() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' && return
  local arch=x64 version=22.16.0
  [[ $(uname -m) == aarch64 ]] && arch=arm64
  local home=$TOOLS/node-$version
  [[ -x $home/node_modules/node-linux-$arch/bin/node ]] ||
    step "Fetching Node $version" npm install --no-save --no-audit --no-fund --prefix "$home" "node-linux-$arch@$version"
  export PATH="$home/node_modules/node-linux-$arch/bin:$PATH"
}

# ensure_npm run|test: the packages of package-lock.json; `run` needs only those that make assets. Errors only:
# npm warns of packages that want a newer Node even where it does not install them.
ensure_npm() {
  local stamp=node_modules/.madang wanted have
  wanted=$(cat package.json package-lock.json .npmrc | sha256sum | cut -c1-16)
  have=$(cat "$stamp" 2>/dev/null || true)
  [[ $have == "$wanted test" || $have == "$wanted $1" ]] && return
  local -a args=(ci --no-audit --no-fund --ignore-scripts --loglevel=error)
  [[ $1 == run ]] && args+=(--omit=dev)
  step "Fetching npm packages" npm "${args[@]}"
  printf '%s %s\n' "$wanted" "$1" >"$stamp"
}

# Lighthouse and what it needs, apart from the rest: the npm of stock Debian 12 cannot read its lock file.
ensure_npm_for_lighthouse() {
  local version=10.9.2 npm=(npm)
  if (($(npm --version | cut -d. -f1) < 10)); then
    [[ -d $TOOLS/npm-$version ]] ||
      step "Fetching npm $version" npm install --no-save --no-audit --no-fund --prefix "$TOOLS/npm-$version" "npm@$version"
    npm=(node "$TOOLS/npm-$version/node_modules/npm/bin/npm-cli.js")
  fi
  [[ -d bench/node_modules/lighthouse ]] ||
    step "Fetching Lighthouse" "${npm[@]}" ci --prefix bench --no-audit --no-fund --ignore-scripts --loglevel=error
}
