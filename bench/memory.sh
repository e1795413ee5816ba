#!/usr/bin/env bash
# Resident memory of the portal when nobody asks it anything: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh
# shellcheck source=scripts/lib/cluster.sh
. scripts/lib/cluster.sh
# shellcheck source=scripts/lib/server.sh
. scripts/lib/server.sh

LIMIT_MB=60
resident_kb() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$SERVER/status"; }

start_server
sleep 10
idle=$(resident_kb)
# What it keeps after some work is what an operator sees on the second day.
for path in /ko /en /ko/services /ko/services/passport; do
  for _ in {1..50}; do http_status 127.0.0.1 "${URL##*:}" "$path" >/dev/null; done
done
sleep 5
after=$(resident_kb)
say "| moment | resident MB |" "| --- | --- |" "| 10 s after start | $((idle / 1024)) |" "| after 200 pages | $((after / 1024)) |"
((idle <= LIMIT_MB * 1024)) || die "More than $LIMIT_MB MB."
