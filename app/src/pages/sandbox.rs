//! What only the sandbox has: the mailbox of messages that were not sent.

use chrono::{DateTime, Utc};
use domain::text::Locale;
use leptos::prelude::*;

use crate::page::{Head, locale};
use crate::ui::{DateTime as When, Empty};
use crate::words::sandbox as words;

/// A message that was kept.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// Where it would have gone.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::title(l))
}

/// The mailbox, the newest first.
pub fn messages(messages: Vec<MessageView>) -> impl IntoView {
    let l = locale();
    let content = if messages.is_empty() {
        view! {
            <Empty title=words::empty(l)>
                <p>{words::empty_text(l)}</p>
            </Empty>
        }
        .into_any()
    } else {
        messages.into_iter().map(message).collect_view().into_any()
    };
    view! {
        <div class="column">
            <h1>{words::title(l)}</h1>
            <p>{words::lead(l)}</p>
            {content}
        </div>
    }
}

fn message(message: MessageView) -> impl IntoView {
    let l = locale();
    view! {
        <article class="message">
            <h2>{message.subject}</h2>
            <p class="message-meta">
                {words::to(l, &message.to)} " · " <When at=message.at />
            </p>
            <div class="message-body">{lines(&message.body)}</div>
        </article>
    }
}

/// Paragraphs, with addresses as links that lead to this portal.
fn lines(body: &str) -> impl IntoView + use<> {
    body.lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line = line.to_owned();
            if line.starts_with("http://") || line.starts_with("https://") {
                view! {
                    <p>
                        <a href=line.clone()>{line.clone()}</a>
                    </p>
                }
                .into_any()
            } else {
                view! { <p>{line}</p> }.into_any()
            }
        })
        .collect_view()
}
