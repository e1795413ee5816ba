//! The islands, as wasm.

extern crate app;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the islands ready; the page then wakes each of them.
#[wasm_bindgen]
pub fn hydrate() {
    app::hydrate_islands();
}
