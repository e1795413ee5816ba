#!/usr/bin/env bash
# What a pull from an agency costs: see bench/README.md.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh

cargo run --release -p agencies --example pulls
