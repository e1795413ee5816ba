//! Writes pages as files, to look at them without a server: `cargo run -p app --features ssr --example pages FOLDER`.

use std::path::{Path, PathBuf};

use app::page::{Assets, Contrast, Head, Notice, Page, TextSize, Tone, Visitor, VisitorKind, render};
use app::pages::public::design;
use chrono::{TimeDelta, TimeZone, Utc};
use domain::text::Locale;
use leptos::prelude::*;

struct Shown {
    name: &'static str,
    path: &'static str,
    head: Head,
    view: Box<dyn Fn() -> AnyView>,
}

fn shown(name: &'static str, path: &'static str, head: Head, view: impl Fn() -> AnyView + 'static) -> Shown {
    Shown { name, path, head, view: Box::new(view) }
}

fn pages(l: Locale) -> Vec<Shown> {
    vec![shown("design", "/design", design::head(l), || design::view().into_any())]
}

fn visit(locale: Locale, path: &str) -> Page {
    let assets = Box::leak(Box::new(Assets {
        style: "/style.css".to_owned(),
        islands_js: "/islands.js".to_owned(),
        islands_wasm: "/islands_bg.wasm".to_owned(),
    }));
    Page {
        locale,
        prefix: "",
        origin: "https://madang.example".to_owned(),
        path: path.to_owned(),
        query: String::new(),
        contrast: Contrast::Normal,
        text_size: TextSize::Normal,
        visitor: None,
        sandbox: true,
        nonce: "abc".to_owned(),
        assets,
        notice: None,
        now: Utc.with_ymd_and_hms(2026, 11, 22, 6, 4, 0).single().unwrap_or_default(),
    }
}

fn write(folder: &Path, name: &str, html: &str) -> std::io::Result<()> {
    std::fs::write(folder.join(format!("{name}.html")), html)
}

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).map_or_else(|| "pages".into(), Into::into);
    std::fs::create_dir_all(&folder)?;
    for l in Locale::ALL {
        for Shown { name, path, head, view } in pages(l) {
            let tag = l.tag();
            write(&folder, &format!("{name}.{tag}"), &render(visit(l, path), head.clone(), &view))?;
            let mut page = visit(l, path);
            page.contrast = Contrast::High;
            page.text_size = TextSize::Larger;
            page.notice = Some(Notice { tone: Tone::Success, text: "저장했습니다. Saved.".to_owned() });
            page.visitor = Some(Visitor {
                name: "김마당".to_owned(),
                kind: VisitorKind::Citizen,
                session_ends: Some(page.now + TimeDelta::seconds(150)),
            });
            write(&folder, &format!("{name}.{tag}.high"), &render(page, head, &view))?;
        }
    }
    Ok(())
}
