//! Adding or replacing a contact.

use std::sync::Arc;

use domain::account::ContactKind;
use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, href, locale};
use crate::ui::{Button, FormPage, InputKind, PasswordInput, TextInput, Width};
use crate::words::account as words;

/// The name of a kind of contact.
pub fn label(kind: ContactKind, l: Locale) -> &'static str {
    match kind {
        ContactKind::Email => words::email_label(l),
        ContactKind::Phone => words::phone_label(l),
    }
}

fn title(kind: ContactKind, l: Locale) -> &'static str {
    match kind {
        ContactKind::Email => words::contact::email_title(l),
        ContactKind::Phone => words::contact::phone_title(l),
    }
}

/// The head.
pub fn head(kind: ContactKind, l: Locale) -> Head {
    Head::unlisted(title(kind, l))
}

/// Asks for the new contact and the password.
pub fn ask(form: Form, kind: ContactKind) -> impl IntoView {
    let l = locale();
    super::below_account();
    let input = match kind {
        ContactKind::Email => InputKind::Email,
        ContactKind::Phone => InputKind::Phone,
    };
    view! {
        <FormPage
            title=title(kind, l)
            action=format!("/account/contact/{}", kind.name())
            form=Arc::new(form)
            lead=move || view! { <p>{words::contact::lead(l)}</p> }
        >
            <TextInput name="contact" label=label(kind, l) kind=input />
            <PasswordInput name="present" label=words::present_password_label(l) hint=words::contact::why_password(l) />
            <Button>{words::contact::button(l)}</Button>
        </FormPage>
    }
}

/// Asks for the code that went to `contact`.
pub fn confirm(form: Form, kind: ContactKind, contact: String) -> impl IntoView {
    let l = locale();
    super::below_account();
    let lead = words::confirm::lead(l, &contact);
    view! {
        <FormPage
            title=words::confirm::title(l)
            action=format!("/account/contact/{}/confirm", kind.name())
            form=Arc::new(form)
            lead=move || view! { <p>{lead}</p> }
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
            <p>
                <a href=href(&format!("/account/contact/{}", kind.name()))>{words::contact::start_over(l)}</a>
            </p>
        </div>
    }
}
