//! Lists: of answers, of cards, of links, and text that opens.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Icon, Picture};
use crate::page::{href, locale};
use crate::words;

/// A heading of a level that is not known beforehand.
pub(super) fn heading(level: u8, title: String) -> AnyView {
    match level {
        1 => view! { <h1>{title}</h1> }.into_any(),
        2 => view! { <h2>{title}</h2> }.into_any(),
        _ => view! { <h3>{title}</h3> }.into_any(),
    }
}

/// One answer in a [`SummaryList`].
pub struct SummaryRow {
    term: String,
    value: AnyView,
    change: Option<String>,
}

impl SummaryRow {
    /// An answer that cannot be changed here.
    pub fn new(term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self { term: term.into(), value: value.into_view().into_any(), change: None }
    }

    /// The same answer with a link to where it can be changed.
    #[must_use]
    pub fn change(mut self, path: impl Into<String>) -> Self {
        self.change = Some(path.into());
        self
    }
}

/// Questions and their answers.
#[component]
pub fn SummaryList(
    /// The answers.
    rows: Vec<SummaryRow>,
) -> impl IntoView {
    let l = locale();
    let rows = rows
        .into_iter()
        .map(|row| {
            let change = row.change.map(|path| {
                view! {
                    <dd class="summary-change">
                        <a href=href(&path)>
                            {words::ui::change(l)} <span class="sr-only">{format!(" {}", row.term)}</span>
                        </a>
                    </dd>
                }
            });
            view! {
                <div class="summary-row">
                    <dt>{row.term.clone()}</dt>
                    <dd>{row.value}</dd>
                    {change}
                </div>
            }
        })
        .collect_view();
    view! { <dl class="summary">{rows}</dl> }
}

/// A link with a picture and a sentence.
#[derive(Clone, Debug)]
pub struct Card {
    /// The path, without the language.
    pub to: String,
    /// The words of the link.
    pub title: String,
    /// A sentence below it; may be empty.
    pub text: String,
    /// Small words above or below it, such as the agency; may be empty.
    pub note: String,
    /// The picture.
    pub picture: Option<Picture>,
}

impl Card {
    /// A card with nothing but a link.
    pub fn new(to: impl Into<String>, title: impl Into<String>) -> Self {
        Self { to: to.into(), title: title.into(), text: String::new(), note: String::new(), picture: None }
    }

    /// The same card with a sentence.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// The same card with small words.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The same card with a picture.
    #[must_use]
    pub fn picture(mut self, picture: Picture) -> Self {
        self.picture = Some(picture);
        self
    }
}

/// Cards side by side. The whole card can be pressed; only its title is the link.
#[component]
pub fn CardList(
    /// The cards.
    cards: Vec<Card>,
    /// Small cards with a picture, several in a row even on a phone.
    #[prop(optional)]
    tiles: bool,
    /// The level of the titles as headings; plain text when 0.
    #[prop(optional)]
    level: u8,
) -> impl IntoView {
    let cards = cards
        .into_iter()
        .map(|card| {
            let picture = card.picture.map(|picture| {
                view! {
                    <span class="card-picture">
                        <Icon picture />
                    </span>
                }
            });
            let link = view! {
                <a class="card-link" href=href(&card.to)>
                    {card.title}
                </a>
            };
            let title = match level {
                2 => view! { <h2 class="card-title">{link}</h2> }.into_any(),
                3 => view! { <h3 class="card-title">{link}</h3> }.into_any(),
                _ => view! { <p class="card-title">{link}</p> }.into_any(),
            };
            let text = (!card.text.is_empty()).then(|| view! { <p class="card-text">{card.text}</p> });
            let note = (!card.note.is_empty()).then(|| view! { <p class="card-note">{card.note}</p> });
            view! { <li class="card">{picture} <div class="card-body">{title} {text} {note}</div></li> }
        })
        .collect_view();
    view! { <ul class=if tiles { "cards cards-tiles" } else { "cards" }>{cards}</ul> }
}

/// Links below each other, each with a sentence perhaps.
#[component]
pub fn LinkList(
    /// Path without the language, words, sentence (may be empty).
    links: Vec<(String, String, String)>,
) -> impl IntoView {
    let links = links
        .into_iter()
        .map(|(to, words, text)| {
            let text = if text.is_empty() {
                Either::Left(())
            } else {
                Either::Right(view! { <span class="link-text">{text}</span> })
            };
            view! {
                <li>
                    <a href=href(&to)>{words}</a>
                    {text}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="link-list">{links}</ul> }
}

/// Text that opens when its heading is pressed.
#[component]
pub fn Details(
    /// What is always shown.
    #[prop(into)]
    summary: String,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// What opens.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="details" open=open>
            <summary>
                <span class="details-sign">
                    <Icon picture=Picture::ChevronRight />
                </span>
                <span>{summary}</span>
            </summary>
            <div class="details-body">{children()}</div>
        </details>
    }
}
