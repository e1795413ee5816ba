//! In what a mapping does not fit a register, whichever database it is in. No record is read.

use std::collections::BTreeSet;

use domain::service::ItemId;

use super::given;
use crate::config::{Kind, Type};

/// A query as the database prepared it: what it uses, and which columns it has.
pub(super) struct Prepared<'a> {
    /// The parameters that it uses, with the colon.
    pub(super) used: Vec<&'a str>,
    /// Its columns by name, each with its type where the database knows one.
    pub(super) columns: Vec<(&'a str, Option<String>)>,
}

/// Looks at the query of a `pull`. `fits` says whether a column of a type can be read as an item of a type.
pub(super) fn pull(
    prepared: &Prepared,
    kind: &Kind,
    fits: impl Fn(Type, &str) -> bool,
    note: &mut impl FnMut(String),
) {
    given::faults("query", &prepared.used, note);
    if !prepared.used.contains(&":limit") {
        note("`query` does not use `:limit`: the register would be read beyond the page".to_owned());
    }
    if kind.page_key.is_some() != prepared.used.contains(&":after") {
        note("`page_key` and `:after` go together".to_owned());
    }
    let names = prepared.columns.iter().map(|(name, _)| *name);
    let found: BTreeSet<&str> = names.collect();
    if found.len() < prepared.columns.len() {
        note("two columns of `query` have the same name".to_owned());
    }
    let expected: BTreeSet<&str> =
        kind.items.keys().map(ItemId::as_str).chain(kind.page_key.as_deref()).collect();
    for missing in expected.difference(&found) {
        note(format!("`query` has no column `{missing}`"));
    }
    for unknown in found.difference(&expected) {
        note(format!("`query` reads `{unknown}`, which is no item"));
    }
    for (name, column_type) in &prepared.columns {
        let item = kind.items.iter().find(|(item, _)| item.as_str() == *name);
        // Where the type is not known, values are looked at when they are read.
        let (Some((item, item_type)), Some(column_type)) = (item, column_type) else { continue };
        if !fits(*item_type, column_type) {
            note(format!("`{item}` is {item_type}, and the register has it as {column_type}"));
        }
    }
}

/// Looks at the query of a `verify`.
pub(super) fn verify(prepared: &Prepared, note: &mut impl FnMut(String)) {
    given::faults("verify", &prepared.used, note);
    if !prepared.used.contains(&":resident_number") {
        note("`verify` does not use `:resident_number`".to_owned());
    }
    if !matches!(&prepared.columns[..], [("name", _)]) {
        note("`verify` has one column, `name`".to_owned());
    }
}
