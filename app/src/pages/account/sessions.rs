//! The devices that are signed in.

use chrono::{DateTime, Utc};
use domain::text::Locale;
use leptos::prelude::*;

use crate::page::{Head, locale};
use crate::ui::{Badge, Button, ButtonTone, Column, DateTime as When, PostForm, Table};
use crate::words::account::sessions as words;

/// One session.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// By which it is ended.
    pub handle: String,
    /// What the browser said it was.
    pub device: String,
    /// When it began.
    pub since: DateTime<Utc>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// Whether it is this one.
    pub present: bool,
}

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::title(l))
}

/// The page.
pub fn page(sessions: Vec<SessionView>) -> impl IntoView {
    let l = locale();
    super::below_account();
    let columns = vec![
        Column::text(words::device(l)),
        Column::text(words::since(l)),
        Column::text(words::seen(l)),
        Column::text(words::action(l)),
    ];
    let rows = sessions.into_iter().map(|session| row(session, l)).collect();
    view! {
        <h1>{words::title(l)}</h1>
        <p>{words::lead(l)}</p>
        <Table caption=words::caption(l) columns=columns rows=rows />
        <PostForm action="/account/sessions/end-all">
            <Button tone=ButtonTone::Secondary>{words::end_all(l)}</Button>
        </PostForm>
    }
}

fn row(session: SessionView, l: Locale) -> Vec<AnyView> {
    let device = if session.device.is_empty() { words::unknown(l).to_owned() } else { session.device };
    let action = if session.present {
        view! { <Badge text=words::present(l) /> }.into_any()
    } else {
        let device = device.clone();
        view! {
            <PostForm action="/account/sessions/end" hidden=vec![("session".to_owned(), session.handle)]>
                <Button tone=ButtonTone::Tertiary>
                    {words::end(l)} <span class="sr-only">{format!(" {device}")}</span>
                </Button>
            </PostForm>
        }
        .into_any()
    };
    vec![
        device.into_any(),
        view! { <When at=session.since /> }.into_any(),
        view! { <When at=session.seen /> }.into_any(),
        action,
    ]
}
