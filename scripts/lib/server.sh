# shellcheck shell=bash
# The release build on a free port, in sandbox mode, with an empty database in a cluster to throw away.
# Source it after base.sh, setup.sh and cluster.sh; start_server sets SERVER (its pid) and URL; it is stopped at exit.

SERVER=
URL=

start_server() {
  local port
  step "Building the server" env -u RUSTFLAGS cargo build --release -p server
  start_cluster
  serving_database portal
  port=$(free_port)
  export URL=http://127.0.0.1:$port
  MADANG_MODE=sandbox MADANG_LISTEN=127.0.0.1:$port MADANG_DATA=$CLUSTER/portal \
    start_child setpriv --pdeathsig TERM -- "$TARGET/release/madang" serve >"$CLUSTER.server.log" 2>&1
  SERVER=$CHILD
  for _ in {1..300}; do
    [[ $(http_status 127.0.0.1 "$port" /health/ready) == 200 ]] && return
    kill -0 "$SERVER" 2>/dev/null || break
    sleep 0.1
  done
  tail -20 "$CLUSTER.server.log" >&2
  die "The server did not become ready."
}

end_server() {
  [[ -z $SERVER ]] || stop_server "$SERVER"
  SERVER='' CHILD=''
  rm -f "$CLUSTER.server.log"
  stop_cluster
}
trap end_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
