//! Pages to read: help, privacy, accessibility, licences.

use domain::text::Locale;
use leptos::prelude::*;

use crate::page::{Head, href, locale};
use crate::ui::trail;
use crate::words::public::{accessibility, help, licences, privacy};

/// Headings, each with its text.
type Parts = Vec<(&'static str, AnyView)>;

fn article(title: &'static str, lead: &'static str, parts: Parts) -> AnyView {
    trail([]);
    let parts = parts
        .into_iter()
        .map(|(title, text)| {
            view! {
                <h2>{title}</h2>
                {text}
            }
        })
        .collect_view();
    view! {
        <article class="prose">
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            {parts}
        </article>
    }
    .into_any()
}

fn text(text: &'static str) -> AnyView {
    view! { <p>{text}</p> }.into_any()
}

/// The head of the help page.
pub fn help_head(l: Locale) -> Head {
    Head::listed(help::title(l), help::description(l))
}

/// How to use the portal.
pub fn help_view() -> impl IntoView {
    use help as words;
    let l = locale();
    let password = view! {
        <p>{words::password_text(l)}</p>
        <p>
            <a href=href("/reset")>{words::password_link(l)}</a>
        </p>
    };
    article(
        words::title(l),
        words::description(l),
        vec![
            (words::find(l), text(words::find_text(l))),
            (words::account(l), text(words::account_text(l))),
            (words::password(l), password.into_any()),
            (words::consent(l), text(words::consent_text(l))),
            (words::display(l), text(words::display_text(l))),
            (words::session(l), text(words::session_text(l))),
        ],
    )
}

/// The head of the page on personal data.
pub fn privacy_head(l: Locale) -> Head {
    Head::listed(privacy::title(l), privacy::description(l))
}

/// What is kept, why, and who sees it.
pub fn privacy_view() -> impl IntoView {
    use privacy as words;
    let l = locale();
    article(
        words::title(l),
        words::description(l),
        vec![
            (words::kept(l), text(words::kept_text(l))),
            (words::why(l), text(words::why_text(l))),
            (words::records(l), text(words::records_text(l))),
            (words::cookies(l), text(words::cookies_text(l))),
            (words::rights(l), text(words::rights_text(l))),
            (words::sandbox(l), text(words::sandbox_text(l))),
        ],
    )
}

/// The head of the accessibility statement.
pub fn accessibility_head(l: Locale) -> Head {
    Head::listed(accessibility::title(l), accessibility::description(l))
}

/// The accessibility statement.
pub fn accessibility_view() -> impl IntoView {
    use accessibility as words;
    let l = locale();
    let how = [
        words::how_keyboard(l),
        words::how_script(l),
        words::how_zoom(l),
        words::how_colour(l),
        words::how_error(l),
    ]
    .map(|line| view! { <li>{line}</li> })
    .into_iter()
    .collect_view();
    article(
        words::title(l),
        words::description(l),
        vec![
            (words::goal(l), text(words::goal_text(l))),
            (words::how(l), view! { <ul>{how}</ul> }.into_any()),
            (words::checked(l), text(words::checked_text(l))),
            (words::tell(l), text(words::tell_text(l))),
        ],
    )
}

/// The head of the page on licences.
pub fn licences_head(l: Locale) -> Head {
    Head::listed(licences::title(l), licences::description(l))
}

/// Under which terms all this may be used.
pub fn licences_view() -> impl IntoView {
    use licences as words;
    let l = locale();
    article(
        words::title(l),
        words::description(l),
        vec![
            (words::software(l), text(words::software_text(l))),
            (words::krds(l), text(words::krds_text(l))),
            (words::font(l), text(words::font_text(l))),
            (words::pictures(l), text(words::pictures_text(l))),
        ],
    )
}
