use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};
use domain::{clock::Clock, service::AgencyId};
use exchange::log::{Entry, Head};
use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::mpsc;

use super::{Kept, LogError, Waiting};

/// The most entries that go to the disk together.
const TOGETHER: usize = 256;

/// Starts the thread that writes what is `waiting`.
pub(super) fn start(
    mut connection: Connection,
    (mut head, owner): (Head, AgencyId),
    mut waiting: mpsc::Receiver<Waiting>,
    clock: Box<dyn Clock>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut batch = Vec::with_capacity(TOGETHER);
        while waiting.blocking_recv_many(&mut batch, TOGETHER) > 0 {
            match write(&mut connection, head, &batch, clock.now()) {
                Ok((next, kept)) => {
                    head = next;
                    for (entry, kept) in batch.drain(..).zip(kept) {
                        // Whoever asked may be gone; the entry stays.
                        drop(entry.done.send(Ok(kept)));
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the log was not written");
                    batch.drain(..).for_each(|entry| drop(entry.done.send(Err(LogError::Closed))));
                    // A commit that failed may have reached the disk: go on from what stands there.
                    if let Ok(found) = super::head(&connection, &owner) {
                        head = found;
                    }
                }
            }
        }
    })
}

/// Writes a batch in one transaction: all of it, or nothing.
fn write(
    connection: &mut Connection,
    mut head: Head,
    batch: &[Waiting],
    now: DateTime<Utc>,
) -> Result<(Head, Vec<Kept>), LogError> {
    let transaction = connection.transaction()?;
    let mut all = Vec::with_capacity(batch.len());
    for waiting in batch {
        let request = waiting.exchange.request.to_string();
        let number = head.entries + 1;
        let bad = |error: &dyn std::fmt::Display| LogError::Entry(number, error.to_string());
        let mut find = transaction.prepare_cached("select line from entries where request = ?1")?;
        let found: Option<String> = find.query_row([&request], |row| row.get(0)).optional()?;
        if let Some(line) = found {
            let entry = Entry::parse(line.as_bytes()).map_err(|refused| bad(&refused))?;
            all.push(if entry.exchange == waiting.exchange { Kept::Same } else { Kept::Other });
            continue;
        }
        let (entry, next) = head.append(waiting.exchange.clone(), now).map_err(|refused| bad(&refused))?;
        let line = entry.canonical().map_err(|refused| bad(&refused))?;
        let line = String::from_utf8(line).map_err(|error| bad(&error))?;
        let evidence = serde_json::to_string(&waiting.evidence).map_err(|error| bad(&error))?;
        transaction
            .prepare_cached("insert into entries (number, request, line, evidence) values (?1, ?2, ?3, ?4)")?
            .execute((number, &request, &line, &evidence))?;
        head = next;
        all.push(Kept::Same);
    }
    transaction.commit()?;
    Ok((head, all))
}
