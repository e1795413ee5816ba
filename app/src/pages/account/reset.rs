//! A lost password.

use std::sync::Arc;

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, href, locale};
use crate::ui::{Button, ButtonLink, FormPage, InputKind, PasswordInput, TextInput};
use crate::words::account as words;

/// The head of the page that asks for a contact.
pub fn head(l: Locale) -> Head {
    Head::listed(words::reset::title(l), words::reset::description(l))
}

/// Asks where the link shall go.
pub fn ask(form: Form) -> impl IntoView {
    let l = locale();
    view! {
        <FormPage
            title=words::reset::title(l)
            action="/reset"
            form=Arc::new(form)
            lead=move || view! { <p>{words::reset::lead(l)}</p> }
        >
            <TextInput name="contact" label=words::contact_label(l) kind=InputKind::Contact />
            <Button>{words::reset::button(l)}</Button>
        </FormPage>
        <div class="column">
            <p>
                <a href=href("/sign-in")>{words::reset::back(l)}</a>
            </p>
        </div>
    }
}

/// The head of the page after asking.
pub fn sent_head(l: Locale) -> Head {
    Head::unlisted(words::reset_sent::title(l))
}

/// Says the same whether there is an account or not.
pub fn sent() -> impl IntoView {
    let l = locale();
    view! {
        <div class="column">
            <h1>{words::reset_sent::title(l)}</h1>
            <p>{words::reset_sent::text(l)}</p>
            <p>{words::reset_sent::not_come(l)}</p>
            <p>
                <a href=href("/reset")>{words::reset_sent::again(l)}</a>
            </p>
            <p>
                <a href=href("/sign-in")>{words::reset::back(l)}</a>
            </p>
        </div>
    }
}

/// The head of the page where the link leads.
pub fn set_head(l: Locale) -> Head {
    Head::unlisted(words::set::title(l))
}

/// Asks for the new password; `action` is the path of the link itself.
pub fn set(form: Form, action: String) -> impl IntoView {
    let l = locale();
    view! {
        <FormPage
            title=words::set::title(l)
            action=action
            form=Arc::new(form)
            lead=move || view! { <p>{words::set::lead(l)}</p> }
        >
            <PasswordInput name="password" label=words::new_password_label(l) hint=words::password_hint(l) new=true />
            <Button>{words::set::button(l)}</Button>
        </FormPage>
    }
}

/// The head of the page for a link that opens nothing.
pub fn stale_head(l: Locale) -> Head {
    Head::unlisted(words::stale::title(l))
}

/// A link that was used, or is too old.
pub fn stale(staff: bool) -> impl IntoView {
    let l = locale();
    let way = if staff {
        view! { <p>{words::stale::staff(l)}</p> }.into_any()
    } else {
        view! {
            <p>
                <ButtonLink to="/reset">{words::stale::again(l)}</ButtonLink>
            </p>
        }
        .into_any()
    };
    view! {
        <div class="column">
            <h1>{words::stale::title(l)}</h1>
            <p>{words::stale::text(l)}</p>
            {way}
        </div>
    }
}
