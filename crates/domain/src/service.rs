//! The catalogue: which services exist, what each needs, from whom, and what comes of it.
//!
//! Everything here is data that stewards write in `catalogue/` and that the crate `catalogue` reads and checks.
//! A loaded catalogue is stored as JSON; a petition keeps the version it was filed under.

mod agency;
mod catalogue;
mod check;
mod fee;
mod form;
mod ids;
mod legal;
mod lists;
mod period;
mod record_kind;

pub use agency::{Agency, AgencyType, Department, Routing};
pub use catalogue::Catalogue;
pub use check::{Check, Expression, ItemRef, Reads, Severity};
pub use fee::{Amount, ExtraFee, Fee, FeeRule, Won};
pub use form::{Choice, DateRange, Field, FieldKind, Step};
pub use ids::{
    AgencyId, AgencyTypeId, CategoryId, CheckId, DepartmentId, FieldId, IdError, ItemId, LifeEventId, NeedId,
    RecordKindId, RefundSourceId, ServiceId,
};
pub use legal::{LegalBasis, LegalKind, Remedy, RemedyKind, TimeLimit};
pub use lists::{Calendar, Category, LifeEvent, RefundClaim, RefundSource, Savings};
pub use period::{Length, LengthError, Period, PeriodRule};
pub use record_kind::{DataSubject, Holder, Item, ItemType, RecordKind};

use serde::{Deserialize, Serialize};

use crate::text::{Locale, Text};

/// One kind of petition (민원사무): all that the portal knows about it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The name of its file, and its place in addresses.
    pub id: ServiceId,
    /// Its number in the catalogue, from 1; lists are in this order.
    pub number: u16,
    /// Its official name.
    pub name: Text,
    /// What it is, in two to four plain sentences.
    pub description: Text,
    /// Who it is for, in one sentence.
    pub audience: Text,
    /// Words people search with, per language.
    pub keywords: Keywords,
    /// Where it stands in the list of topics; the first is the main one.
    pub categories: Vec<CategoryId>,
    /// The turns of life it belongs to.
    pub life_events: Vec<LifeEventId>,
    /// Its kind in law; remedies and default periods follow from it.
    pub legal_kind: LegalKind,
    /// How long the agency may take.
    pub period: Period,
    /// What it costs.
    pub fee: Fee,
    /// The law it stands on.
    pub legal_basis: Vec<LegalBasis>,
    /// Which agency and department treat it.
    pub routing: Routing,
    /// The pages of its form, one topic each.
    pub steps: Vec<Step>,
    /// The records the portal fetches, by item.
    pub records: Vec<NeededRecord>,
    /// What the citizen must bring, because no agency can be asked for it.
    pub attachments: Vec<Attachment>,
    /// What is checked once the records are here.
    pub checks: Vec<Check>,
    /// Who decides.
    pub treatment: Treatment,
    /// What comes of it.
    pub outcome: Outcome,
    /// Whether somebody else may file it for the person concerned.
    pub proxy: Proxy,
    /// By when the citizen has to file.
    pub deadlines: Vec<Deadline>,
    /// A special law's own time for objecting, in days, where it is not the general one.
    pub objection_days: Option<u16>,
    /// Whether a preliminary review (사전심사) can be asked for.
    pub preliminary_review: bool,
    /// Whether the row as a whole was seen in a legal source.
    pub verified: bool,
    /// Where the facts were found, for stewards.
    pub source: String,
}

impl Service {
    /// The fields of all steps, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The field with this id.
    pub fn field(&self, id: &FieldId) -> Option<&Field> {
        self.fields().find(|field| field.id == *id)
    }

    /// The needed record with this name.
    pub fn record(&self, id: &NeedId) -> Option<&NeededRecord> {
        self.records.iter().find(|record| record.id == *id)
    }

