//! Getting in and out.

use std::sync::Arc;

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::{Form, Kept, Onward};
use crate::page::{Head, href, locale, with_next};
use crate::ui::{Button, ButtonLink, FormPage, InputKind, Panel, PasswordInput, SendAgain, TextInput};
use crate::words::account as words;

/// The head of the sign-in page.
pub fn head(l: Locale) -> Head {
    Head::listed(words::sign_in::title(l), words::sign_in::description(l))
}

/// The sign-in page.
pub fn form(form: Form, onward: Onward) -> impl IntoView {
    let l = locale();
    let kept = onward.kept.is_some();
    let sign_up = with_next("/sign-up", &onward.next);
    view! {
        <FormPage
            title=words::sign_in::title(l)
            action="/sign-in"
            form=Arc::new(form)
            hidden=onward.hidden()
            lead=move || kept.then(|| view! { <p>{words::kept::after_sign_in(l)}</p> })
        >
            <TextInput name="contact" label=words::contact_label(l) kind=InputKind::Contact />
            <PasswordInput name="password" label=words::password_label(l) />
            <Button>{words::sign_in::button(l)}</Button>
        </FormPage>
        <div class="column">
            <ul class="plain-list">
                <li>
                    <a href=href("/reset")>{words::sign_in::forgotten(l)}</a>
                </li>
                <li>
                    <a href=href(&sign_up)>{words::sign_in::no_account(l)}</a>
                </li>
                <li>
                    <a href=href("/staff/sign-in")>{words::sign_in::staff(l)}</a>
                </li>
            </ul>
        </div>
    }
}

/// The head of the page that sends what was typed before signing in.
pub fn kept_head(l: Locale) -> Head {
    Head::unlisted(words::kept::title(l))
}

/// The page that sends what was typed before signing in: it waits for a yes, because what is sent is an action.
pub fn kept(kept: Kept) -> impl IntoView {
    let l = locale();
    view! {
        <div class="column">
            <h1>{words::kept::title(l)}</h1>
            <SendAgain kept=kept button=Some(words::kept::send(l)) />
            <p class="after">
                <a href=href("/")>{words::to_home(l)}</a>
            </p>
        </div>
    }
}

/// The head of the page after signing out.
pub fn signed_out_head(l: Locale) -> Head {
    Head::unlisted(words::signed_out::title(l))
}

/// The page after signing out.
pub fn signed_out() -> impl IntoView {
    let l = locale();
    view! {
        <div class="column">
            <Panel title=words::signed_out::title(l)>
                <p>{words::signed_out::text(l)}</p>
            </Panel>
            <p>
                <ButtonLink to="/">{words::to_home(l)}</ButtonLink>
            </p>
            <p>
                <a href=href("/sign-in")>{words::signed_out::again(l)}</a>
            </p>
        </div>
    }
}
