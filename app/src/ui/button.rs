//! Buttons, and links that look like them.

use leptos::prelude::*;

use crate::page::href;

/// How much weight a button has. One primary button a page.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ButtonTone {
    /// The way on.
    #[default]
    Primary,
    /// Another way.
    Secondary,
    /// A side way.
    Tertiary,
    /// Something that cannot be undone.
    Danger,
    /// A button that looks like a link.
    Link,
}

impl ButtonTone {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn btn-secondary",
            Self::Tertiary => "btn btn-tertiary",
            Self::Danger => "btn btn-danger",
            Self::Link => "btn-link",
        }
    }
}

/// A button that sends the form around it.
#[component]
pub fn Button(
    /// How much weight it has.
    #[prop(optional)]
    tone: ButtonTone,
    /// The name of what it sends besides the fields.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The value of what it sends.
    #[prop(optional, into)]
    value: Option<String>,
    /// Whether it cannot be pressed. Better leave it out and say why.
    #[prop(optional)]
    disabled: bool,
    /// The words on it.
    children: Children,
) -> impl IntoView {
    view! {
        <button class=tone.class() type="submit" name=name value=value disabled=disabled>
            {children()}
        </button>
    }
}

/// A button that sends one of several values, for a form that has nothing else to ask.
#[component]
pub fn ValueButton(
    /// The name of what it sends.
    name: &'static str,
    /// The value.
    value: &'static str,
    /// Its looks.
    class: &'static str,
    /// Whether it is what holds now; none where that goes without saying.
    #[prop(optional, into)]
    pressed: Option<bool>,
    /// The language of its words, where that is another than the page's.
    #[prop(optional, into)]
    lang: Option<&'static str>,
    /// The words on it.
    children: Children,
) -> impl IntoView {
    let pressed = pressed.map(|pressed| if pressed { "true" } else { "false" });
    view! {
        <button class=class type="submit" name=name value=value aria-pressed=pressed lang=lang>
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// The path, without the language.
    #[prop(into)]
    to: String,
    /// How much weight it has.
    #[prop(optional)]
    tone: ButtonTone,
    /// The words on it.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=tone.class() href=href(&to)>
            {children()}
        </a>
    }
}
