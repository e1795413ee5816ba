//! Values of items, strictly typed.

mod decimal;

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use domain::service::{ItemId, ItemType, Won};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use decimal::Decimal;

use crate::limits;

/// Why something is not a value.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct ValueError(&'static str);

/// The value of an item; in JSON an object with the type's name as its only field: `{"money":12000}`.
///
/// `Debug` shows the type alone: values are personal data, and end up in logs otherwise.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text.
    Text(Text),
    /// A day.
    Date(Day),
    /// Whole won.
    Money(Money),
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Integer(Whole),
    /// A number with a fraction, exactly as the register has it.
    Decimal(Decimal),
    /// Several lines of text.
    List(Lines),
}

/// The items of one record: what the holder has of those that were asked for.
pub type Record = BTreeMap<ItemId, Value>;

impl Value {
    /// The catalogue's type that this value fits.
    pub const fn item_type(&self) -> ItemType {
        match self {
            Self::Text(_) => ItemType::Text,
            Self::Date(_) => ItemType::Date,
            Self::Money(_) => ItemType::Money,
            Self::YesNo(_) => ItemType::YesNo,
            Self::Integer(_) | Self::Decimal(_) => ItemType::Number,
            Self::List(_) => ItemType::List,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.item_type().word())
    }
}

macro_rules! parsed {
    ($name:ident from $raw:ty) => {
        impl From<$name> for $raw {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// Text of one value: at most 4,000 characters, none of them a control character but line feed and tab.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

parsed!(Text from String);

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Text {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        if text.chars().count() > limits::TEXT_CHARS {
            return Err(ValueError("a text is too long"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(ValueError("a text has a control character"));
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<text of {} bytes>", self.0.len())
    }
}

/// A day of the years 0001 to 9999; in JSON `2026-11-22`.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(NaiveDate);

impl Day {
    /// The day.
    pub const fn date(self) -> NaiveDate {
        self.0
    }
}

impl TryFrom<NaiveDate> for Day {
    type Error = ValueError;

    fn try_from(day: NaiveDate) -> Result<Self, ValueError> {
        use chrono::Datelike as _;
        if (1..=9999).contains(&day.year()) { Ok(Self(day)) } else { Err(ValueError("a year out of range")) }
    }
}

impl TryFrom<String> for Day {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_err(|_| ValueError("not a day"))?;
        if day.to_string() == text { Self::try_from(day) } else { Err(ValueError("a day in another form")) }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<date>")
    }
}

/// An amount of at most 2^53 − 1 won, so that every language reads it without loss.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Money(u64);

parsed!(Money from u64);

impl From<Money> for Won {
    fn from(money: Money) -> Self {
        Self(money.0)
    }
}

impl TryFrom<u64> for Money {
    type Error = ValueError;

    fn try_from(won: u64) -> Result<Self, ValueError> {
        if won <= limits::WHOLE.unsigned_abs() {
            Ok(Self(won))
        } else {
            Err(ValueError("an amount is too large"))
        }
    }
}

/// A whole number between −(2^53 − 1) and 2^53 − 1.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Whole(i64);

parsed!(Whole from i64);

impl TryFrom<i64> for Whole {
    type Error = ValueError;

    fn try_from(number: i64) -> Result<Self, ValueError> {
        if number.unsigned_abs() <= limits::WHOLE.unsigned_abs() {
            Ok(Self(number))
        } else {
            Err(ValueError("a number is too large"))
        }
    }
}

/// Several lines of text, at most 1,000.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Text>", into = "Vec<Text>")]
pub struct Lines(Vec<Text>);

parsed!(Lines from Vec<Text>);

impl Lines {
    /// The lines.
    pub fn as_slice(&self) -> &[Text] {
        &self.0
    }
}

impl TryFrom<Vec<Text>> for Lines {
    type Error = ValueError;

    fn try_from(lines: Vec<Text>) -> Result<Self, ValueError> {
        if lines.len() <= limits::LIST_LINES {
            Ok(Self(lines))
        } else {
            Err(ValueError("a list is too long"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_names_its_type_and_never_shows_itself() {
        let secret: Value = serde_json::from_str(r#"{"text":"비밀"}"#).unwrap();
        assert_eq!(format!("{secret:?}"), "<text>");
        for bad in [
            r#"{"text":1}"#,
            r#"{"money":-1}"#,
            r#"{"date":"2026-2-3"}"#,
            r#"{"yes_no":"true"}"#,
            r#"{"integer":"1"}"#,
            r#"{"decimal":1}"#,
            r#"{"list":[{"list":[]}]}"#,
            r#"{"text":"a","money":1}"#,
            r#"{"other":1}"#,
            r#""text""#,
            "{}",
            r#"{"text":"\u0000"}"#,
        ] {
            assert!(serde_json::from_str::<Value>(bad).is_err(), "{bad}");
        }
    }
}
