//! Categories and life events: the lists of them, and one of them.

use domain::service::{Catalogue, CategoryId, LifeEventId};
use domain::text::Locale;
use leptos::prelude::*;

use super::line::{ServiceLine, Topic, service_cards};
use crate::page::{Head, locale};
use crate::ui::{Card, CardList, Crumb, LinkList, trail};
use crate::words::public as words;

/// The two ways of bringing services together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// By topic.
    Category,
    /// By turn of life.
    LifeEvent,
}

impl Kind {
    const fn path(self) -> &'static str {
        match self {
            Self::Category => "/categories",
            Self::LifeEvent => "/life-events",
        }
    }

    const fn title(self, l: Locale) -> &'static str {
        match self {
            Self::Category => words::categories::title(l),
            Self::LifeEvent => words::life_events::title(l),
        }
    }

    const fn description(self, l: Locale) -> &'static str {
        match self {
            Self::Category => words::categories::description(l),
            Self::LifeEvent => words::life_events::description(l),
        }
    }

    const fn others(self, l: Locale) -> &'static str {
        match self {
            Self::Category => words::categories::others(l),
            Self::LifeEvent => words::life_events::others(l),
        }
    }

    /// Every topic of this kind.
    pub fn topics(self, catalogue: &Catalogue, l: Locale) -> Vec<Topic> {
        match self {
            Self::Category => Topic::categories(catalogue, l),
            Self::LifeEvent => Topic::life_events(catalogue, l),
        }
    }
}

/// The head of a list.
pub fn list_head(kind: Kind, l: Locale) -> Head {
    Head::listed(kind.title(l), kind.description(l))
}

/// A list of topics.
pub fn list(kind: Kind, topics: Vec<Topic>) -> impl IntoView {
    let l = locale();
    trail([]);
    let cards = topics
        .into_iter()
        .map(|topic| {
            Card::new(format!("{}/{}", kind.path(), topic.id), &topic.name)
                .text(&topic.text)
                .note(words::categories::count(l, topic.services.into()))
                .picture(topic.picture())
        })
        .collect();
    view! {
        <h1>{kind.title(l)}</h1>
        <p class="lead">{kind.description(l)}</p>
        <CardList cards level=2 />
    }
}

/// One topic and what belongs to it.
#[derive(Clone, Debug)]
pub struct TopicView {
    /// Of which kind it is.
    pub kind: Kind,
    /// The topic.
    pub topic: Topic,
    /// Its services.
    pub services: Vec<ServiceLine>,
    /// The other topics of its kind.
    pub others: Vec<Topic>,
}

impl TopicView {
    /// The topic of this kind with this id, if there is one.
    pub fn of(catalogue: &Catalogue, kind: Kind, id: &str, l: Locale) -> Option<Self> {
        let services = match kind {
            Kind::Category => {
                let id: CategoryId = id.parse().ok()?;
                catalogue.services_in(&id).map(|service| ServiceLine::of(catalogue, service, l)).collect()
            }
            Kind::LifeEvent => {
                let id: LifeEventId = id.parse().ok()?;
                catalogue.services_for(&id).map(|service| ServiceLine::of(catalogue, service, l)).collect()
            }
        };
        let (found, others): (Vec<_>, Vec<_>) =
            kind.topics(catalogue, l).into_iter().partition(|topic| topic.id == id);
        Some(Self { kind, topic: found.into_iter().next()?, services, others })
    }
}

/// The head of a topic's page.
pub fn head(topic: &TopicView) -> Head {
    Head::listed(&topic.topic.name, &topic.topic.text)
}

/// The page of a topic.
pub fn view(topic: TopicView) -> impl IntoView {
    let l = locale();
    let kind = topic.kind;
    trail([Crumb::new(kind.path(), kind.title(l))]);
    let others = topic
        .others
        .into_iter()
        .map(|other| (format!("{}/{}", kind.path(), other.id), other.name, String::new()))
        .collect();
    view! {
        <h1>{topic.topic.name}</h1>
        <p class="lead">{topic.topic.text}</p>
        {service_cards(topic.services, 2)}
        <section>
            <h2>{kind.others(l)}</h2>
            <div class="columns">
                <LinkList links=others />
            </div>
        </section>
    }
}
