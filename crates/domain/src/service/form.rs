use serde::{Deserialize, Serialize};

use super::{check::Expression, ids::FieldId};
use crate::text::Text;

/// One page of a form, about one topic.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its heading.
    pub title: Text,
    /// What the citizen should know before answering.
    pub help: Option<Text>,
    /// Its fields, in order. Not empty.
    pub fields: Vec<Field>,
}

/// One question of a form.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, unique in the service.
    pub id: FieldId,
    /// The question.
    pub label: Text,
    /// How to answer, where to find it.
    pub help: Option<Text>,
    /// What an answer looks like.
    pub kind: FieldKind,
    /// Whether it must be answered when it is shown.
    pub required: bool,
    /// Shown only when this holds over the other answers; always without it.
    pub when: Option<Expression>,
}

/// What an answer looks like.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FieldKind {
    /// One line.
    Text {
        /// The most characters.
        max_chars: u32,
    },
    /// Several lines.
    LongText {
        /// The most characters.
        max_chars: u32,
    },
    /// A day.
    Date {
        /// Which days make sense.
        range: DateRange,
    },
    /// Whole won.
    Money,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Yes or no.
    YesNo,
    /// One of some choices.
    ChoiceOne {
        /// At least two.
        choices: Vec<Choice>,
    },
    /// Any of some choices.
    ChoiceMany {
        /// At least two.
        choices: Vec<Choice>,
    },
    /// A street address.
    Address,
    /// The lot-number address of a parcel of land.
    Parcel,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A bank and an account number.
    BankAccount,
    /// The number plate of a vehicle.
    VehicleNumber,
    /// A business registration number.
    BusinessNumber,
    /// An agency of the catalogue.
    Agency,
}

impl FieldKind {
    /// The word for it in catalogue files.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long-text",
            Self::Date { .. } => "date",
            Self::Money => "money",
            Self::Number { .. } => "number",
            Self::YesNo => "yes-no",
            Self::ChoiceOne { .. } => "choice-one",
            Self::ChoiceMany { .. } => "choice-many",
            Self::Address => "address",
            Self::Parcel => "parcel",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::BankAccount => "bank-account",
            Self::VehicleNumber => "vehicle-number",
            Self::BusinessNumber => "business-number",
            Self::Agency => "agency",
        }
    }

    /// The choices, of a kind that has them.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::ChoiceOne { choices } | Self::ChoiceMany { choices } => choices,
            _ => &[],
        }
    }
}

/// Which days make sense for a date.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateRange {
    /// Any.
    #[default]
    Any,
    /// Today or earlier.
    Past,
    /// Today or later.
    Future,
}

/// One choice of a field.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answer's value.
    pub value: FieldId,
    /// What people read.
    pub label: Text,
}
