//! Writes one agency's register.

use std::{collections::BTreeSet, path::Path};

use rusqlite::Connection;

use super::{agencies::Agency, canary, people::World, refunds};

/// Makes the file and fills it, in one transaction. Gives back the canaries in it.
///
/// # Errors
/// When it cannot be written, or is there already.
pub fn write(world: &World, agency: &Agency, file: &Path) -> rusqlite::Result<BTreeSet<String>> {
    let connection = Connection::open(file)?;
    // Nothing is lost when the machine stops: the folder is made anew then.
    connection.execute_batch(
        "pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
         pragma cache_size = -65536; begin;",
    )?;
    let (tables, indexes) = agency.schema.split_once("-- indexes").unwrap_or((agency.schema, ""));
    connection.execute_batch(tables)?;
    if agency.owes() {
        connection.execute_batch(refunds::TABLE)?;
    }
    (agency.fill)(world, &connection)?;
    connection.execute_batch(indexes)?;
    let canaries = planted(agency, &connection)?;
    connection.execute_batch("commit")?;
    Ok(canaries)
}

fn planted(agency: &Agency, connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut canaries = BTreeSet::new();
    for (table, column) in agency.canaries {
        let query = format!("select {column} from {table} where {column} like '% qz%'");
        let mut statement = connection.prepare(&query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            canaries.extend(canary::found(row.get_ref(0)?.as_str()?).map(str::to_owned));
        }
    }
    Ok(canaries)
}
