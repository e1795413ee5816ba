//! Things said to the reader: notices, marks, confirmations, progress, and that there is nothing.

use leptos::either::Either;
use leptos::prelude::*;

use super::list::heading;
use super::{Icon, Picture};
use crate::page::{Tone, locale};
use crate::words;

pub(super) const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Info => "tone-info",
        Tone::Success => "tone-success",
        Tone::Warning => "tone-warning",
        Tone::Danger => "tone-danger",
    }
}

const fn tone_picture(tone: Tone) -> Picture {
    match tone {
        Tone::Info => Picture::Info,
        Tone::Success => Picture::Check,
        Tone::Warning => Picture::Warning,
        Tone::Danger => Picture::Danger,
    }
}

fn tone_word(tone: Tone) -> &'static str {
    let l = locale();
    match tone {
        Tone::Info => words::ui::tone::info(l),
        Tone::Success => words::ui::tone::success(l),
        Tone::Warning => words::ui::tone::warning(l),
        Tone::Danger => words::ui::tone::danger(l),
    }
}

/// A box that says something important. Its tone is told by colour, picture and a hidden word.
#[component]
pub fn Notice(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// A heading; none when empty.
    #[prop(optional, into)]
    title: String,
    /// Whether it answers an action that just happened, so that screen readers say it first.
    #[prop(optional)]
    fresh: bool,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let role = fresh.then_some(if tone == Tone::Danger { "alert" } else { "status" });
    let said = format!("{}: ", tone_word(tone));
    let title = if title.is_empty() {
        Either::Left(view! { <span class="sr-only">{said}</span> })
    } else {
        Either::Right(view! {
            <p class="notice-title">
                <span class="sr-only">{said}</span>
                <span>{title}</span>
            </p>
        })
    };
    view! {
        <div class=format!("notice {}", tone_class(tone)) role=role>
            <Icon picture=tone_picture(tone) />
            <div class="notice-body">{title} {children()}</div>
        </div>
    }
}

/// A short mark, such as the state of a petition. The words carry the meaning, the colour helps.
#[component]
pub fn Badge(
    /// The colour.
    #[prop(optional)]
    tone: Option<Tone>,
    /// One or two words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let class = tone.map_or_else(|| "badge".to_owned(), |tone| format!("badge {}", tone_class(tone)));
    view! { <span class=class>{text}</span> }
}

/// The confirmation after something is done: the heading of its page.
#[component]
pub fn Panel(
    /// What was done.
    #[prop(into)]
    title: String,
    /// The level of the heading.
    #[prop(default = 1)]
    level: u8,
    /// A number to keep, or what happens next.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="panel">
            <Icon picture=Picture::Check />
            {heading(level, title)}
            <div class="panel-body">{children()}</div>
        </div>
    }
}

/// How far something has come that takes a while.
#[component]
pub fn Progress(
    /// The id of the control.
    #[prop(default = "progress")]
    id: &'static str,
    /// What is being waited for.
    #[prop(into)]
    label: String,
    /// How many parts are done.
    done: u32,
    /// Of how many. With 0 nobody knows how long it takes.
    total: u32,
) -> impl IntoView {
    let l = locale();
    let bar = if total == 0 {
        Either::Left(view! { <progress id=id></progress> })
    } else {
        Either::Right(view! {
            <progress id=id value=done.to_string() max=total.to_string()></progress>
            <span class="progress-count">{words::ui::done_of(l, &done.to_string(), &total.to_string())}</span>
        })
    };
    view! {
        <div class="progress">
            <label for=id>{label}</label>
            {bar}
        </div>
    }
}

/// Says that there is nothing here yet, and what to do about it.
#[component]
pub fn Empty(
    /// What there is none of.
    #[prop(into)]
    title: String,
    /// The way on.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {children()}
        </div>
    }
}
