#!/usr/bin/env bash
# How long the server needs for a page: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh
# shellcheck source=scripts/lib/cluster.sh
. scripts/lib/cluster.sh
# shellcheck source=scripts/lib/server.sh
. scripts/lib/server.sh

start_server
node bench/pages.mjs "$URL"
