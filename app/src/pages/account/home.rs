//! The account itself.

use chrono::{DateTime, Utc};
use domain::account::{Contact, ContactKind};
use domain::text::Locale;
use leptos::prelude::*;

use super::identity::IdentityView;
use crate::page::{Head, href, locale};
use crate::ui::{Button, ButtonTone, PostForm, SummaryList, SummaryRow, date_text};
use crate::words::account as words;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// The name.
    pub name: String,
    /// Confirmed contacts.
    pub contacts: Vec<Contact>,
    /// Who a citizen has been verified to be.
    pub identity: Option<IdentityView>,
    /// Where an officer works; none for a citizen.
    pub office: Option<String>,
    /// When the password was last set.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Whether text messages can be sent.
    pub phone: bool,
}

/// The head.
pub fn head(l: Locale) -> Head {
    Head::unlisted(words::home::title(l))
}

/// The page.
pub fn page(account: AccountView) -> impl IntoView {
    let l = locale();
    let citizen = account.office.is_none();
    let mut rows = vec![SummaryRow::new(words::name_label(l), account.name.clone())];
    if let Some(office) = account.office.clone() {
        rows.push(SummaryRow::new(words::home::office(l), office));
    }
    if citizen {
        rows.push(identity_row(account.identity.as_ref(), l));
        rows.extend(ContactKind::ALL.into_iter().filter_map(|kind| contact_row(&account, kind, l)));
    }
    rows.push(
        SummaryRow::new(words::password_label(l), password_age(account.password_changed_at, l))
            .change("/account/password"),
    );
    let delete = citizen.then(|| {
        view! {
            <h2>{words::home::leave(l)}</h2>
            <p>
                <a href=href("/account/delete")>{words::delete::title(l)}</a>
            </p>
        }
    });
    view! {
        <div class="column">
            <h1>{words::home::title(l)}</h1>
            <SummaryList rows=rows />
            <h2>{words::sessions::title(l)}</h2>
            <p>{words::home::sessions(l)}</p>
            <p>
                <a href=href("/account/sessions")>{words::home::sessions_link(l)}</a>
            </p>
            <PostForm action="/sign-out">
                <Button tone=ButtonTone::Secondary>{words::home::sign_out(l)}</Button>
            </PostForm>
            {delete}
        </div>
    }
}

fn contact_row(account: &AccountView, kind: ContactKind, l: Locale) -> Option<SummaryRow> {
    let known = account.contacts.iter().find(|contact| contact.kind() == kind);
    if known.is_none() && kind == ContactKind::Phone && !account.phone {
        return None;
    }
    let term = super::contact::label(kind, l);
    let value = known.map_or_else(|| words::home::no_contact(l).to_owned(), ToString::to_string);
    Some(SummaryRow::new(term, value).change(format!("/account/contact/{}", kind.name())))
}

fn identity_row(identity: Option<&IdentityView>, l: Locale) -> SummaryRow {
    match identity {
        Some(identity) => SummaryRow::new(words::identity::title(l), identity.in_a_line(l)),
        None => {
            SummaryRow::new(words::identity::title(l), words::identity::none(l)).change("/account/identity")
        }
    }
}

fn password_age(changed: Option<DateTime<Utc>>, l: Locale) -> String {
    changed.map_or_else(String::new, |at| {
        let seoul = at + chrono::TimeDelta::hours(9);
        words::home::password_since(l, &date_text(seoul.date_naive(), l))
    })
}
