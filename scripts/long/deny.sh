#!/usr/bin/env bash
# Licences, sources and banned crates, by deny.toml.
# shellcheck source=scripts/lib/base.sh
. "$(dirname "$(readlink -f "$0")")/../lib/base.sh"
# shellcheck source=scripts/lib/setup.sh
. scripts/lib/setup.sh

ensure_tool cargo-deny cargo-deny 0.20.2 --no-default-features
cargo deny --workspace --all-features check bans licenses sources
