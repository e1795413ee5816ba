//! The binary `madang-gateway`.

use std::process::ExitCode;

fn main() -> ExitCode {
    gateway::cli::run()
}
