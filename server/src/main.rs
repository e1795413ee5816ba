//! The portal's binary.

use std::process::ExitCode;

/// Gives back the memory that hashing a password takes (19 MiB each); glibc's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
