//! Leaving.

use std::sync::Arc;

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, Tone, href, locale};
use crate::ui::{Button, ButtonLink, ButtonTone, FormPage, Notice, Panel, PasswordInput};
use crate::words::account as words;

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::delete::title(l))
}

/// Says what goes and what stays, and asks for the password.
pub fn ask(form: Form) -> impl IntoView {
    let l = locale();
    super::below_account();
    view! {
        <FormPage
            title=words::delete::title(l)
            action="/account/delete"
            form=Arc::new(form)
            lead=move || {
                view! {
                    <Notice tone=Tone::Warning>
                        <p>{words::delete::warning(l)}</p>
                    </Notice>
                    <p>{words::delete::goes(l)}</p>
                    <p>{words::delete::stays(l)}</p>
                }
            }
        >
            <PasswordInput name="present" label=words::present_password_label(l) />
            <Button tone=ButtonTone::Danger>{words::delete::button(l)}</Button>
        </FormPage>
        <div class="column">
            <p>
                <a href=href("/account")>{words::delete::keep(l)}</a>
            </p>
        </div>
    }
}

/// The head of the farewell.
pub fn done_head(l: Locale) -> Head {
    Head::unlisted(words::deleted::title(l))
}

/// The farewell.
pub fn done() -> impl IntoView {
    let l = locale();
    view! {
        <div class="column">
            <Panel title=words::deleted::title(l)>
                <p>{words::deleted::text(l)}</p>
            </Panel>
            <p>
                <ButtonLink to="/">{words::to_home(l)}</ButtonLink>
            </p>
        </div>
    }
}
