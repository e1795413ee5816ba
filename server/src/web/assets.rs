//! Style, scripts and pictures, from memory, under names that change with their content.

use std::sync::LazyLock;

use app::page::Assets;
use axum::Router;
use memory_serve::CacheControl;

use crate::state::Portal;

include!(concat!(env!("OUT_DIR"), "/asset_names.rs"));

static NAMES: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: format!("/assets/{STYLE}"),
    islands_js: format!("/assets/{ISLANDS_JS}"),
    islands_wasm: format!("/assets/{ISLANDS_WASM}"),
});

/// The addresses that pages refer to.
pub fn names() -> &'static Assets {
    &NAMES
}

/// Serves them, to be nested under `/assets`.
pub fn router() -> Router<Portal> {
    memory_serve::load!().index_file(None).cache_control(CacheControl::Long).into_router()
}
