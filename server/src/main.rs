//! The portal's binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
