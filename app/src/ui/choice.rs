//! Fields with choices.

use leptos::prelude::*;

use super::field::{Field, Width, choice_label};
use crate::words;

/// One of several choices.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A sentence below it; may be empty. Not shown in a select.
    pub hint: String,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// The same choice with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A list to pick one from: only where there are too many for [`Radios`].
#[component]
pub fn Select(
    /// The field's name, and the id of the control.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// What can be picked.
    choices: Vec<Choice>,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether nothing needs to be picked.
    #[prop(optional)]
    optional: bool,
    /// How wide the control is.
    #[prop(optional)]
    width: Width,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = field.form.value(name) == choice.value;
            view! {
                <option value=choice.value selected=selected>
                    {choice.label}
                </option>
            }
        })
        .collect_view();
    let control = view! {
        <select
            class=format!("{} input-select", width.class())
            id=name
            name=name
            required=!optional
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
        >
            <option value="">{words::ui::choose(crate::page::locale())}</option>
            {options}
        </select>
    };
    field.draw(control.into_any())
}

/// A question with one answer out of a few.
#[component]
pub fn Radios(
    /// The field's name; the first choice has it as its id, the others with a number behind it.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: String,
    /// The answers.
    choices: Vec<Choice>,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether it may stay unanswered.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let items = draw_choices(&field, name, "radio", choices, !optional);
    field.draw_group(items)
}

/// A question with any number of answers, or a single box to tick.
#[component]
pub fn Checkboxes(
    /// The field's name; the first choice has it as its id, the others with a number behind it.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: String,
    /// The answers.
    choices: Vec<Choice>,
    /// A sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether it may stay unanswered.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let field = Field::new(name, label, hint, called, optional);
    let must = !optional && choices.len() == 1;
    let items = draw_choices(&field, name, "checkbox", choices, must);
    field.draw_group(items)
}

fn draw_choices(
    field: &Field,
    name: &'static str,
    html_type: &'static str,
    choices: Vec<Choice>,
    required: bool,
) -> AnyView {
    let items = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let id = if index == 0 { name.to_owned() } else { format!("{name}-{}", index + 1) };
            let mut described = Vec::new();
            if !choice.hint.is_empty() {
                described.push(format!("{id}-choice-hint"));
            }
            if field.error.is_some() {
                described.push(format!("{name}-error"));
            }
            let label = choice_label(&id, choice.label, &choice.hint);
            let checked = field.form.is_checked(name, &choice.value);
            view! {
                <div class="choice">
                    <input
                        class="choice-input"
                        id=id
                        name=name
                        type=html_type
                        value=choice.value
                        checked=checked
                        required=required
                        aria-invalid=(html_type == "checkbox").then(|| field.invalid())
                        aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                    />
                    {label}
                </div>
            }
        })
        .collect_view();
    view! { <div class="choices">{items}</div> }.into_any()
}
