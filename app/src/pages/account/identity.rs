//! Proving who one is: name and resident number, then the code that goes to the contact of the resident register.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, Tone, href, locale};
use crate::ui::{
    Button, FormPage, InputKind, Notice, Steps, SummaryList, SummaryRow, TextInput, Width, date_text,
};
use crate::words::account as words;

/// Who an account has been verified to be.
#[derive(Clone, Debug)]
pub struct IdentityView {
    /// The name as the register has it.
    pub name: String,
    /// The number as it may be shown, `900101-1******`; none when it cannot be opened at the moment.
    pub number: Option<String>,
    /// When the code came back.
    pub verified_at: DateTime<Utc>,
}

impl IdentityView {
    /// In one line, as the account's page shows it.
    pub fn in_a_line(&self, l: Locale) -> String {
        words::identity::line(l, &self.date(l), &self.name, &self.number(l))
    }

    fn number(&self, l: Locale) -> String {
        self.number.clone().unwrap_or_else(|| words::identity::number_hidden(l).to_owned())
    }

    fn date(&self, l: Locale) -> String {
        let seoul = self.verified_at + chrono::TimeDelta::hours(9);
        date_text(seoul.date_naive(), l)
    }
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hindrance {
    /// The portal is not connected to the register.
    NotConnected,
    /// The register did not answer; the try did not count.
    NoAnswer,
}

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::identity::title(l))
}

/// Asks for name and number.
pub fn ask(form: Form, hindrance: Option<Hindrance>) -> impl IntoView {
    let l = locale();
    super::below_account();
    view! {
        <FormPage
            title=words::identity::title(l)
            action="/account/identity"
            form=Arc::new(form)
            above=move || steps(1)
            lead=move || {
                view! {
                    {hindrance.map(notice)}
                    <p>{words::identity::lead(l)}</p>
                    <p>{words::identity::why(l)}</p>
                }
            }
        >
            <TextInput
                name="name"
                label=words::name_label(l)
                hint=words::identity::name_hint(l)
                kind=InputKind::Name
            />
            <TextInput
                name="birth"
                label=words::identity::birth_label(l)
                kind=InputKind::Digits
                width=Width::Short
            />
            <TextInput
                name="serial"
                label=words::identity::serial_label(l)
                hint=words::identity::serial_hint(l)
                kind=InputKind::Digits
                width=Width::Short
            />
            <Button>{words::identity::button(l)}</Button>
        </FormPage>
    }
}

fn notice(hindrance: Hindrance) -> impl IntoView {
    let l = locale();
    let text = match hindrance {
        Hindrance::NotConnected => words::identity::not_connected(l),
        Hindrance::NoAnswer => words::identity::no_answer(l),
    };
    view! {
        <Notice tone=Tone::Warning title=words::identity::not_now(l) fresh=true>
            <p>{text}</p>
        </Notice>
    }
}

/// The head of the page that asks for the code.
pub fn confirm_head(l: Locale) -> Head {
    Head::unlisted(words::identity::confirm_title(l))
}

/// Asks for the code. It says the same whatever the register has said.
pub fn confirm(form: Form) -> impl IntoView {
    let l = locale();
    super::below_account();
    view! {
        <FormPage
            title=words::identity::confirm_title(l)
            action="/account/identity/confirm"
            form=Arc::new(form)
            above=move || steps(2)
            lead=move || {
                view! {
                    <p>{words::identity::confirm_lead(l)}</p>
                    <p>{words::identity::confirm_why(l)}</p>
                }
            }
        >
            <TextInput
                name="code"
                label=words::confirm::code_label(l)
                hint=words::confirm::code_hint(l)
                kind=InputKind::Code
                width=Width::Short
            />
            <Button>{words::confirm::button(l)}</Button>
        </FormPage>
        <div class="column">
            <h2>{words::confirm::not_come(l)}</h2>
            <p>{words::identity::mistyped(l)}</p>
            <p>{words::identity::no_contact(l)}</p>
            <p>
                <a href=href("/account/identity")>{words::identity::start_over(l)}</a>
            </p>
        </div>
    }
}

/// The page of an account that is verified already.
pub fn verified(identity: IdentityView) -> impl IntoView {
    let l = locale();
    super::below_account();
    let rows = vec![
        SummaryRow::new(words::name_label(l), identity.name.clone()),
        SummaryRow::new(words::identity::number_label(l), identity.number(l)),
        SummaryRow::new(words::identity::date_label(l), identity.date(l)),
    ];
    view! {
        <div class="column">
            <h1>{words::identity::title(l)}</h1>
            <p>{words::identity::verified(l)}</p>
            <SummaryList rows=rows />
        </div>
    }
}

fn steps(current: u32) -> impl IntoView {
    let l = locale();
    let names = [words::identity::step_ask(l), words::identity::step_confirm(l)];
    view! { <Steps steps=names.map(str::to_owned).to_vec() current=current /> }
}
