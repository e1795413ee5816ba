//! From a row to a record, whichever database it comes from.

use exchange::{
    message::PageKey,
    value::{Record, Value},
};
use serde_json::{Value as Json, json};

use super::{Asked, RegisterError, Rows};
use crate::config::Type;

/// One row of an answer.
pub(super) trait Row {
    /// What the database says when a column cannot be read.
    type Error: Into<RegisterError>;

    /// What a column has, as JSON; none if that is neither a number, a text, yes or no, nor a list of texts.
    fn json(&self, column: &str) -> Result<Option<Json>, Self::Error>;
}

/// Collects the rows of a page.
pub(super) struct Page<'a> {
    asked: &'a Asked,
    records: Vec<Record>,
    last: Option<PageKey>,
    more: bool,
}

impl<'a> Page<'a> {
    /// A page without a record.
    pub(super) const fn new(asked: &'a Asked) -> Self {
        Self { asked, records: Vec::new(), last: None, more: false }
    }

    /// Takes a row: its wanted columns, and no others. False, when the page is full; the row is then on the next.
    pub(super) fn take<R: Row>(&mut self, row: &R) -> Result<bool, RegisterError> {
        if self.records.len() == self.asked.limit {
            self.more = true;
            return Ok(false);
        }
        let mut record = Record::new();
        for (item, item_type) in &self.asked.wanted {
            let column = item.as_str();
            let wrong = || self.asked.mapping(column, "has a value of another type");
            let found = row.json(column).map_err(Into::into)?.ok_or_else(wrong)?;
            if found != Json::Null {
                record.insert(item.clone(), typed(found, *item_type).ok_or_else(wrong)?);
            }
        }
        if let Some(column) = self.asked.kind.page_key.as_deref() {
            let key = match row.json(column).map_err(Into::into)? {
                Some(Json::Number(number)) => Some(number.to_string()),
                Some(Json::String(text)) => Some(text),
                _ => None,
            };
            let what = "cannot be a page key: neither a whole number nor 1 to 200 visible ASCII characters";
            let key = key.and_then(|key| PageKey::try_from(key).ok());
            self.last = Some(key.ok_or_else(|| self.asked.mapping(column, what))?);
        }
        self.records.push(record);
        Ok(true)
    }

    /// The page.
    pub(super) fn rows(self) -> Result<Rows, RegisterError> {
        if self.more && self.last.is_none() {
            let what = "is needed: there are more records than fit on a page";
            return Err(self.asked.mapping("page_key", what));
        }
        Ok(Rows { records: self.records, next: self.last.filter(|_| self.more) })
    }
}

/// What the register has, as a value of this type; none if it is of another.
fn typed(found: Json, item_type: Type) -> Option<Value> {
    let json = match (item_type, found) {
        (Type::YesNo, Json::Number(number)) => Json::Bool(number.as_u64().filter(|bit| *bit < 2)? == 1),
        (Type::List, Json::String(text)) => serde_json::from_str(&text).ok()?,
        (Type::YesNo, json @ Json::Bool(_))
        | (Type::List, json @ Json::Array(_))
        | (Type::Money | Type::Integer, json @ Json::Number(_))
        | (Type::Text | Type::Date | Type::Decimal, json @ Json::String(_)) => json,
        _ => return None,
    };
    // The exchange's own reading is the one place that knows what a value may be.
    serde_json::from_value(json!({ item_type.wire(): json })).ok()
}