    /// What the petitioner can do against a refusal: the remedies of the legal kind, with the time
    /// for objecting that this service's own law sets.
    pub fn remedies(&self) -> Vec<Remedy> {
        let mut remedies = self.legal_kind.remedies();
        if let Some(days) = self.objection_days {
            for remedy in &mut remedies {
                if remedy.kind == RemedyKind::Objection {
                    remedy.within = Some(TimeLimit::Days(days));
                    remedy.verified = false;
                }
            }
        }
        remedies
    }

    /// Whether a machine may decide it when every check holds.
    pub fn is_straight_through(&self) -> bool {
        self.treatment == Treatment::StraightThrough
    }
}

/// Words people search with, beside name and description.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// Korean.
    pub ko: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl Keywords {
    /// The words of one language.
    pub fn get(&self, locale: Locale) -> &[String] {
        match locale {
            Locale::Ko => &self.ko,
            Locale::En => &self.en,
        }
    }
}

/// A record that the portal fetches for a service, and which items of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededRecord {
    /// Its name in the rules, unique in the service; usually that of its kind.
    pub id: NeedId,
    /// What is fetched.
    pub kind: RecordKindId,
    /// Only these items; never the whole document. Not empty.
    pub items: Vec<ItemId>,
    /// Why, as the citizen reads it in the request for consent.
    pub purpose: Text,
    /// About whom or what.
    pub about: About,
    /// Whether the petition can be decided without it.
    pub need: Need,
    /// Only when this holds over the answers; always without it.
    pub when: Option<Expression>,
    /// The ground for this look-up where it is not the service's own.
    pub legal_basis: Option<LegalBasis>,
}

/// About whom, or about which thing, a record is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum About {
    /// The subject of the petition.
    #[default]
    Applicant,
    /// The subject's husband or wife, who consents in person.
    Spouse,
    /// The members of the subject's household or family, who consent in person.
    Family,
    /// Somebody who has died; an heir asks.
    Deceased,
    /// A thing: a vehicle, a parcel, a business. The field holds its number or address.
    Object {
        /// The field that names it.
        field: FieldId,
    },
}

/// How much a petition depends on a record.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Need {
    /// It is not decided without it.
    #[default]
    Required,
    /// It helps, but the petition can do without.
    Helpful,
    /// One record of this group is enough.
    Alternative {
        /// The group's name; records with the same one stand for each other.
        group: String,
    },
}

/// Something the citizen must bring.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name, unique in the service.
    pub id: FieldId,
    /// What it is.
    pub name: Text,
    /// What must be seen on it, where to get it.
    pub help: Option<Text>,
    /// Whether the petition can be decided without it.
    pub required: bool,
    /// Only when this holds over the answers; always without it.
    pub when: Option<Expression>,
}

/// Who decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// A machine, when every check holds; an officer otherwise.
    StraightThrough,
    /// An officer, always.
    Officer,
}

/// What comes of a granted petition.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// A document that anybody can verify.
    Certificate {
        /// The title printed on it.
        title: Text,
    },
    /// A written notice of the decision.
    Notice {
        /// The title printed on it.
        title: Text,
    },
    /// A change that is sent to the holder of a register.
    Report {
        /// The title of the confirmation.
        title: Text,
        /// The register that changes.
        register: RecordKindId,
    },
}

impl Outcome {
    /// The title of the document that the petitioner receives.
    pub fn title(&self) -> &Text {
        match self {
            Self::Certificate { title } | Self::Notice { title } | Self::Report { title, .. } => title,
        }
    }
}

/// Whether somebody else may file for the person concerned.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proxy {
    /// Yes, here and at a counter.
    #[default]
    Allowed,
    /// Only at a counter.
    InPersonOnly,
    /// No.
    NotAllowed,
}

/// By when the citizen has to file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// How long.
    pub within: Length,
    /// From when, such as "after you move".
    pub from: Text,
    /// What happens when it is missed.
    pub late: Option<Text>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}
