//! Every public page in both languages, and the frame around them.
#![cfg(feature = "ssr")]

mod visit;

use std::path::Path;
use std::sync::LazyLock;

use app::page::{Contrast, Head, Notice, Page, TextSize, Tone, Visitor, VisitorKind, document};
use app::pages::public::{
    design, error, home, line::ServiceLine, reading, search, service, services, start, topics,
};
use chrono::TimeDelta;
use domain::service::Catalogue;
use domain::text::Locale;
use visit::{body, has, hasnt, html, visit};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue");
    catalogue::load(&folder).expect("the catalogue has no fault")
});

/// Every page that shows the catalogue.
fn catalogue_pages(l: Locale) -> Vec<(Head, String)> {
    let catalogue = &*CATALOGUE;
    let lines: Vec<_> = catalogue.services.iter().map(|s| ServiceLine::of(catalogue, s, l)).collect();
    let found = search::SearchView { query: "이사".into(), results: lines, suggestions: vec![] };
    let mut pages = vec![
        (home::head(l), body(l, || home::view(home::HomeView::of(catalogue, l)))),
        (services::head(l), body(l, || services::view(services::ServicesView::of(catalogue, l)))),
        (search::head(&found, l), body(l, || search::view(found.clone()))),
    ];
    for service in &catalogue.services {
        let view = service::ServiceView::of(catalogue, service, l);
        pages.push((service::head(&view), body(l, || service::view(view.clone()))));
        let view = start::StartView::of(catalogue, service, l);
        pages.push((start::head(&view, l), body(l, || start::view(view.clone()))));
    }
    for kind in [topics::Kind::Category, topics::Kind::LifeEvent] {
        pages.push((topics::list_head(kind, l), body(l, || topics::list(kind, kind.topics(catalogue, l)))));
        for topic in kind.topics(catalogue, l) {
            let view = topics::TopicView::of(catalogue, kind, &topic.id, l).expect("it is in the list");
            pages.push((topics::head(&view), body(l, || topics::view(view.clone()))));
        }
    }
    pages
}

/// Every page that does not.
fn other_pages(l: Locale) -> Vec<(Head, String)> {
    let mut pages = vec![
        (design::head(l), body(l, design::view)),
        (reading::help_head(l), body(l, reading::help_view)),
        (reading::privacy_head(l), body(l, reading::privacy_view)),
        (reading::accessibility_head(l), body(l, reading::accessibility_view)),
        (reading::licences_head(l), body(l, reading::licences_view)),
    ];
    for status in [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 502, 503, 504] {
        let (head, view) = error::page(status, Some("reference-1".to_owned()), None, l);
        pages.push((head, body(l, view)));
    }
    pages
}

#[test]
fn every_page_has_one_heading_a_title_and_no_marks_of_the_renderer() {
    for l in Locale::ALL {
        for (head, page) in catalogue_pages(l).into_iter().chain(other_pages(l)) {
            assert!(!head.title.is_empty());
            assert!(!head.index || !head.description.is_empty(), "{} has no description", head.title);
            assert_eq!(page.matches("<h1>").count(), 1, "{}", head.title);
            hasnt(&page, "<!>");
            hasnt(&page, "<() />");
            hasnt(&page, " style=\"");
            hasnt(&page, "onclick");
        }
    }
}

#[test]
fn every_internal_link_keeps_the_language_of_the_address() {
    let page = Page { prefix: "/en", ..visit(Locale::En) };
    let page = html(page, Head::default(), || home::view(home::HomeView::of(&CATALOGUE, Locale::En)));
    for link in page.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
        assert!(link.starts_with("en/") || link.starts_with("assets/"), "/{link}");
    }
}

#[test]
fn a_search_shows_what_was_typed_as_text_and_stays_out_of_search_engines() {
    let view = search::SearchView { query: "<img src=x>".into(), ..search::SearchView::default() };
    let head = search::head(&view, Locale::En);
    assert!(!head.index);
    let page = html(visit(Locale::En), head, || search::view(view));
    hasnt(&page, "<img");
    has(&page, "<title>Results for “&lt;img src=x&gt;” - Madang</title>");
    has(&page, "We found no service for");
}

