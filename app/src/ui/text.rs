//! Fields that are typed into.

use leptos::prelude::*;

use super::field::{Field, Width};
use crate::form::is_secret;
use crate::islands::RevealPassword;
use crate::page::{locale, tell};

/// What is typed, so that phones show the fitting keyboard and browsers fill it in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum InputKind {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An e-mail address or a telephone number; a name for signing in.
    Contact,
    /// Digits only, which are no quantity: a number of a document.
    Digits,
    /// A code that was just sent.
    Code,
    /// A person's name.
    Name,
    /// A search.
    Search,
}

impl InputKind {
    const fn html_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Search => "search",
            _ => "text",
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Contact => Some("email"),
            Self::Digits | Self::Code => Some("numeric"),
            _ => None,
        }
    }

    const fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Phone => Some("tel"),
            Self::Contact => Some("username"),
            Self::Code => Some("one-time-code"),
            Self::Name => Some("name"),
            Self::Digits | Self::Search => Some("off"),
            Self::Text => None,
        }
    }

    /// Names and numbers are no words of a dictionary.
    const fn spellcheck(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::Search => None,
            _ => Some("false"),
        }
    }

    const fn autocapitalize(self) -> Option<&'static str> {
        match self {
            Self::Email | Self::Contact => Some("none"),
            _ => None,
        }
    }
}

/// A field for one line of text.
#[component]
pub fn TextInput(
    /// The field's name, and the id of the control.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences, when the label itself does not fit there.
    #[prop(into, optional)]
    called: String,
    /// What is typed.
    #[prop(optional)]
    kind: InputKind,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Overrides what the kind says.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// How wide the control is.
    #[prop(optional)]
    width: Width,
    /// Shown but not to be changed.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let control = view! {
        <input
            class=width.class()
            id=name
            name=name
            type=kind.html_type()
            value=field.form.value(name).to_owned()
            inputmode=kind.inputmode()
            autocomplete=autocomplete.or(kind.autocomplete())
            spellcheck=kind.spellcheck()
            autocapitalize=kind.autocapitalize()
            required=!optional
            disabled=disabled
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
        />
    };
    field.draw(control.into_any())
}

/// A field for a password. What was typed is never sent back.
#[component]
pub fn PasswordInput(
    /// The field's name, and the id of the control.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether a new password is chosen, which browsers then offer to make up.
    #[prop(optional)]
    new: bool,
) -> impl IntoView {
    debug_assert!(is_secret(name), "{name} would be shown again");
    tell(|told| told.islands = true);
    let field = Field::new(name, label, hint, called, false);
    let control = view! {
        <div class="password">
            <input
                class="input"
                id=name
                name=name
                type="password"
                autocomplete=if new { "new-password" } else { "current-password" }
                spellcheck="false"
                autocapitalize="none"
                required
                aria-invalid=field.invalid()
                aria-describedby=field.described_by()
            />
            <RevealPassword input=name.to_owned() locale=locale() />
        </div>
    };
    field.draw(control.into_any())
}

/// A field for several lines of text.
#[component]
pub fn TextArea(
    /// The field's name, and the id of the control.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// How many lines are shown.
    #[prop(default = 5)]
    rows: u32,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let control = view! {
        <textarea
            class="input"
            id=name
            name=name
            rows=rows.to_string()
            required=!optional
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
            inner_html=typed_text(field.form.value(name))
        ></textarea>
    };
    field.draw(control.into_any())
}

/// Text as the content of a textarea: it is not escaped by the renderer, and a parser drops a first line break.
fn typed_text(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    if escaped.starts_with(['\n', '\r']) { format!("\n{escaped}") } else { escaped }
}

/// A field for a file.
#[component]
pub fn FileInput(
    /// The field's name, and the id of the control.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// A sentence of help, which names the kinds and the greatest size.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Media types or endings, separated by commas.
    #[prop(optional)]
    accept: Option<&'static str>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let control = view! {
        <input
            class="input input-file"
            id=name
            name=name
            type="file"
            accept=accept
            required=!optional
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
        />
    };
    field.draw(control.into_any())
}
