use serde::{Deserialize, Serialize};

use super::{
    Agency, AgencyId, AgencyType, AgencyTypeId, Calendar, Category, CategoryId, LifeEvent, LifeEventId,
    RecordKind, RecordKindId, RefundSource, Savings, Service, ServiceId,
};

/// The whole catalogue, as read from its files without a fault: every reference in it leads somewhere.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The services, by number.
    pub services: Vec<Service>,
    /// The kinds of record, by number.
    pub record_kinds: Vec<RecordKind>,
    /// The types of agency, in the order of the file.
    pub agency_types: Vec<AgencyType>,
    /// The agencies, in the order of the file.
    pub agencies: Vec<Agency>,
    /// The topics, in the order of the file.
    pub categories: Vec<Category>,
    /// The turns of life, in the order of the file.
    pub life_events: Vec<LifeEvent>,
    /// The sources of un-refunded money, in the order of the file.
    pub refund_sources: Vec<RefundSource>,
    /// The public holidays.
    pub calendar: Calendar,
    /// What sharing saves.
    pub savings: Savings,
}

// Some dozens of entries each: walking them is as fast as a map, and the order of the files stays.
impl Catalogue {
    /// The service with this id.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// The kind of record with this id.
    pub fn record_kind(&self, id: &RecordKindId) -> Option<&RecordKind> {
        self.record_kinds.iter().find(|kind| kind.id == *id)
    }

    /// The type of agency with this id.
    pub fn agency_type(&self, id: &AgencyTypeId) -> Option<&AgencyType> {
        self.agency_types.iter().find(|agency_type| agency_type.id == *id)
    }

    /// The agency with this id.
    pub fn agency(&self, id: &AgencyId) -> Option<&Agency> {
        self.agencies.iter().find(|agency| agency.id == *id)
    }

    /// The agencies of a type.
    pub fn agencies_of<'a>(&'a self, agency_type: &'a AgencyTypeId) -> impl Iterator<Item = &'a Agency> {
        self.agencies.iter().filter(move |agency| agency.agency_type == *agency_type)
    }

    /// The topic with this id.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// The turn of life with this id.
    pub fn life_event(&self, id: &LifeEventId) -> Option<&LifeEvent> {
        self.life_events.iter().find(|event| event.id == *id)
    }

    /// The services under a topic.
    pub fn services_in<'a>(&'a self, category: &'a CategoryId) -> impl Iterator<Item = &'a Service> {
        self.services.iter().filter(move |service| service.categories.contains(category))
    }

    /// The services that belong to a turn of life.
    pub fn services_for<'a>(&'a self, event: &'a LifeEventId) -> impl Iterator<Item = &'a Service> {
        self.services.iter().filter(move |service| service.life_events.contains(event))
    }
}
