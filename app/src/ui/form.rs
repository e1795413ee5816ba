//! Forms, and the list of what is wrong in them.

use std::sync::{Arc, PoisonError};

use leptos::context::Provider;
use leptos::either::Either;
use leptos::prelude::*;

use super::button::Button;
use super::field::{FormState, Seen};
use super::list::heading;
use crate::form::{Form, Kept, is_typed, sentence};
use crate::page::{href, locale, tell};
use crate::words;

/// A form that is posted to `action`, with the fields inside it.
///
/// Shows no list of flaws: that is for a form that is the matter of its page, see [`FormPage`].
#[component]
pub fn PostForm(
    /// The path, without the language.
    #[prop(into)]
    action: String,
    /// What was typed, and its flaws.
    #[prop(optional, into)]
    form: Arc<Form>,
    /// Fields that nobody sees.
    #[prop(optional)]
    hidden: Vec<(String, String)>,
    /// Whether files are sent.
    #[prop(optional)]
    files: bool,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    let state = FormState { form, ..FormState::default() };
    draw_form(&action, state, hidden, files, class, children)
}

/// The page of a form: list of flaws, heading, an introduction, and the form.
#[component]
pub fn FormPage(
    /// The heading of the page.
    #[prop(into)]
    title: String,
    /// The level of the heading.
    #[prop(default = 1)]
    level: u8,
    /// The path the form is posted to, without the language.
    #[prop(into)]
    action: String,
    /// What was typed, and its flaws.
    #[prop(optional, into)]
    form: Arc<Form>,
    /// What stands between heading and form.
    #[prop(optional, into)]
    lead: ViewFnOnce,
    /// What stands above the heading, such as [`super::Steps`].
    #[prop(optional, into)]
    above: ViewFnOnce,
    /// Fields that nobody sees.
    #[prop(optional)]
    hidden: Vec<(&'static str, String)>,
    /// Whether files are sent.
    #[prop(optional)]
    files: bool,
    /// The fields and buttons.
    children: Children,
) -> impl IntoView {
    let state = FormState { form, ..FormState::default() };
    // The fields come first, because they tell their names to the list of flaws.
    let hidden = hidden.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let fields = draw_form(&action, state.clone(), hidden, files, "", children).into_any();
    let summary = draw_summary(&state);
    view! {
        <div class="column">
            {summary} {above.run()} {heading(level, title)} {lead.run()} {fields}
        </div>
    }
}

/// What was typed into a form that could not be taken, for reading and copying, with a button that sends it.
#[component]
pub fn SendAgain(
    /// What was typed.
    kept: Kept,
    /// The words on the button; none where sending it cannot help.
    button: Option<&'static str>,
) -> impl IntoView {
    let l = locale();
    let typed = kept.answers.iter().filter(|(name, value)| is_typed(name) && !value.trim().is_empty());
    let typed = typed.map(|(_, value)| view! { <li class="typed">{value.clone()}</li> }).collect_view();
    let secrets = kept.secrets.then(|| view! { <p>{words::form::secrets_again(l)}</p> });
    let send = button.map(|button| {
        let hidden = kept.answers;
        view! {
            <PostForm action=kept.action hidden=hidden>
                <Button>{button}</Button>
            </PostForm>
        }
    });
    view! {
        <p>{words::form::kept(l)}</p>
        <details class="kept" open=send.is_none()>
            <summary>{words::form::kept_show(l)}</summary>
            <ul>{typed}</ul>
        </details>
        {send.is_some().then_some(secrets)}
        {send}
    }
}

fn draw_form(
    action: &str,
    state: FormState,
    hidden: Vec<(String, String)>,
    files: bool,
    class: &'static str,
    children: Children,
) -> impl IntoView + use<> {
    let hidden = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let class = if class.is_empty() { "form".to_owned() } else { format!("form {class}") };
    let action = href(action);
    let fields = view! { <Provider value=state>{children()}</Provider> };
    view! {
        <form class=class method="post" action=action novalidate enctype=files.then_some("multipart/form-data")>
            {hidden}
            {fields}
        </form>
    }
}

/// Every flaw in the order of the fields, those of the whole form first.
fn draw_summary(state: &FormState) -> Option<AnyView> {
    if state.form.flaws.is_empty() {
        return None;
    }
    tell(|told| told.flawed = true);
    let l = locale();
    let seen = state.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let place = |field: &str| seen.iter().position(|seen: &Seen| seen.name == field);
    let mut flaws: Vec<_> = state.form.flaws.iter().map(|flaw| (place(flaw.field), flaw)).collect();
    flaws.sort_by_key(|(place, _)| place.map_or(0, |place| place + 1));
    let items = flaws
        .into_iter()
        .map(|(place, flaw)| match place.and_then(|place| seen.get(place)) {
            Some(seen) => Either::Left(view! {
                <li>
                    <a href=format!("#{}", seen.target)>{sentence(flaw.fault, &seen.called, l)}</a>
                </li>
            }),
            None => Either::Right(view! { <li>{sentence(flaw.fault, words::form::answer(l), l)}</li> }),
        })
        .collect_view();
    Some(
        view! {
            <div class="error-summary" role="alert" tabindex="-1" aria-labelledby="error-summary-title">
                <h2 id="error-summary-title">{words::form::summary_title(l)}</h2>
                <ul>{items}</ul>
            </div>
        }
        .into_any(),
    )
}
