//! The staff's side: signing in, the first password, and the bench.

use std::sync::Arc;

use domain::actor::Role;
use domain::text::Locale;
use leptos::prelude::*;

use crate::form::{Form, Onward};
use crate::page::{Head, href, locale};
use crate::ui::{Button, Empty, FormPage, InputKind, PasswordInput, SummaryList, SummaryRow, TextInput};
use crate::words::account as account_words;
use crate::words::staff as words;

/// What the bench shows.
#[derive(Clone, Debug)]
pub struct BenchView {
    /// The officer's name.
    pub name: String,
    /// The agency, in the page's language.
    pub agency: String,
    /// The department, in the page's language.
    pub department: String,
    /// What the officer may do.
    pub role: Role,
}

/// The head of the sign-in page.
pub fn sign_in_head(l: Locale) -> Head {
    Head::unlisted(words::sign_in::title(l))
}

/// The sign-in page of the staff.
pub fn sign_in(form: Form, onward: Onward) -> impl IntoView {
    let l = locale();
    let kept = onward.kept.is_some();
    view! {
        <FormPage
            title=words::sign_in::title(l)
            action="/staff/sign-in"
            form=Arc::new(form)
            hidden=onward.hidden()
            lead=move || {
                view! {
                    <p>{words::sign_in::lead(l)}</p>
                    {kept.then(|| view! { <p>{account_words::kept::after_sign_in(l)}</p> })}
                }
            }
        >
            <TextInput
                name="contact"
                label=account_words::email_label(l)
                kind=InputKind::Email
                autocomplete="username"
            />
            <PasswordInput name="password" label=account_words::password_label(l) />
            <Button>{account_words::sign_in::button(l)}</Button>
        </FormPage>
        <div class="column">
            <p>{words::sign_in::forgotten(l)}</p>
            <p>
                <a href=href("/sign-in")>{words::sign_in::citizens(l)}</a>
            </p>
        </div>
    }
}

/// The head of the page of the set-up link.
pub fn set_up_head(l: Locale) -> Head {
    Head::unlisted(words::set_up::title(l))
}

/// An officer's first password.
pub fn set_up(form: Form, action: String) -> impl IntoView {
    let l = locale();
    view! {
        <FormPage
            title=words::set_up::title(l)
            action=action
            form=Arc::new(form)
            lead=move || view! { <p>{words::set_up::lead(l)}</p> }
        >
            <PasswordInput
                name="password"
                label=account_words::new_password_label(l)
                hint=account_words::password_hint(l)
                new=true
            />
            <Button>{account_words::set::button(l)}</Button>
        </FormPage>
    }
}

/// The name of a role.
pub fn role(role: Role, l: Locale) -> &'static str {
    match role {
        Role::Officer => words::role::officer(l),
        Role::Supervisor => words::role::supervisor(l),
        Role::Steward => words::role::steward(l),
        Role::Centre => words::role::centre(l),
        Role::Auditor => words::role::auditor(l),
    }
}

/// The head of the bench.
pub fn bench_head(l: Locale) -> Head {
    Head::unlisted(words::bench::title(l))
}

/// The bench.
pub fn bench(view: BenchView) -> impl IntoView {
    let l = locale();
    let rows = vec![
        SummaryRow::new(account_words::name_label(l), view.name),
        SummaryRow::new(words::bench::agency(l), view.agency),
        SummaryRow::new(words::bench::department(l), view.department),
        SummaryRow::new(words::bench::role(l), role(view.role, l)),
    ];
    view! {
        <h1>{words::bench::title(l)}</h1>
        <SummaryList rows=rows />
        <Empty title=words::bench::empty(l)>
            <p>{words::bench::empty_text(l)}</p>
        </Empty>
        <p>
            <a href=href("/account")>{words::bench::account(l)}</a>
        </p>
    }
}
