//! What is fetched for a service.

use domain::service::{Catalogue, Holder, Need, NeededRecord, RecordKind, Service};
use domain::text::Locale;

use super::consents_too;
use crate::words::public::service as words;

/// A record that is fetched: which items of it, from whom, what for.
#[derive(Clone, Debug)]
pub struct RecordLine {
    /// The record.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// The items, each with whether it is sensitive.
    pub items: Vec<(String, bool)>,
    /// What for.
    pub purpose: String,
    /// What else there is to know, such as who has to agree.
    pub notes: Vec<&'static str>,
}

impl RecordLine {
    /// Everything that is fetched for a service.
    pub(super) fn all(catalogue: &Catalogue, service: &Service, l: Locale) -> Vec<Self> {
        service
            .records
            .iter()
            .filter_map(|record| Some(Self::of(catalogue, record, catalogue.record_kind(&record.kind)?, l)))
            .collect()
    }

    fn of(catalogue: &Catalogue, record: &NeededRecord, kind: &RecordKind, l: Locale) -> Self {
        let mut notes: Vec<&'static str> = Vec::new();
        if record.when.is_some() {
            notes.push(words::sometimes(l));
        }
        match record.need {
            Need::Required => {}
            Need::Helpful => notes.push(words::helpful(l)),
            Need::Alternative { .. } => notes.push(words::alternative(l)),
        }
        if kind.data_subject.needs_consent() {
            notes.extend(consents_too(&record.about, l));
        } else {
            notes.push(words::no_consent(l));
        }
        Self {
            name: kind.name.get(l).to_owned(),
            holder: holder(catalogue, &kind.holder, l),
            items: record
                .items
                .iter()
                .filter_map(|id| kind.item(id))
                .map(|item| (item.name.get(l).to_owned(), item.sensitive || kind.sensitive))
                .collect(),
            purpose: record.purpose.get(l).to_owned(),
            notes,
        }
    }
}

/// Who holds a kind of record: the agency that runs the register, otherwise the kind of agency.
fn holder(catalogue: &Catalogue, holder: &Holder, l: Locale) -> String {
    let agency = holder.agency().and_then(|id| catalogue.agency(id)).map(|agency| &agency.name);
    let offices = holder.agency_type().and_then(|id| catalogue.agency_type(id)).map(|kind| &kind.name);
    agency.or(offices).map_or_else(String::new, |name| name.get(l).to_owned())
}
