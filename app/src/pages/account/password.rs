//! Another password.

use std::sync::Arc;

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Form;
use crate::page::{Head, locale};
use crate::ui::{Button, FormPage, PasswordInput};
use crate::words::account as words;

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::change::title(l))
}

/// The form.
pub fn page(form: Form) -> impl IntoView {
    let l = locale();
    super::below_account();
    view! {
        <FormPage
            title=words::change::title(l)
            action="/account/password"
            form=Arc::new(form)
            lead=move || view! { <p>{words::change::lead(l)}</p> }
        >
            <PasswordInput name="present" label=words::present_password_label(l) />
            <PasswordInput name="password" label=words::new_password_label(l) hint=words::password_hint(l) new=true />
            <Button>{words::change::button(l)}</Button>
        </FormPage>
    }
}
