//! What to know before a petition is begun.

use domain::service::{Catalogue, Service};
use domain::text::Locale;
use leptos::prelude::*;

use super::{
    line::agency,
    service::{BringLine, bring, bring_list},
};
use crate::page::{Head, Tone, locale, page};
use crate::ui::{ButtonLink, ButtonTone, Crumb, Notice, trail};
use crate::words::public::{service as shared, services, start as words};

/// What a petition of one service will need.
#[derive(Clone, Debug)]
pub struct StartView {
    /// The service's place in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it can be filed for now.
    pub agency: String,
    /// What the citizen must bring.
    pub bring: Vec<BringLine>,
    /// What is fetched.
    pub fetched: Vec<String>,
}

impl StartView {
    /// What the catalogue says.
    pub fn of(catalogue: &Catalogue, service: &Service, l: Locale) -> Self {
        Self {
            id: service.id.as_str().to_owned(),
            name: service.name.get(l).to_owned(),
            agency: agency(catalogue, &service.routing, l),
            bring: service.attachments.iter().map(|attachment| bring(attachment, l)).collect(),
            fetched: service
                .records
                .iter()
                .filter_map(|record| catalogue.record_kind(&record.kind))
                .map(|kind| kind.name.get(l).to_owned())
                .collect(),
        }
    }
}

/// The head of the page.
pub fn head(start: &StartView, l: Locale) -> Head {
    Head::unlisted(words::title(l, &start.name))
}

/// The page.
pub fn view(start: StartView) -> impl IntoView {
    let l = locale();
    let back = format!("/services/{}", start.id);
    trail([Crumb::new("/services", services::title(l)), Crumb::new(back.clone(), start.name.clone())]);
    let account = if page().visitor.is_some() {
        view! { <p>{words::ready(l)}</p> }.into_any()
    } else {
        view! {
            <h2>{words::account(l)}</h2>
            <p>{words::account_text(l)}</p>
            <div class="buttons">
                <ButtonLink to="/sign-up">{crate::words::shell::sign_up(l)}</ButtonLink>
                <ButtonLink to=format!("/sign-in?next=/services/{}/start", start.id) tone=ButtonTone::Secondary>
                    {crate::words::shell::sign_in(l)}
                </ButtonLink>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="column">
            <h1>{words::title(l, &start.name)}</h1>
            <Notice tone=Tone::Info title=words::not_open(l)>
                <p>{words::not_open_text(l, &start.agency)}</p>
            </Notice>
            <h2>{words::needed(l)}</h2>
            {bring_list(start.bring)}
            <h2>{words::fetched(l)}</h2>
            {list(start.fetched, shared::records_none(l))}
            {account}
            <p class="after">
                <ButtonLink to=back tone=ButtonTone::Link>
                    {words::back(l)}
                </ButtonLink>
            </p>
        </div>
    }
}

fn list(entries: Vec<String>, none: &'static str) -> AnyView {
    if entries.is_empty() {
        return view! { <p>{none}</p> }.into_any();
    }
    let entries = entries.into_iter().map(|entry| view! { <li>{entry}</li> }).collect_view();
    view! { <ul>{entries}</ul> }.into_any()
}
