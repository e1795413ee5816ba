//! Embeds `dist/` and tells the pages the hashed names in it.

use std::{env, fs, path::Path};

#[expect(clippy::disallowed_methods, reason = "cargo talks to build scripts by variables")]
fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    fs::create_dir_all(&dist).expect("dist/ can be made");
    let manifest = dist.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let names: serde_json::Value = fs::read_to_string(&manifest)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let name = |key: &str| names[key].as_str().unwrap_or("missing").to_owned();
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("asset_names.rs");
    let code = format!(
        "pub(super) const STYLE: &str = {:?};\npub(super) const ISLANDS_JS: &str = {:?};\npub(super) const ISLANDS_WASM: &str = {:?};\n",
        name("style"),
        name("islands_js"),
        name("islands_wasm"),
    );
    fs::write(out, code).expect("OUT_DIR can be written");
    memory_serve::load_directory("../dist");
}
