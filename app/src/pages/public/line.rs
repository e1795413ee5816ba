//! Services and topics as lists show them.

use domain::service::{Catalogue, Category, LifeEvent, Routing, Service};
use domain::text::Locale;
use leptos::prelude::*;

use super::terms;
use crate::ui::{Card, CardList, Picture};
use crate::words::public as words;

/// A service in a list.
#[derive(Clone, Debug)]
pub struct ServiceLine {
    /// Its place in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is, in one sentence.
    pub text: String,
    /// Who treats it.
    pub agency: String,
    /// How long it takes.
    pub period: String,
}

impl ServiceLine {
    /// The line of a service, in the language of the reader.
    pub fn of(catalogue: &Catalogue, service: &Service, l: Locale) -> Self {
        Self {
            id: service.id.as_str().to_owned(),
            name: service.name.get(l).to_owned(),
            text: first_sentence(service.description.get(l)).to_owned(),
            agency: agency(catalogue, &service.routing, l),
            period: terms::period_in_short(&service.period, l),
        }
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/services/{}", self.id)
    }

    fn card(self) -> Card {
        Card::new(self.path(), self.name).text(self.text).note(format!("{} · {}", self.agency, self.period))
    }
}

/// Services as cards.
pub(super) fn service_cards(lines: Vec<ServiceLine>, level: u8) -> AnyView {
    let cards = lines.into_iter().map(ServiceLine::card).collect();
    view! { <CardList cards level /> }.into_any()
}

/// Who treats a petition: an agency, or the kind of agency.
pub(super) fn agency(catalogue: &Catalogue, routing: &Routing, l: Locale) -> String {
    let type_name = |id| catalogue.agency_type(id).map_or("", |agency_type| agency_type.name.get(l));
    match routing {
        Routing::Fixed { agency, .. } => {
            catalogue.agency(agency).map_or_else(String::new, |agency| agency.name.get(l).to_owned())
        }
        Routing::Address { agency_type, .. } => words::service::agency_of_address(l, type_name(agency_type)),
        Routing::Parcel { agency_type, .. } => words::service::agency_of_parcel(l, type_name(agency_type)),
        Routing::AnyOffice { agency_type: Some(agency_type), .. } => {
            words::service::any_of_type(l, type_name(agency_type))
        }
        Routing::AnyOffice { agency_type: None, .. } => words::service::any_agency(l).to_owned(),
    }
}

/// The first sentence of a text.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// A category or a life event in a list.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its place in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is found there.
    pub text: String,
    /// How many services belong to it.
    pub services: u32,
}

impl Topic {
    /// The line of a category.
    pub fn category(catalogue: &Catalogue, category: &Category, l: Locale) -> Self {
        Self {
            id: category.id.as_str().to_owned(),
            name: category.name.get(l).to_owned(),
            text: category.description.get(l).to_owned(),
            services: count(catalogue.services_in(&category.id)),
        }
    }

    /// The line of a life event.
    pub fn life_event(catalogue: &Catalogue, event: &LifeEvent, l: Locale) -> Self {
        Self {
            id: event.id.as_str().to_owned(),
            name: event.name.get(l).to_owned(),
            text: event.description.get(l).to_owned(),
            services: count(catalogue.services_for(&event.id)),
        }
    }

    /// Every category.
    pub fn categories(catalogue: &Catalogue, l: Locale) -> Vec<Self> {
        catalogue.categories.iter().map(|category| Self::category(catalogue, category, l)).collect()
    }

    /// Every life event.
    pub fn life_events(catalogue: &Catalogue, l: Locale) -> Vec<Self> {
        catalogue.life_events.iter().map(|event| Self::life_event(catalogue, event, l)).collect()
    }

    /// The drawing that stands for it.
    pub(super) fn picture(&self) -> Picture {
        match self.id.as_str() {
            "birth" => Picture::Baby,
            "school" | "education" => Picture::School,
            "finding-work" | "work" => Picture::Briefcase,
            "moving" | "residence-family" => Picture::House,
            "marriage" => Picture::Heart,
            "travelling-abroad" | "identity-travel" => Picture::Globe,
            "car" | "vehicles" => Picture::Car,
            "starting-a-business" | "business" => Picture::Shop,
            "hard-times" | "welfare" => Picture::Hands,
            "illness-disability" | "health" => Picture::Shield,
            "retirement" => Picture::Elder,
            "death-in-the-family" => Picture::Candle,
            "tax" | "losing-work" => Picture::Money,
            "land-building" | "house" => Picture::Building,
            "participation" => Picture::Speech,
            _ => Picture::Document,
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
