#!/usr/bin/env bash
# How long ./run takes to ready when everything is built: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"

LIMIT_S=5
port=$(free_port)
# Not the data of whoever works here; the account of ./run must get at it.
folder=$(mktemp -d)
chmod 755 "$folder"
log=$folder/log
trap '[[ -z $CHILD ]] || { kill -TERM "$CHILD"; wait "$CHILD" || true; }; rm -rf "$folder"' EXIT
unset DATABASE_URL MADANG_MIGRATE_URL
export MADANG_DATA=$folder/data

# start_and_stop: sets TOOK to the milliseconds until the server said it is ready.
start_and_stop() {
  local from
  from=$(date +%s%N)
  MADANG_LISTEN=127.0.0.1:$port start_child ./run >"$log" 2>&1
  until [[ $(http_status 127.0.0.1 "$port" /health/ready) == 200 ]]; do
    kill -0 "$CHILD" 2>/dev/null || { cat "$log" >&2 && die "./run ended."; }
    sleep 0.05
  done
  TOOK=$((($(date +%s%N) - from) / 1000000))
  kill -TERM "$CHILD"
  wait "$CHILD" || true
  CHILD=
}

start_and_stop # builds, if there is something to build
for run in 1 2 3; do
  start_and_stop
  say "start $run: $TOOK ms"
  ((TOOK <= LIMIT_S * 1000)) || die "More than $LIMIT_S s."
done
