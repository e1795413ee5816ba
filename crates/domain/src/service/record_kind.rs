use serde::{Deserialize, Serialize};

use super::{
    fee::Won,
    ids::{AgencyId, AgencyTypeId, ItemId, RecordKindId},
    legal::LegalBasis,
};
use crate::text::Text;

/// A kind of record that agencies hold, and what it consists of.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKind {
    /// Its name in the catalogue.
    pub id: RecordKindId,
    /// Its number in the catalogue, from 1; lists are in this order.
    pub number: u16,
    /// What people call it.
    pub name: Text,
    /// Who holds it.
    pub holder: Holder,
    /// What it consists of. Not empty.
    pub items: Vec<Item>,
    /// Whom it is about.
    pub data_subject: DataSubject,
    /// Whether it tells of health, belief, crime, poverty or the like, as a whole.
    pub sensitive: bool,
    /// For how many days one that was fetched earlier may be used again.
    pub max_age_days: u16,
    /// What the holder charges for it.
    pub fee: Option<Won>,
    /// The law it stands on.
    pub legal_basis: Option<LegalBasis>,
    /// Whether its name was seen in a source.
    pub verified: bool,
}

impl RecordKind {
    /// The item with this id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == *id)
    }
}

/// Who holds a kind of record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "held_by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holder {
    /// One agency.
    Agency {
        /// Which.
        agency: AgencyId,
    },
    /// Every agency of a type, each for its area.
    Offices {
        /// Which type.
        agency_type: AgencyTypeId,
    },
    /// One agency runs the register; the agencies of a type keep it, each for its area.
    Shared {
        /// Who runs it.
        agency: AgencyId,
        /// Who keeps it.
        agency_type: AgencyTypeId,
    },
}

impl Holder {
    /// The agency that runs the whole register, if there is one.
    pub fn agency(&self) -> Option<&AgencyId> {
        match self {
            Self::Agency { agency } | Self::Shared { agency, .. } => Some(agency),
            Self::Offices { .. } => None,
        }
    }

    /// The type of agency that keeps it, each for its area.
    pub fn agency_type(&self) -> Option<&AgencyTypeId> {
        match self {
            Self::Agency { .. } => None,
            Self::Offices { agency_type } | Self::Shared { agency_type, .. } => Some(agency_type),
        }
    }
}

/// One item of a record, which can be asked for alone.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name in the kind.
    pub id: ItemId,
    /// What people call it.
    pub name: Text,
    /// What form its value has.
    pub item_type: ItemType,
    /// Whether it is sensitive even where the record as a whole is not.
    pub sensitive: bool,
}

/// The form of an item's value.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemType {
    /// Text.
    Text,
    /// A day.
    Date,
    /// Whole won.
    Money,
    /// Yes or no.
    YesNo,
    /// A whole number.
    Number,
    /// Several lines of text.
    List,
}

impl ItemType {
    /// Every type.
    pub const ALL: [Self; 6] = [Self::Text, Self::Date, Self::Money, Self::YesNo, Self::Number, Self::List];

    /// The word for it in catalogue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Money => "money",
            Self::YesNo => "yes-no",
            Self::Number => "number",
            Self::List => "list",
        }
    }
}

/// Whom a kind of record is about; decides whose consent a look-up needs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSubject {
    /// A person.
    Person,
    /// A person and the family.
    Family,
    /// A person or a corporation.
    PersonOrCorporation,
    /// A corporation.
    Corporation,
    /// A thing; only the owner's name is about a person.
    OwnerOnly,
    /// Nobody: the register is public.
    Nobody,
}

impl DataSubject {
    /// Every case.
    pub const ALL: [Self; 6] = [
        Self::Person,
        Self::Family,
        Self::PersonOrCorporation,
        Self::Corporation,
        Self::OwnerOnly,
        Self::Nobody,
    ];

    /// The word for it in catalogue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Family => "family",
            Self::PersonOrCorporation => "person-or-corporation",
            Self::Corporation => "corporation",
            Self::OwnerOnly => "owner-only",
            Self::Nobody => "nobody",
        }
    }

    /// Whether a look-up needs consent: always, unless the register is about nobody.
    pub fn needs_consent(self) -> bool {
        self != Self::Nobody
    }
}
