//! The footer.

use leptos::prelude::*;

use super::header::logo;
use crate::page::{Page, href};
use crate::words::shell as words;

/// The footer.
pub(super) fn draw(page: &Page) -> AnyView {
    let l = page.locale;
    let links = [
        ("/help", words::help(l)),
        ("/privacy", words::privacy(l)),
        ("/accessibility", words::accessibility(l)),
        ("/licences", words::licences(l)),
    ]
    .into_iter()
    .map(|(path, name)| {
        view! {
            <li>
                <a href=href(path)>{name}</a>
            </li>
        }
    })
    .collect_view();
    view! {
        <footer class="footer">
            <div class="frame">
                <p class="footer-brand">{logo()} <span>{words::portal(l)}</span></p>
                <p>{words::footer_text(l)}</p>
                <ul class="footer-links">{links}</ul>
                <p class="footer-small">{words::credits(l)}</p>
            </div>
        </footer>
    }
    .into_any()
}
