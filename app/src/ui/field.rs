//! What every field has: a label, perhaps a hint, perhaps an error, and the wiring between them.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::either::Either;
use leptos::prelude::*;

use crate::form::{Form, sentence};
use crate::page::locale;
use crate::ui::{Icon, Picture};
use crate::words;

/// How wide a control is drawn: about as wide as the answer is long.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Width {
    /// As wide as the column.
    #[default]
    Full,
    /// About 20 characters.
    Medium,
    /// About 10 characters.
    Short,
    /// About 4 characters.
    Tiny,
}

impl Width {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Full => "input",
            Self::Medium => "input input-medium",
            Self::Short => "input input-short",
            Self::Tiny => "input input-tiny",
        }
    }
}

/// The form around the fields, and the fields it has met so far.
#[derive(Clone, Default)]
pub(super) struct FormState {
    pub(super) form: Arc<Form>,
    pub(super) seen: Arc<Mutex<Vec<Seen>>>,
}

/// A field as the error summary names and links it.
pub(super) struct Seen {
    pub(super) name: &'static str,
    pub(super) called: String,
    pub(super) target: String,
}

/// A field before it is drawn.
pub(super) struct Field {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: Option<String>,
    pub(super) optional: bool,
    pub(super) form: Arc<Form>,
}

impl Field {
    /// The field `name` in the form around it; `called` is its name inside of sentences, the label when empty.
    pub(super) fn new(
        name: &'static str,
        label: String,
        hint: String,
        called: String,
        optional: bool,
    ) -> Self {
        let state = use_context::<FormState>().unwrap_or_default();
        let called = if called.is_empty() { label.clone() } else { called };
        let error = state.form.flaw(name).map(|flaw| sentence(flaw.fault, &called, locale()));
        let seen = Seen { name, called, target: name.to_owned() };
        state.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        Self { id: name.to_owned(), label, hint, error, optional, form: state.form }
    }

    /// For `aria-describedby`: the hint and the error that are there.
    pub(super) fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// For `aria-invalid`. Said in both cases, because browsers call a required field invalid before it is filled in.
    pub(super) fn invalid(&self) -> &'static str {
        if self.error.is_some() { "true" } else { "false" }
    }

    /// Label, hint, error and `control`, in this order.
    pub(super) fn draw(self, control: AnyView) -> AnyView {
        let class = self.class();
        let (label, hint, error) = (self.label_text(), self.draw_hint(), self.draw_error());
        view! {
            <div class=class>
                <label class="field-label" for=self.id>
                    {label}
                </label>
                {hint}
                {error}
                {control}
            </div>
        }
        .into_any()
    }

    /// A group of controls under one legend.
    pub(super) fn draw_group(self, controls: AnyView) -> AnyView {
        let class = self.class();
        let described_by = self.described_by();
        let (label, hint, error) = (self.label_text(), self.draw_hint(), self.draw_error());
        view! {
            <fieldset class=class aria-describedby=described_by>
                <legend class="field-label">{label}</legend>
                {hint}
                {error}
                {controls}
            </fieldset>
        }
        .into_any()
    }

    pub(super) fn class(&self) -> &'static str {
        if self.error.is_some() { "field field-flawed" } else { "field" }
    }

    fn label_text(&self) -> String {
        if self.optional {
            format!("{} ({})", self.label, words::form::optional(locale()))
        } else {
            self.label.clone()
        }
    }

    pub(super) fn draw_hint(&self) -> Option<AnyView> {
        (!self.hint.is_empty()).then(|| {
            let id = format!("{}-hint", self.id);
            view! {
                <p class="field-hint" id=id>
                    {self.hint.clone()}
                </p>
            }
            .into_any()
        })
    }

    pub(super) fn draw_error(&self) -> Option<AnyView> {
        self.error.clone().map(|error| {
            let id = format!("{}-error", self.id);
            view! {
                <p class="field-error" id=id>
                    <Icon picture=Picture::Warning />
                    <span class="sr-only">{format!("{}: ", words::form::error(locale()))}</span>
                    <span>{error}</span>
                </p>
            }
            .into_any()
        })
    }
}

/// The label of a choice, with its hint.
pub(super) fn choice_label(id: &str, label: String, hint: &str) -> AnyView {
    let hint = if hint.is_empty() {
        Either::Left(())
    } else {
        let hint_id = format!("{id}-choice-hint");
        Either::Right(view! {
            <span class="choice-hint" id=hint_id>
                {hint.to_owned()}
            </span>
        })
    };
    view! {
        <label class="choice-label" for=id.to_owned()>
            {label}
        </label>
        {hint}
    }
    .into_any()
}
