//! The text by which a service is found.

use domain::{
    service::{Catalogue, Service},
    text::Locale,
};

/// All words of a service in one language: name, keywords, whom it is for, what it is, its topics and turns of life.
/// The words that weigh most come first.
pub fn search_text(catalogue: &Catalogue, service: &Service, locale: Locale) -> String {
    let categories = service.categories.iter().filter_map(|id| catalogue.category(id)).map(|one| &one.name);
    let events = service.life_events.iter().filter_map(|id| catalogue.life_event(id)).map(|one| &one.name);
    let mut words = vec![service.name.get(locale)];
    words.extend(service.keywords.get(locale).iter().map(String::as_str));
    words.extend(categories.chain(events).map(|name| name.get(locale)));
    words.extend([service.audience.get(locale), service.description.get(locale)]);
    words.join("\n")
}
