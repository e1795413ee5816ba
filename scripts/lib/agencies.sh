# shellcheck shell=bash
# The agencies of the sandbox: registers of people who do not exist, and a gateway in front of each. See docs/sandbox.md.
# Source it after base.sh and account.sh.

AGENCIES_PEOPLE=10000
AGENCIES_PORT=${AGENCIES_PORT:-4711}
# The gateways that run, and where they answer: one port for each.
GATEWAYS=()
GATEWAY_PORTS=()

# Only the sandbox has agencies of its own, and only where nobody named others.
wants_agencies() {
  [[ $MADANG_MODE == sandbox && -z ${MADANG_AGENCIES:-} ]] || return 1
  ! grep -q "^ *agencies *=" "${MADANG_CONFIG:-$ROOT/madang.toml}" 2>/dev/null
}

# Makes the registers, when they are missing or were made by another version, and starts the gateways; they get ready
# while the server does. Names them to the server.
start_agencies() {
  local folder=$MADANG_DATA/sandbox config port
  # The server's database lies in the same folder: nobody else looks into it.
  "${AS_ACCOUNT[@]}" mkdir -p -m 700 "$MADANG_DATA"
  start_child "${AS_ACCOUNT[@]}" "$GATEWAY" seed --people "$AGENCIES_PEOPLE" --folder "$folder" --port "$AGENCIES_PORT" \
    --catalogue "$MADANG_CATALOGUE" --if-needed >/dev/null
  wait_child || die "The agencies of the sandbox could not be made."
  for config in "$folder"/*/gateway.toml; do
    port=$(sed -n 's/^listen = ".*:\([0-9]*\)"$/\1/p' "$config")
    # The account itself opens the log: what lies in its folder is its own.
    # shellcheck disable=SC2016 # for the shell that is started
    start_child "${AS_ACCOUNT[@]}" sh -c 'exec "$0" --config "$1" serve >"${1%.toml}.log" 2>&1' "$GATEWAY" "$config"
    GATEWAYS+=("$CHILD")
    GATEWAY_PORTS+=("$port")
  done
  CHILD=
  export MADANG_AGENCIES=$folder/agencies.toml
}

# gateway_answers PID PORT: within three seconds, and unless it has ended.
gateway_answers() {
  local pid=$1 port=$2
  for _ in {1..30}; do
    kill -0 "$pid" 2>/dev/null || return 1
    [[ $(http_status 127.0.0.1 "$port" /health/ready) != 200 ]] || return 0
    sleep 0.1
  done
  return 1
}

# How many gateways answer; whose does not, is said.
tell_agencies() {
  local place answering=0 folder=$MADANG_DATA/sandbox
  for place in "${!GATEWAYS[@]}"; do
    if gateway_answers "${GATEWAYS[$place]}" "${GATEWAY_PORTS[$place]}"; then
      answering=$((answering + 1))
    else
      say "The agency at 127.0.0.1:${GATEWAY_PORTS[$place]} does not answer; is the port taken? AGENCIES_PORT chooses others." \
        "Its log is one of $folder/*/gateway.log."
    fi
  done
  say "" "Agencies that answer: $answering. People who live there, to verify as (name, number):" ""
  "${AS_ACCOUNT[@]}" cat "$folder/people.txt"
}

stop_agencies() {
  local pid
  for pid in "${GATEWAYS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${GATEWAYS[@]}"; do wait "$pid" 2>/dev/null || true; done
  GATEWAYS=()
}