#[test]
fn a_service_says_what_is_fetched_from_whom_and_what_is_not_verified() {
    let service = CATALOGUE.services.first().expect("a service");
    let page = body(Locale::Ko, || service::view(service::ServiceView::of(&CATALOGUE, service, Locale::Ko)));
    for text in [
        "전입신고",
        "주민등록표 등본",
        "행정안전부",
        "확인 전",
        "주민등록법 제16조",
        "이의신청",
        "담당 공무원",
    ] {
        has(&page, text);
    }
    has(&page, "<table role=\"table\"");
    has(&page, "role=\"rowheader\"");
    has(&page, &format!("href=\"/services/{}/start\"", service.id.as_str()));
}

#[test]
fn a_fault_of_ours_shows_its_reference_and_a_way_on() {
    let (_, view) = error::page(500, Some("ref-42".to_owned()), None, Locale::En);
    let page = body(Locale::En, view);
    has(&page, "ref-42");
    has(&page, "Try again</a>");
    has(&page, "Go to the home page</a>");
}

#[test]
fn a_page_without_an_island_loads_no_script() {
    let plain = document(visit(Locale::En), Head::default(), reading::help_view);
    assert!(!plain.islands);
    hasnt(&plain.html, "<script");
    hasnt(&plain.html, "wasm");
    let design = document(visit(Locale::En), design::head(Locale::En), design::view);
    assert!(design.islands);
    has(&design.html, "<script type=\"module\" nonce=\"abc\" data-js=\"/assets/islands.js\"");
}

fn signed_in() -> Page {
    let page = visit(Locale::En);
    Page {
        visitor: Some(Visitor {
            name: "<b>Kim</b>".to_owned(),
            kind: VisitorKind::Citizen,
            session_ends: Some(page.now + TimeDelta::minutes(30)),
        }),
        ..page
    }
}

#[test]
fn who_is_signed_in_is_told_until_when_and_warned() {
    let document = document(signed_in(), Head::default(), reading::help_view);
    assert!(document.islands);
    let page = document.html;
    has(&page, "3:34pm");
    has(&page, "&quot;seconds_left&quot;:1800");
    has(&page, "action=\"/sign-out\"");
    hasnt(&page, "<b>Kim");
    hasnt(&page, "href=\"/sign-up\"");
}

#[test]
fn preferences_are_plain_forms_that_come_back_here() {
    let page = Page {
        prefix: "/ko",
        query: "q=a&b".to_owned(),
        contrast: Contrast::High,
        text_size: TextSize::Larger,
        ..visit(Locale::Ko)
    };
    let page = html(page, Head::default(), reading::help_view);
    has(&page, "<html lang=\"ko\" data-krds-mode=\"high-contrast\" data-text-size=\"larger\">");
    has(&page, "action=\"/ko/preferences/language\"");
    has(&page, "name=\"back\" value=\"/somewhere?q=a&amp;b\"");
    has(&page, "name=\"language\" value=\"en\" lang=\"en\"");
    has(&page, "name=\"contrast\" value=\"high\" aria-pressed=\"true\"");
}

#[test]
fn the_frame_has_a_skip_link_the_sandbox_mark_and_the_notice() {
    let page = Page {
        sandbox: true,
        notice: Some(Notice { tone: Tone::Success, text: "Saved <b>".to_owned() }),
        ..visit(Locale::En)
    };
    let page = html(page, Head::listed("Help", "d"), reading::help_view);
    has(&page, "href=\"#main\" class=\"skip\"");
    has(&page, "<main id=\"main\"");
    has(&page, "Sandbox</strong>");
    has(&page, "role=\"status\"");
    has(&page, "Saved &lt;b&gt;");
    has(&page, "<link rel=\"canonical\" href=\"https://madang.example/somewhere\">");
    has(&page, "hreflang=\"ko\" href=\"https://madang.example/ko/somewhere\"");
    hasnt(&page, "robots");
}
