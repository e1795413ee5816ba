use std::collections::BTreeMap;

use domain::service::RecordKindId;
use rusqlite::Statement;

use super::Sqlite;
use crate::{
    config::{Kind, Type},
    register::check::{self, Prepared},
};

impl Sqlite {
    /// Everything in which the mapping does not fit the register: one sentence each.
    pub(in crate::register) fn faults(
        &self,
        kinds: &BTreeMap<RecordKindId, std::sync::Arc<Kind>>,
    ) -> Vec<String> {
        let connection = match self.open() {
            Ok(connection) => connection,
            Err(error) => return vec![format!("the register cannot be opened: {error}")],
        };
        let mut faults = Vec::new();
        for (id, kind) in kinds {
            let mut note = |message: String| faults.push(format!("kind `{id}`: {message}"));
            for (key, query) in [("query", &kind.query), ("verify", &kind.verify)] {
                let Some(query) = query else { continue };
                let statement = match connection.prepare(query) {
                    Ok(statement) => statement,
                    Err(error) => {
                        note(format!("`{key}` cannot be prepared: {error}"));
                        continue;
                    }
                };
                if !statement.readonly() {
                    note(format!("`{key}` is not read-only"));
                }
                let prepared = prepared(&statement);
                match key {
                    "query" => check::pull(&prepared, kind, fits, &mut note),
                    _ => check::verify(&prepared, &mut note),
                }
            }
        }
        faults
    }
}

fn prepared<'s>(statement: &'s Statement) -> Prepared<'s> {
    let used = (1..=statement.parameter_count()).map(|at| statement.parameter_name(at).unwrap_or("?"));
    let types = statement.columns();
    // An expression has no declared type.
    let types = types.iter().map(|column| column.decl_type().map(str::to_ascii_uppercase));
    Prepared { used: used.collect(), columns: statement.column_names().into_iter().zip(types).collect() }
}

fn fits(item_type: Type, declared: &str) -> bool {
    item_type.is_whole() == (declared.contains("INT") || declared.contains("BOOL"))
}
