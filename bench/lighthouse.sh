#!/usr/bin/env bash
# What Lighthouse thinks of the pages: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh
# shellcheck source=scripts/lib/cluster.sh
. scripts/lib/cluster.sh
# shellcheck source=scripts/lib/server.sh
. scripts/lib/server.sh

ensure_node_for_tests
ensure_npm_for_lighthouse
CHROME_PATH=$(chromium_bin)
export CHROME_PATH
start_server
node bench/lighthouse.mjs "$URL"
