//! Writes pages as files, to look at them without a server: `cargo run -p app --features ssr --example pages FOLDER`.

use std::path::{Path, PathBuf};

use app::page::{Assets, Contrast, Head, Notice, Page, TextSize, Tone, Visitor, VisitorKind, render};
use app::pages::public::{
    design, error, home, line::ServiceLine, reading, search, service, services, start, topics,
};
use chrono::{TimeDelta, TimeZone, Utc};
use domain::service::Catalogue;
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

fn pages(catalogue: &Catalogue, l: Locale) -> Vec<Shown> {
    let mut pages = vec![
        shown("design", "/design", design::head(l), || design::view().into_any()),
        shown("help", "/help", reading::help_head(l), || reading::help_view().into_any()),
        shown("privacy", "/privacy", reading::privacy_head(l), || reading::privacy_view().into_any()),
        shown("accessibility", "/accessibility", reading::accessibility_head(l), || {
            reading::accessibility_view().into_any()
        }),
        shown("licences", "/licences", reading::licences_head(l), || reading::licences_view().into_any()),
    ];
    for (name, status) in [
        ("error-404", 404),
        ("error-403", 403),
        ("error-413", 413),
        ("error-429", 429),
        ("error-500", 500),
        ("error-503", 503),
    ] {
        let reference = (status == 500).then(|| "0199d7f0-3a5c-7c21".to_owned());
        let (head, view) = error::page(status, reference, None, l);
        pages.push(shown(name, "/nowhere", head, move || view().into_any()));
    }
    pages.extend(catalogue_pages(catalogue, l));
    pages
}

fn catalogue_pages(catalogue: &Catalogue, l: Locale) -> Vec<Shown> {
    let first = home::HomeView::of(catalogue, l);
    let all = services::ServicesView::of(catalogue, l);
    let lines: Vec<ServiceLine> =
        catalogue.services.iter().map(|service| ServiceLine::of(catalogue, service, l)).collect();
    let found =
        search::SearchView { query: "이사".to_owned(), results: lines.clone(), suggestions: vec![] };
    let none = search::SearchView { query: "<b>없음</b>".to_owned(), results: vec![], suggestions: lines };
    let mut pages = vec![
        shown("home", "/", home::head(l), move || home::view(first.clone()).into_any()),
        shown("services", "/services", services::head(l), move || services::view(all.clone()).into_any()),
        shown("search", "/search", search::head(&found, l), move || search::view(found.clone()).into_any()),
        shown("search-none", "/search", search::head(&none, l), move || {
            search::view(none.clone()).into_any()
        }),
    ];
    for (name, kind) in [("categories", topics::Kind::Category), ("life-events", topics::Kind::LifeEvent)] {
        let list = kind.topics(catalogue, l);
        let one = topics::TopicView::of(catalogue, kind, &list[0].id, l).expect("a topic of the list");
        pages.push(shown(name, "/topics", topics::list_head(kind, l), move || {
            topics::list(kind, list.clone()).into_any()
        }));
        let name = if kind == topics::Kind::Category { "category" } else { "life-event" };
        pages
            .push(shown(name, "/topics/x", topics::head(&one), move || topics::view(one.clone()).into_any()));
    }
    for service in catalogue.services.iter().take(3) {
        let name = Box::leak(format!("service-{}", service.id.as_str()).into_boxed_str());
        let view = service::ServiceView::of(catalogue, service, l);
        pages.push(shown(name, "/services/x", service::head(&view), move || {
            service::view(view.clone()).into_any()
        }));
    }
    let start = start::StartView::of(catalogue, &catalogue.services[0], l);
    pages.push(shown("start", "/services/x/start", start::head(&start, l), move || {
        start::view(start.clone()).into_any()
    }));
    pages
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
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue");
    let catalogue =
        catalogue::load(&source).map_err(|faults| std::io::Error::other(format!("{faults:?}")))?;
    for l in Locale::ALL {
        for Shown { name, path, head, view } in pages(&catalogue, l) {
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
