#!/usr/bin/env bash
# What a pull from an agency costs the portal: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh
# shellcheck source=scripts/lib/cluster.sh
. scripts/lib/cluster.sh

cargo build --release -p server --example pulls
trap stop_cluster EXIT
start_cluster durable
"$TARGET/release/examples/pulls" "$POSTGRES"
