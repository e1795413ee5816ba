use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{CheckId, FieldId, ItemId, NeedId};
use crate::text::Text;

/// Something that is checked once the records are here.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name, unique in the service.
    pub id: CheckId,
    /// True when all is well.
    pub holds_when: Expression,
    /// What an officer reads when it does not hold.
    pub officer: Text,
    /// What the citizen reads when it does not hold.
    pub citizen: Text,
    /// What follows when it does not hold.
    pub severity: Severity,
}

/// What follows when a check does not hold. A machine decides nothing while any does not.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// An officer should know it.
    Note,
    /// An officer must look at it.
    Look,
    /// It stands against granting.
    Stop,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Look, Self::Stop];

    /// The word for it in catalogue files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Look => "look",
            Self::Stop => "stop",
        }
    }
}

/// A yes-or-no rule in CEL, the Common Expression Language, over `answer.<field>`, `record.<need>.<item>` and
/// `today`. It was parsed and tried when the catalogue was read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expression {
    /// The rule as its steward wrote it.
    pub source: String,
    /// What it reads, so that it cannot be told without it.
    pub reads: Reads,
    /// What it asks for with `has(…)`, so that it can be told without it.
    pub asks: Reads,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// Answers and items that an expression names.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// The answers, sorted.
    pub answers: Vec<FieldId>,
    /// The items, sorted.
    pub items: Vec<ItemRef>,
}

/// An item of a needed record.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    /// The needed record.
    pub need: NeedId,
    /// The item.
    pub item: ItemId,
}
