# shellcheck shell=bash
# A PostgreSQL cluster to throw away: private folder, free port on loopback, nothing written to be kept.
# Source it after base.sh and setup.sh; call start_cluster, and stop_cluster at the end. `start_cluster durable` writes
# as in production, for what is measured.

CLUSTER=
POSTGRES=

# Words before a command that runs under an account PostgreSQL accepts (it refuses root).
AS_POSTGRES=(setpriv --pdeathsig INT --)
((EUID != 0)) || AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig INT --)

start_cluster() {
  [[ -z $CLUSTER ]] || return 0
  local bin port
  local -a hasty=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
  [[ ${1:-} != durable ]] || hasty=()
  bin=$(postgres_bin) || die "PostgreSQL is not installed."
  port=$(free_port)
  CLUSTER=$(mktemp -d "${TMPDIR:-/tmp}/madang-test.XXXXXX")
  ((EUID != 0)) || chown postgres: "$CLUSTER"
  (
    cd "$CLUSTER" || exit 1
    "${AS_POSTGRES[@]}" "$bin/initdb" -D "$CLUSTER/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
      >"$CLUSTER.initdb.log" 2>&1 || { cat "$CLUSTER.initdb.log" >&2 && exit 1; }
    rm "$CLUSTER.initdb.log"
  )
  # exec, so that $! is the postmaster itself.
  (
    cd "$CLUSTER" || exit 1
    exec "${AS_POSTGRES[@]}" "$bin/postgres" -D "$CLUSTER/data" -p "$port" -k "$CLUSTER" -c listen_addresses=127.0.0.1 \
      "${hasty[@]}" -c max_connections=200 \
      >"$CLUSTER.log" 2>&1
  ) &
  POSTGRES=$!
  for _ in {1..100}; do
    "$bin/pg_isready" -q -h "$CLUSTER" -p "$port" && break
    kill -0 "$POSTGRES" 2>/dev/null || { cat "$CLUSTER.log" >&2 && die "PostgreSQL did not start."; }
    sleep 0.1
  done
  export PGHOST=127.0.0.1 PGPORT=$port PGUSER=postgres
  export DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

# new_database NAME: makes it empty and points DATABASE_URL at it.
new_database() {
  local bin
  bin=$(postgres_bin)
  "$bin/dropdb" --if-exists --force "$1" 2>/dev/null
  "$bin/createdb" "$1"
  export DATABASE_URL=postgres://postgres@$PGHOST:$PGPORT/$1
}

# serving_database NAME: the same, but DATABASE_URL signs in as one who may only read and write rows, as in
# production; MADANG_MIGRATE_URL as the owner.
serving_database() {
  new_database "$1"
  "$(postgres_bin)/psql" -q -v ON_ERROR_STOP=1 -d "$1" <<'SQL'
do $$ begin
  if not exists (select from pg_roles where rolname = 'madang_server') then create role madang_server nologin; end if;
  if not exists (select from pg_roles where rolname = 'portal') then create role portal login in role madang_server; end if;
end $$;
SQL
  export MADANG_MIGRATE_URL=$DATABASE_URL
  export DATABASE_URL=postgres://portal@$PGHOST:$PGPORT/$1
}

stop_cluster() {
  [[ -n $CLUSTER ]] || return 0
  if [[ -n $POSTGRES ]]; then
    # INT asks for a fast shutdown: it does not wait for clients.
    kill -INT "$POSTGRES" 2>/dev/null || true
    wait "$POSTGRES" 2>/dev/null || true
  fi
  rm -rf "$CLUSTER" "$CLUSTER.log"
  CLUSTER='' POSTGRES=''
}
