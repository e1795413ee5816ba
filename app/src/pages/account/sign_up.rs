//! Making an account.

use std::sync::Arc;

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, href, locale, with_next};
use crate::ui::{Button, ButtonTone, FormPage, InputKind, PasswordInput, PostForm, Steps, TextInput, Width};
use crate::words::account as words;

/// The head of the form.
pub fn head(l: Locale) -> Head {
    Head::listed(words::sign_up::title(l), words::sign_up::description(l))
}

/// The form. `phone` says whether text messages can be sent; `next` is the path to go to once the account is there.
pub fn form(form: Form, phone: bool, next: String) -> impl IntoView {
    let l = locale();
    let sign_in = with_next("/sign-in", &next);
    let (label, hint) = if phone {
        (words::contact_label(l), words::sign_up::contact_hint(l))
    } else {
        (words::email_label(l), words::sign_up::email_hint(l))
    };
    view! {
        <FormPage
            title=words::sign_up::title(l)
            action="/sign-up"
            form=Arc::new(form)
            hidden=vec![("next", next)]
            above=move || steps(1)
            lead=move || {
                view! {
                    <p>{words::sign_up::lead(l)}</p>
                    <p>
                        {words::sign_up::known(l)} " " <a href=href(&sign_in)>{words::sign_in::title(l)}</a>
                    </p>
                }
            }
        >
            <TextInput name="name" label=words::name_label(l) hint=words::sign_up::name_hint(l) kind=InputKind::Name />
            <TextInput name="contact" label=label hint=hint kind=InputKind::Contact />
            <PasswordInput name="password" label=words::password_label(l) hint=words::password_hint(l) new=true />
            <Button>{words::sign_up::button(l)}</Button>
        </FormPage>
    }
}

/// The head of the page that asks for the code.
pub fn confirm_head(l: Locale) -> Head {
    Head::unlisted(words::confirm::title(l))
}

/// The page that asks for the code that went to `contact`.
pub fn confirm(form: Form, contact: String) -> impl IntoView {
    let l = locale();
    let lead = words::confirm::lead(l, &contact);
    view! {
        <FormPage
            title=words::confirm::title(l)
            action="/sign-up/confirm"
            form=Arc::new(form)
            above=move || steps(2)
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
            <h2>{words::confirm::not_come(l)}</h2>
            <p>{words::confirm::not_come_text(l)}</p>
            <PostForm action="/sign-up/resend">
                <Button tone=ButtonTone::Secondary>{words::confirm::resend(l)}</Button>
            </PostForm>
            <p class="after">
                <a href=href("/sign-up")>{words::confirm::start_over(l)}</a>
            </p>
        </div>
    }
}

fn steps(current: u32) -> impl IntoView {
    let l = locale();
    let names = [words::sign_up::step_form(l), words::sign_up::step_confirm(l)];
    view! { <Steps steps=names.map(str::to_owned).to_vec() current=current /> }
}
