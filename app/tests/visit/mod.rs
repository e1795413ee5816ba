//! A visit without a server, and questions to the page it gets.

use std::sync::LazyLock;

use app::page::{Assets, Contrast, Head, Page, TextSize, render};
use chrono::{TimeZone, Utc};
use domain::text::Locale;
use leptos::prelude::*;

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: "/assets/style.css".to_owned(),
    islands_js: "/assets/islands.js".to_owned(),
    islands_wasm: "/assets/islands.wasm".to_owned(),
});

/// Somebody who is not signed in, on `/somewhere`.
pub fn visit(locale: Locale) -> Page {
    Page {
        locale,
        prefix: "",
        origin: "https://madang.example".to_owned(),
        path: "/somewhere".to_owned(),
        query: String::new(),
        contrast: Contrast::Normal,
        text_size: TextSize::Normal,
        visitor: None,
        sandbox: false,
        nonce: "abc".to_owned(),
        assets: &ASSETS,
        notice: None,
        now: Utc.with_ymd_and_hms(2026, 11, 22, 6, 4, 0).single().unwrap_or_default(),
    }
}

/// The whole document.
pub fn html<V: IntoView>(page: Page, head: Head, view: impl FnOnce() -> V) -> String {
    render(page, head, view)
}

/// The document of a view whose head does not matter.
pub fn body<V: IntoView>(locale: Locale, view: impl FnOnce() -> V) -> String {
    html(visit(locale), Head::default(), view)
}

/// Fails unless the page contains `text`.
#[track_caller]
pub fn has(page: &str, text: &str) {
    assert!(page.contains(text), "{text}\nis not in\n{page}");
}

/// Fails if the page contains `text`.
#[track_caller]
pub fn hasnt(page: &str, text: &str) {
    assert!(!page.contains(text), "{text}\nis in\n{page}");
}
