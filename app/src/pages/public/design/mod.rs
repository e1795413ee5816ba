//! `/design`: every part of the design system in every state.

mod controls;
mod display;

use leptos::prelude::*;

use crate::page::{Head, locale};
use crate::words::design as words;
use domain::text::Locale;

/// The head of the page.
pub fn head(l: Locale) -> Head {
    Head { islands: true, ..Head::unlisted(words::title(l)) }
}

/// The page.
pub fn view() -> impl IntoView {
    let l = locale();
    view! {
        <h1>{words::title(l)}</h1>
        <p class="lead">{words::lead(l)}</p>
        {display::buttons()}
        {controls::forms()}
        {controls::flawed()}
        {display::notices()}
        {display::lists()}
        {display::ways()}
        {display::values()}
        {display::pictures()}
    }
}
