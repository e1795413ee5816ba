use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};
use domain::{clock::Clock, service::AgencyId};
use exchange::{
    log::{Entry, Exchange, Head, Outcome},
    moment::Moment,
    refusal::{Refusal, Refused},
};
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use tokio::sync::mpsc;

use super::{
    Kept, LogError, Note, Waiting,
    read::{gives, withdrawn},
};

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
    // Whoever sends them again after this is refused by the time they were signed at.
    transaction
        .prepare_cached("delete from received where until <= ?1")?
        .execute([Moment::from(now).seconds()])?;
    let mut all = Vec::with_capacity(batch.len());
    for Waiting { note, .. } in batch {
        receive(&transaction, note)?;
        let (next, kept) = keep(&transaction, head, note, now)?;
        head = next;
        all.push(kept);
    }
    transaction.commit()?;
    Ok((head, all))
}

/// Notes the message itself: also that of a retry, which has no entry of its own.
fn receive(transaction: &Transaction, note: &Note) -> Result<(), LogError> {
    let noted = &note.noted;
    transaction
        .prepare_cached("insert or ignore into received (until, client, nonce) values (?1, ?2, ?3)")?
        .execute((noted.until.seconds(), noted.sender.as_str(), noted.nonce.0))?;
    Ok(())
}

/// Writes an entry, unless the request stands there. The order of entries decides what came first, a pull or the
/// withdrawal of its consent.
fn keep(
    transaction: &Transaction,
    head: Head,
    note: &Note,
    now: DateTime<Utc>,
) -> Result<(Head, Kept), LogError> {
    let mut exchange = note.exchange.clone();
    let client = &exchange.ticket.client;
    let withdrawn = match exchange.ticket.ground.consent() {
        Some(consent) if gives(&exchange) => withdrawn(transaction, client, consent)?,
        _ => false,
    };
    let kept = if withdrawn { Kept::Withdrawn } else { Kept::Same };
    if withdrawn {
        exchange.outcome = Outcome::Refused { code: Refusal::ConsentWithdrawn };
    }
    if let Some((line, fingerprint)) = find(transaction, &exchange)? {
        let bad = |refused: Refused| LogError::Entry(head.entries, refused.to_string());
        return Ok((
            head,
            if fingerprint != note.fingerprint.to_string() {
                Kept::Other
            } else if withdrawn || Entry::parse(line.as_bytes()).map_err(bad)?.exchange == exchange {
                kept
            } else {
                Kept::Changed
            },
        ));
    }
    take_back(transaction, note)?;
    Ok((append(transaction, head, (exchange, note), now)?, kept))
}

fn find(transaction: &Transaction, exchange: &Exchange) -> Result<Option<(String, String)>, LogError> {
    let mut find = transaction
        .prepare_cached("select line, fingerprint from entries where client = ?1 and request = ?2")?;
    let key = (exchange.ticket.client.as_str(), exchange.request.to_string());
    Ok(find.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Keeps an accepted withdrawal. Of several of one consent the earliest instant stays, in whichever order they come.
fn take_back(transaction: &Transaction, note: &Note) -> Result<(), LogError> {
    let ticket = &note.exchange.ticket;
    if let (Some(consent), Some(withdrawn)) = (ticket.ground.consent(), note.withdrawn) {
        let query = "insert into withdrawals (client, consent, withdrawn) values (?1, ?2, ?3)
             on conflict (client, consent) do update set withdrawn = min(withdrawn, excluded.withdrawn)";
        transaction.prepare_cached(query)?.execute((
            ticket.client.as_str(),
            consent.to_string(),
            withdrawn.to_string(),
        ))?;
    }
    Ok(())
}

fn append(
    transaction: &Transaction,
    head: Head,
    (exchange, note): (Exchange, &Note),
    now: DateTime<Utc>,
) -> Result<Head, LogError> {
    let number = head.entries + 1;
    let bad = |error: &dyn std::fmt::Display| LogError::Entry(number, error.to_string());
    let (client, request) = (exchange.ticket.client.clone(), exchange.request.to_string());
    let (entry, next) = head.append(exchange, now).map_err(|refused| bad(&refused))?;
    let line = entry.canonical().map_err(|refused| bad(&refused))?;
    let line = String::from_utf8(line).map_err(|error| bad(&error))?;
    let evidence = serde_json::to_string(&note.evidence).map_err(|error| bad(&error))?;
    let query = "insert into entries (number, client, request, fingerprint, line, evidence)
         values (?1, ?2, ?3, ?4, ?5, ?6)";
    transaction.prepare_cached(query)?.execute((
        number,
        client.as_str(),
        &request,
        note.fingerprint.to_string(),
        &line,
        &evidence,
    ))?;
    Ok(next)
}
