use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{
    fee::Won,
    ids::{AgencyId, CategoryId, LifeEventId, RefundSourceId},
};
use crate::text::Text;

/// A topic under which services are listed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in the catalogue and in addresses.
    pub id: CategoryId,
    /// What people call it.
    pub name: Text,
    /// What is found there, in one sentence.
    pub description: Text,
}

/// A turn of life that brings services together.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    /// Its name in the catalogue and in addresses.
    pub id: LifeEventId,
    /// What people call it.
    pub name: Text,
    /// What is found there, in one sentence.
    pub description: Text,
}

/// A place where money owed to a person may lie.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundSource {
    /// Its name in the catalogue.
    pub id: RefundSourceId,
    /// What people call it.
    pub name: Text,
    /// How such money comes about, in one sentence.
    pub description: Text,
    /// Who holds it; none: the city of the person's address.
    pub holder: Option<AgencyId>,
    /// Whether it can be claimed here.
    pub claim: RefundClaim,
    /// After how many years the right to it ends.
    pub prescription_years: u16,
    /// What a citizen should know beside it.
    pub note: Option<Text>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}

/// Whether un-refunded money can be claimed here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "claim", rename_all = "snake_case", deny_unknown_fields)]
pub enum RefundClaim {
    /// Yes, between these times of day.
    Here {
        /// The opening.
        from: NaiveTime,
        /// The closing.
        until: NaiveTime,
    },
    /// No: only the search is here; the holder pays on its own request.
    AtHolder,
}

/// The days that are no working days beside Saturdays and Sundays.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The first day it knows.
    pub from: NaiveDate,
    /// The last day it knows.
    pub until: NaiveDate,
    /// The holidays, each with its name.
    pub holidays: BTreeMap<NaiveDate, Text>,
}

impl Calendar {
    /// The name of the holiday on this day, if it is one.
    pub fn holiday(&self, day: NaiveDate) -> Option<&Text> {
        self.holidays.get(&day)
    }
}

/// What one document that need not be handed in saves. The statistics count documents, never petitions.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Savings {
    /// The year of the values.
    pub year: u16,
    /// The time it takes, in seconds.
    pub seconds: u32,
    /// The value of that time.
    pub time: Won,
    /// The way there and back.
    pub travel: Won,
    /// The fee for the document.
    pub commission: Won,
    /// The printing.
    pub printing: Won,
    /// Where the values were found, for stewards.
    pub source: String,
}

impl Savings {
    /// All of it, per document.
    pub fn per_document(&self) -> Won {
        Won(self.time.0 + self.travel.0 + self.commission.0 + self.printing.0)
    }
}
