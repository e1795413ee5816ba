//! Typed values that rules are evaluated over.

use std::{collections::BTreeMap, sync::Arc};

use cel::objects::{Key, Map};
use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};
use domain::service::{FieldId, FieldKind, ItemId, ItemType, NeedId};

/// An answer of a form or an item of a record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value {
    /// Text, and everything that is written as text: an address, a telephone number, one choice.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A whole number, and money in won.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
    /// Several lines or choices.
    List(Vec<String>),
}

impl Value {
    /// Whether an item of this type may have this value.
    pub fn fits_item(&self, item_type: ItemType) -> bool {
        matches!(
            (self, item_type),
            (Self::Text(_), ItemType::Text)
                | (Self::Date(_), ItemType::Date)
                | (Self::Number(_), ItemType::Money | ItemType::Number)
                | (Self::YesNo(_), ItemType::YesNo)
                | (Self::List(_), ItemType::List)
        )
    }

    /// Whether an answer to a field of this kind may have this value.
    pub fn fits_field(&self, kind: &FieldKind) -> bool {
        let shape = match kind {
            FieldKind::Date { .. } => ItemType::Date,
            FieldKind::Money => ItemType::Money,
            FieldKind::Number { .. } => ItemType::Number,
            FieldKind::YesNo => ItemType::YesNo,
            FieldKind::ChoiceMany { .. } => ItemType::List,
            _ => ItemType::Text,
        };
        let is_choice = |word: &String| kind.choices().iter().any(|choice| choice.value.as_str() == word);
        let is_within = match (self, kind) {
            (Self::Number(number), FieldKind::Number { min, max }) => (min..=max).contains(&number),
            (Self::List(words), FieldKind::ChoiceMany { .. }) => words.iter().all(is_choice),
            (Self::Text(word), FieldKind::ChoiceOne { .. }) => is_choice(word),
            _ => true,
        };
        self.fits_item(shape) && is_within
    }

    fn to_cel(&self) -> cel::Value {
        match self {
            Self::Text(text) => cel::Value::String(Arc::new(text.clone())),
            Self::Date(day) => date_to_cel(*day),
            Self::Number(number) => cel::Value::Int(*number),
            Self::YesNo(yes) => cel::Value::Bool(*yes),
            Self::List(lines) => cel::Value::List(Arc::new(
                lines.iter().map(|line| cel::Value::String(Arc::new(line.clone()))).collect(),
            )),
        }
    }
}

/// Midnight in Seoul, which has had no other offset since 1988.
fn date_to_cel(day: NaiveDate) -> cel::Value {
    const SEOUL: i32 = 9 * 3600;
    FixedOffset::east_opt(SEOUL)
        .and_then(|seoul| seoul.from_local_datetime(&day.and_time(NaiveTime::MIN)).single())
        .map_or(cel::Value::Null, cel::Value::Timestamp)
}

/// All that is known about one petition when its rules are evaluated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Facts {
    /// The day in Seoul.
    pub today: NaiveDate,
    /// The answers that were given.
    pub answers: BTreeMap<FieldId, Value>,
    /// The items that arrived, by needed record.
    pub records: BTreeMap<NeedId, BTreeMap<ItemId, Value>>,
}

impl Facts {
    /// Nothing but the day.
    pub fn on(today: NaiveDate) -> Self {
        Self { today, answers: BTreeMap::new(), records: BTreeMap::new() }
    }

    /// The variables `today`, `answer` and `record` of an expression.
    pub(crate) fn to_cel(&self) -> [(&'static str, cel::Value); 3] {
        let answers = self.answers.iter().map(|(id, value)| (id.as_str().to_owned(), value.to_cel()));
        let records = self.records.iter().map(|(need, items)| {
            let items = items.iter().map(|(id, value)| (id.as_str().to_owned(), value.to_cel()));
            (need.as_str().to_owned(), map_to_cel(items))
        });
        [("today", date_to_cel(self.today)), ("answer", map_to_cel(answers)), ("record", map_to_cel(records))]
    }
}

fn map_to_cel(entries: impl Iterator<Item = (String, cel::Value)>) -> cel::Value {
    let map = entries.map(|(key, value)| (Key::String(Arc::new(key)), value)).collect();
    cel::Value::Map(Map { map: Arc::new(map) })
}

#[cfg(test)]
mod tests {
    use domain::{service::Choice, text::Text};

    use super::*;

    #[test]
    fn a_value_fits_the_form_that_was_declared() {
        let choices = vec![Choice { value: "sale".parse().unwrap(), label: Text::default() }];
        let one = FieldKind::ChoiceOne { choices: choices.clone() };
        let many = FieldKind::ChoiceMany { choices };
        let number = FieldKind::Number { min: 1, max: 6 };
        let text = |text: &str| Value::Text(text.to_owned());
        for (value, kind, fits) in [
            (text("sale"), &one, true),
            (text("gift"), &one, false),
            (Value::List(vec!["sale".to_owned()]), &many, true),
            (Value::List(vec!["gift".to_owned()]), &many, false),
            (text("sale"), &many, false),
            (Value::Number(6), &number, true),
            (Value::Number(7), &number, false),
            (text("가온시"), &FieldKind::Address, true),
            (Value::YesNo(true), &FieldKind::Address, false),
            (Value::Number(7), &FieldKind::Money, true),
        ] {
            assert_eq!(value.fits_field(kind), fits, "{value:?} in {kind:?}");
        }
        assert!(Value::YesNo(true).fits_item(ItemType::YesNo));
        assert!(!text("2026-11-22").fits_item(ItemType::Date));
    }

    #[test]
    fn a_far_number_of_days_breaks_no_rule() {
        let expression = domain::service::Expression {
            source: "today - days(9223372036854775807) < today".to_owned(),
            reads: domain::service::Reads::default(),
            asks: domain::service::Reads::default(),
        };
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(crate::checks::evaluate(&expression, &Facts::on(today)), crate::checks::Verdict::Holds);
    }
}
