//! The frame of every page: the head of the document, header, footer and what lies between them.

mod footer;
mod head;
mod header;
mod preferences;

use leptos::prelude::*;

use crate::page::{Page, tell};
use crate::ui::{Crumb, Notice, draw_trail};
use crate::words;

pub(crate) use head::{Outline, document};

/// The body of the page.
pub(crate) fn body(page: &Page, crumbs: Vec<Crumb>, content: AnyView) -> AnyView {
    let l = page.locale;
    let notice = page.notice.clone().map(|notice| {
        view! {
            <Notice tone=notice.tone fresh=true>
                <p>{notice.text}</p>
            </Notice>
        }
    });
    let ends = header::session_warning(page);
    if ends.is_some() {
        tell(|told| told.islands = true);
    }
    view! {
        <body>
            <a class="skip" href="#main">
                {words::shell::skip(l)}
            </a>
            {header::draw(page)}
            <div class="frame middle">
                {draw_trail(crumbs)}
                <main id="main" tabindex="-1">
                    {notice}
                    {content}
                </main>
            </div>
            {footer::draw(page)}
            {ends}
        </body>
    }
    .into_any()
}
