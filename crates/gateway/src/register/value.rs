use domain::service::RecordKindId;
use exchange::{
    message::PageKey,
    value::{Record, Value},
};
use rusqlite::{Row, Statement, types::ValueRef};
use serde_json::{Value as Json, json};

use super::{Column, RegisterError, Rows};
use crate::config::Type;

/// Reads the wanted columns of a page, and no others.
pub(super) fn rows(
    statement: &mut Statement,
    (kind, wanted, page_key): (&RecordKindId, &[Column], Option<&str>),
    limit: usize,
) -> Result<Rows, RegisterError> {
    let (mut records, mut last, mut more) = (Vec::new(), None, false);
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if records.len() == limit {
            more = true;
            break;
        }
        records.push(record(row, kind, wanted)?);
        last = page_key.map(|column| key(row, kind, column)).transpose()?;
    }
    if more && last.is_none() {
        let what = "is needed: there are more records than fit on a page";
        return Err(RegisterError::Mapping { kind: kind.clone(), column: "page_key".to_owned(), what });
    }
    Ok(Rows { records, next: last.filter(|_| more) })
}

fn record(row: &Row, kind: &RecordKindId, wanted: &[Column]) -> Result<Record, RegisterError> {
    let mut record = Record::new();
    for (item, item_type) in wanted {
        let column = item.as_str();
        match row.get_ref(column)? {
            ValueRef::Null => {}
            found => {
                let value = value(found, **item_type).ok_or_else(|| {
                    let what = "has a value of another type";
                    RegisterError::Mapping { kind: kind.clone(), column: column.to_owned(), what }
                })?;
                record.insert((*item).clone(), value);
            }
        }
    }
    Ok(record)
}

/// What the register has, as a value of this type; none if it is of another.
fn value(found: ValueRef, item_type: Type) -> Option<Value> {
    let json = match (item_type, found) {
        (Type::YesNo, ValueRef::Integer(number @ (0 | 1))) => Json::Bool(number == 1),
        (Type::Money | Type::Integer, ValueRef::Integer(number)) => json!(number),
        (Type::Text | Type::Date | Type::Decimal, ValueRef::Text(_)) => json!(found.as_str().ok()?),
        (Type::List, ValueRef::Text(text)) => serde_json::from_slice(text).ok()?,
        _ => return None,
    };
    // The exchange's own reading is the one place that knows what a value may be.
    serde_json::from_value(json!({ item_type.wire(): json })).ok()
}

fn key(row: &Row, kind: &RecordKindId, column: &str) -> Result<PageKey, RegisterError> {
    let text = match row.get_ref(column)? {
        ValueRef::Integer(number) => Some(number.to_string()),
        found => found.as_str().ok().map(str::to_owned),
    };
    let what = "cannot be a page key: neither a whole number nor 1 to 200 visible ASCII characters";
    text.and_then(|text| PageKey::try_from(text).ok()).ok_or_else(|| RegisterError::Mapping {
        kind: kind.clone(),
        column: column.to_owned(),
        what,
    })
}
