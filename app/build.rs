//! Turns the words of `locales/` into one function each.

#[path = "build/words.rs"]
mod words;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build/words.rs");
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folder this way")]
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    match words::read(Path::new("locales")).and_then(|areas| words::generate(&areas)) {
        Ok(code) => {
            std::fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR can be written");
        }
        Err(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
        }
    }
}
