# shellcheck shell=bash
# What every script of the project needs: where things are, how to speak, how to stop.
# Source it: . "$(dirname "$0")/lib/base.sh". It changes into the root of the repository.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"

CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/madang
TOOLS=$CACHE/tools
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
[[ $TARGET == /* ]] || TARGET=$ROOT/$TARGET
export CARGO_TARGET_DIR=$TARGET
export PATH="$TOOLS/bin:$PATH"

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  # shellcheck disable=SC2034 # for the scripts that source this
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  # shellcheck disable=SC2034
  BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi

say() { printf '%s\n' "$@"; }
die() {
  printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2
  exit 1
}

# The child that runs now; it is in a process group of its own, so that it can be stopped with
# everything it started, and at once: bash would answer a signal only after a child in the foreground.
CHILD=

start_child() {
  set -m
  "$@" &
  CHILD=$!
  set +m
}

wait_child() {
  local rc=0
  wait "$CHILD" || rc=$?
  CHILD=
  return "$rc"
}

stop_child() {
  [[ -n $CHILD ]] || return 0
  kill -TERM -- "-$CHILD" 2>/dev/null || true
  wait "$CHILD" 2>/dev/null || true
  CHILD=
}

# attempt TITLE COMMAND…: shows what it does, then how long it took; returns the command's status.
attempt() {
  local title=$1 since=$SECONDS rc=0
  shift
  printf '%s==> %s%s\n' "$BOLD" "$title" "$PLAIN"
  start_child "$@"
  wait_child || rc=$?
  if ((rc == 0)); then
    printf '%s    done in %d s%s\n' "$DIM" $((SECONDS - since)) "$PLAIN"
  else
    printf '%s    failed after %d s (status %d)%s\n' "$RED" $((SECONDS - since)) "$rc" "$PLAIN"
  fi
  return "$rc"
}

# The server is asked alone, since its database may sit in the same group and stops after it; whoever is left
# after 20 seconds is ended.
stop_server() {
  local pid=$1
  kill -TERM "$pid" 2>/dev/null || return 0
  for _ in {1..450}; do # requests and jobs get 20 s each to finish
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# step TITLE COMMAND…: as attempt, but a failure ends the script.
step() { attempt "$@" || exit 1; }

# A loopback port that nobody listens on just now.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 20000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%d\n' "$port"
      return
    fi
  done
  die "No free port found on 127.0.0.1."
}

# http_status HOST PORT PATH: the status of a GET, 000 when nobody answers. Needs no curl.
http_status() (
  exec 2>/dev/null
  exec 3<>"/dev/tcp/$1/$2" || {
    printf '000\n'
    exit 0
  }
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$3" "$1" >&3
  read -r -t 5 _ status _ <&3 || status=000
  timeout 5 cat <&3 >/dev/null || true
  printf '%s\n' "${status:-000}"
)

# One number for the content of all files under the given paths (missing ones count as empty).
fingerprint() {
  { find "$@" -type f -print0 2>/dev/null || true; } | sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-16
}

# The version of a crate in Cargo.lock.
locked_version() {
  awk -v name="$1" '$1 == "name" && $3 == "\"" name "\"" { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}
