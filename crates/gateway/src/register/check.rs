//! Proves a mapping against the register, without reading a record.

use std::collections::BTreeSet;

use rusqlite::{Connection, Statement};

use super::Register;
use crate::config::Kind;

const TARGETS: [&str; 6] =
    [":resident_number", ":plate", ":parcel", ":business_number", ":corporation_number", ":document_number"];
const OTHERS: [&str; 6] = [":name", ":year", ":period_from", ":period_to", ":after", ":limit"];

impl Register {
    /// Everything in which the mapping does not fit the register: one sentence each.
    pub fn faults(&self) -> Vec<String> {
        let connection = match self.open() {
            Ok(connection) => connection,
            Err(error) => return vec![format!("the register cannot be opened: {error}")],
        };
        let mut faults = Vec::new();
        for (id, kind) in &self.kinds {
            let mut note = |message: String| faults.push(format!("kind `{id}`: {message}"));
            pull(&connection, kind, &mut note);
            verify(&connection, kind, &mut note);
        }
        faults
    }
}

fn pull(connection: &Connection, kind: &Kind, note: &mut impl FnMut(String)) {
    let Some(query) = &kind.query else { return };
    let Some(statement) = prepared(connection, "query", query, note) else { return };
    if !has(&statement, ":limit") {
        note("`query` does not use `:limit`: the register would be read beyond the page".to_owned());
    }
    if kind.page_key.is_some() != has(&statement, ":after") {
        note("`page_key` and `:after` go together".to_owned());
    }
    let items: BTreeSet<&str> = kind.items.keys().map(domain::service::ItemId::as_str).collect();
    let expected: BTreeSet<&str> = items.iter().copied().chain(kind.page_key.as_deref()).collect();
    let names = statement.column_names();
    let found: BTreeSet<&str> = names.iter().copied().collect();
    if found.len() < names.len() {
        note("two columns of `query` have the same name".to_owned());
    }
    for missing in expected.difference(&found) {
        note(format!("`query` has no column `{missing}`"));
    }
    for unknown in found.difference(&expected) {
        note(format!("`query` reads `{unknown}`, which is no item"));
    }
    for column in statement.columns() {
        let item = kind.items.iter().find(|(item, _)| item.as_str() == column.name());
        // An expression has no declared type; its values are looked at when they are read.
        let (Some((item, item_type)), Some(declared)) = (item, column.decl_type()) else { continue };
        let declared = declared.to_ascii_uppercase();
        let whole = declared.contains("INT") || declared.contains("BOOL");
        if whole != item_type.is_whole() {
            note(format!("`{item}` is {item_type}, and the register has it as {declared}"));
        }
    }
}

fn verify(connection: &Connection, kind: &Kind, note: &mut impl FnMut(String)) {
    let Some(query) = &kind.verify else { return };
    let Some(statement) = prepared(connection, "verify", query, note) else { return };
    if !has(&statement, ":resident_number") {
        note("`verify` does not use `:resident_number`".to_owned());
    }
    if statement.column_names() != ["name"] {
        note("`verify` has one column, `name`".to_owned());
    }
}

fn prepared<'c>(
    connection: &'c Connection,
    key: &str,
    query: &str,
    note: &mut impl FnMut(String),
) -> Option<Statement<'c>> {
    let statement = connection
        .prepare(query)
        .map_err(|error| note(format!("`{key}` cannot be prepared: {error}")))
        .ok()?;
    if !statement.readonly() {
        note(format!("`{key}` is not read-only"));
    }
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or("?");
        if !TARGETS.contains(&name) && !OTHERS.contains(&name) {
            note(format!("`{key}` uses `{name}`, which is no parameter"));
        }
    }
    if !TARGETS.iter().any(|name| has(&statement, name)) {
        note(format!("`{key}` names nobody: it uses none of {}", TARGETS.join(", ")));
    }
    Some(statement)
}

fn has(statement: &Statement, name: &str) -> bool {
    matches!(statement.parameter_index(name), Ok(Some(_)))
}
