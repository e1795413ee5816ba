//! The first page.

use domain::service::Catalogue;
use domain::text::Locale;
use leptos::prelude::*;

use super::line::{ServiceLine, Topic, service_cards};
use crate::page::{Head, href, locale, page};
use crate::ui::{ButtonLink, ButtonTone, Card, CardList, LinkList, SearchBox};
use crate::words::public::home as words;

/// How many services are called popular.
const POPULAR: usize = 6;

/// What the first page shows.
#[derive(Clone, Debug, Default)]
pub struct HomeView {
    /// Turns of life.
    pub life_events: Vec<Topic>,
    /// Topics.
    pub categories: Vec<Topic>,
    /// Services that many people look for.
    pub popular: Vec<ServiceLine>,
}

impl HomeView {
    /// What the catalogue gives: its first services are those most asked for.
    pub fn of(catalogue: &Catalogue, l: Locale) -> Self {
        Self {
            life_events: Topic::life_events(catalogue, l),
            categories: Topic::categories(catalogue, l),
            popular: catalogue
                .services
                .iter()
                .take(POPULAR)
                .map(|service| ServiceLine::of(catalogue, service, l))
                .collect(),
        }
    }
}

/// The head of the page.
pub fn head(l: Locale) -> Head {
    Head::listed(words::title(l), words::description(l))
}

/// The page.
pub fn view(home: HomeView) -> impl IntoView {
    let l = locale();
    let tiles = home
        .life_events
        .iter()
        .map(|event| Card::new(format!("/life-events/{}", event.id), &event.name).picture(event.picture()))
        .collect();
    let categories = home
        .categories
        .into_iter()
        .map(|topic| (format!("/categories/{}", topic.id), topic.name, topic.text))
        .collect();
    let popular_links = home
        .popular
        .iter()
        .take(4)
        .map(|line| {
            view! {
                <li>
                    <a href=href(&line.path())>{line.name.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let account = page().visitor.is_none().then(invitation);
    view! {
        <div class="hero">
            <h1>{words::heading(l)}</h1>
            <p class="lead">{words::lead(l)}</p>
            <SearchBox id="search" quiet=true />
            <nav class="hero-links" aria-label=words::popular_links(l)>
                <span aria-hidden="true">{words::popular_links(l)}</span>
                <ul>{popular_links}</ul>
            </nav>
        </div>
        <section>
            <h2>{words::life_events(l)}</h2>
            <p>{words::life_events_text(l)}</p>
            <CardList cards=tiles tiles=true level=3 />
        </section>
        <section>
            <h2>{words::popular(l)}</h2>
            {service_cards(home.popular, 3)}
            <p>
                <ButtonLink to="/services" tone=ButtonTone::Tertiary>
                    {words::all_services(l)}
                </ButtonLink>
            </p>
        </section>
        {how()}
        {account}
        <section>
            <h2>{words::categories(l)}</h2>
            <div class="columns">
                <LinkList links=categories />
            </div>
        </section>
    }
}

/// How a petition goes, in three steps.
fn how() -> impl IntoView {
    let l = locale();
    let steps = [
        (words::how_find(l), words::how_find_text(l)),
        (words::how_consent(l), words::how_consent_text(l)),
        (words::how_follow(l), words::how_follow_text(l)),
    ]
    .map(|(title, text)| {
        view! {
            <li>
                <h3>{title}</h3>
                <p>{text}</p>
            </li>
        }
    })
    .into_iter()
    .collect_view();
    view! {
        <section>
            <h2>{words::how(l)}</h2>
            <ol class="how">{steps}</ol>
        </section>
    }
}

/// The call to create an account.
fn invitation() -> impl IntoView {
    let l = locale();
    view! {
        <section class="invitation">
            <div>
                <h2>{words::account(l)}</h2>
                <p>{words::account_text(l)}</p>
            </div>
            <div class="buttons">
                <ButtonLink to="/sign-up">{crate::words::shell::sign_up(l)}</ButtonLink>
                <ButtonLink to="/sign-in" tone=ButtonTone::Tertiary>
                    {crate::words::shell::sign_in(l)}
                </ButtonLink>
            </div>
        </section>
    }
}
