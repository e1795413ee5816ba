//! The portal's half of the log of exchanges: sealed into a chain every second, verified, and compared with an agency's.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    keys::KeyRing,
    log::{Entry, Exchange, Head, Matching, Mismatch, Outcome, Unlearned, match_logs},
    refusal::Refusal,
    sign::Evidence,
    ticket::Actor,
};
use store::exchange::{EndedRow, HeadRow, LineRow, Waiting};
use uuid::Uuid;

use crate::state::Portal;

/// Between two looks for requests that have come to an end.
const EVERY: Duration = Duration::from_secs(1);
/// So long after it was last asked, nobody asks a request again: it is sealed as one without a reply.
const OVERDUE: TimeDelta = TimeDelta::minutes(30);
/// Lines that are sealed or read at a time.
const BATCH: i64 = 500;

/// Why the log cannot be sealed or is not believed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Our database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A line, or what is to become one, is not as it has to be.
    #[error("{0}")]
    Line(String),
}

impl From<sqlx::Error> for LogError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Seals until the portal stops.
pub async fn keep_sealing(portal: Portal) {
    loop {
        // Whatever waits is sealed before the next pause; a fault is tried again after it.
        while match seal(&portal).await {
            Ok(sealed) => i64::try_from(sealed).is_ok_and(|sealed| sealed == BATCH),
            Err(error) => {
                tracing::warn!(%error, "the log of exchanges is not sealed");
                false
            }
        } {}
        show_waiting(&portal).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = portal.stop.cancelled() => return,
        }
    }
}

/// Shows how much is not sealed, and for how long: a chain that stands still is worth an alarm.
async fn show_waiting(portal: &Portal) {
    let Ok(mut db) = portal.pool.acquire().await else { return };
    let Ok(waiting) = store::exchange::waiting(&mut db).await else { return };
    let age = waiting.oldest.map_or(0, |oldest| (portal.now() - oldest).num_seconds().max(0));
    let number = |number: i64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    metrics::gauge!("madang_exchanges_unsealed").set(number(waiting.requests));
    metrics::gauge!("madang_exchanges_broken").set(number(waiting.broken));
    metrics::gauge!("madang_exchanges_oldest_seconds").set(number(age));
}

/// Takes what has come to an end into the chain; how many lines. Of several servers one seals at a time.
///
/// # Errors
/// [`LogError`].
pub async fn seal(portal: &Portal) -> Result<usize, LogError> {
    let Some(agencies) = &portal.agencies else { return Ok(0) };
    let now = portal.now();
    let start = head_row(agencies.client(), &Head::start(agencies.client()));
    let mut tx = portal.pool.begin().await?;
    let Some(row) = store::exchange::hold_head(&mut tx, &start).await? else { return Ok(0) };
    if row.owner != start.owner {
        return Err(LogError::Line(format!(
            "the chain is `{}`'s, and this portal is `{}`",
            row.owner, start.owner
        )));
    }
    let mut head = head_of(&row)?;
    let ended = store::exchange::take_ended(&mut tx, now - OVERDUE, BATCH).await?;
    let column = |of: fn(&EndedRow) -> Uuid| ended.iter().map(of).collect::<Vec<_>>();
    let (subjects, requests) = (column(|row| row.subject_id), column(|row| row.request_id));
    let known = store::exchange::are_sealed(&mut tx, &subjects, &requests).await?;
    let mut lines = Vec::with_capacity(ended.len());
    for row in ended.into_iter().filter(|row| !known.contains(&row.request_id)) {
        let key = (row.subject_id, row.request_id);
        match sealed(row, &mut head, now) {
            Ok(line) => lines.push(line),
            Err(error) => {
                // Left out, so that the others can be sealed.
                tracing::error!(request = %key.1, %error, "a request cannot be sealed");
                tx.rollback().await?;
                let mut db = portal.pool.acquire().await?;
                store::exchange::mark_broken(&mut db, key).await?;
                return Ok(0);
            }
        }
    }
    if lines.is_empty() {
        // Not left to the connection's return: the next one to seal may be here before.
        tx.commit().await?;
        return Ok(0);
    }
    store::exchange::append(&mut tx, &lines, &head_row(agencies.client(), &head)).await?;
    tx.commit().await?;
    Ok(lines.len())
}

/// The next line of the chain, whose end moves on to it.
fn sealed(row: EndedRow, head: &mut Head, now: DateTime<Utc>) -> Result<LineRow, LogError> {
    let (entry, next) = head.append(exchange_of(&row)?, now).map_err(|error| line(&error))?;
    let text = entry.canonical().map_err(|error| line(&error))?;
    let sealed = LineRow {
        subject_id: row.subject_id,
        request_id: row.request_id,
        number: number(entry.number)?,
        line: String::from_utf8(text).map_err(|error| line(&error))?,
        evidence: row.evidence,
        reply_evidence: row.reply_evidence,
    };
    *head = next;
    Ok(sealed)
}

fn exchange_of(row: &EndedRow) -> Result<Exchange, LogError> {
    let outcome = match &row.outcome {
        Some(outcome) => serde_json::from_str(outcome).map_err(|error| line(&error))?,
        None => Outcome::NoReply {},
    };
    Ok(Exchange {
        request: row.request_id.try_into().map_err(|error| line(&error))?,
        holder: row.holder.parse().map_err(|error| line(&error))?,
        ticket: exchange::ticket::Ticket::parse(row.ticket.as_bytes()).map_err(|error| line(&error))?,
        outcome,
    })
}

/// What a look through the whole chain has shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The end of the chain, to be noted elsewhere.
    pub head: Head,
    /// Requests that are not sealed yet, or cannot be.
    pub waiting: Waiting,
    /// Entries without proof: asked another way than the exchange's own, cut off before the signature was kept, or signed
    /// with keys that are not at hand.
    pub unproved: u64,
}

/// Reads the whole chain as it is at one instant, and hands each entry to `each` after checking that it continues the one
/// before, stands under the citizen whom it tells of, and was asked and answered by who it says. `noted` is an end of the
/// chain that was noted earlier: the chain has to have had it.
///
/// # Errors
/// [`LogError`]; the first line that is not as it was written.
pub async fn verify(
    portal: &Portal,
    noted: Option<Head>,
    mut each: impl FnMut(Entry),
) -> Result<Verified, LogError> {
    let mut tx = portal.pool.begin().await?;
    store::exchange::hold_still(&mut tx).await?;
    let waiting = store::exchange::waiting(&mut tx).await?;
    let lines = store::exchange::count_lines(&mut tx).await?;
    let end = store::exchange::head(&mut tx).await?;
    let owner = match (&end, &portal.agencies) {
        (Some(end), _) => end.owner.parse().map_err(|error| line(&error))?,
        (None, Some(agencies)) => agencies.client().clone(),
        (None, None) => return Err(LogError::Line("there is no log, and no agency to ask".to_owned())),
    };
    let mut reading = Reading { head: Head::start(&owner), unproved: 0, noted, keys: own_keys(portal) };
    loop {
        let lines = store::exchange::lines_after(&mut tx, number(reading.head.entries)?, BATCH).await?;
        if lines.is_empty() {
            break;
        }
        for row in &lines {
            each(reading.follow(row)?);
        }
    }
    tx.rollback().await?;
    let Reading { head, unproved, noted, .. } = reading;
    if let Some(noted) = noted {
        return Err(LogError::Line(format!(
            "the chain never ended with {} and {}",
            noted.entries, noted.digest
        )));
    }
    let sealed = end.as_ref().map_or_else(|| Ok(Head::start(&owner)), head_of)?;
    if number(head.entries)? != lines {
        return Err(LogError::Line(format!(
            "{lines} lines stand there, and {} belong to the chain",
            head.entries
        )));
    }
    if head == sealed {
        Ok(Verified { head, waiting, unproved })
    } else {
        Err(LogError::Line(format!(
            "the chain has {} lines and was sealed with {}",
            head.entries, sealed.entries
        )))
    }
}

/// How far a chain was read.
struct Reading<'a> {
    head: Head,
    unproved: u64,
    /// An end that the chain is yet to be seen to have had.
    noted: Option<Head>,
    keys: Option<&'a KeyRing>,
}

impl Reading<'_> {
    fn follow(&mut self, row: &LineRow) -> Result<Entry, LogError> {
        let bad = |what: &dyn std::fmt::Display| LogError::Line(format!("line {}: {what}", row.number));
        let entry = Entry::parse(row.line.as_bytes()).map_err(|refused| bad(&refused))?;
        let head = self.head.follow(&entry).map_err(|broken| bad(&broken))?;
        let exchange = &entry.exchange;
        if number(entry.number)? != row.number || exchange.request.uuid() != row.request_id {
            return Err(bad(&"it stands under another number or request"));
        }
        if let Actor::Citizen(citizen) = exchange.ticket.actor
            && citizen.uuid() != row.subject_id
        {
            return Err(bad(&"it stands under another citizen"));
        }
        self.prove(row, exchange).map_err(|what| bad(&what))?;
        self.head = head;
        if self.noted == Some(head) {
            self.noted = None;
        }
        Ok(entry)
    }

    /// Checks what proves the entry. A key that is not at hand proves nothing and denies nothing.
    fn prove(&mut self, row: &LineRow, exchange: &Exchange) -> Result<(), String> {
        let read = |text: &Option<String>| {
            text.as_deref()
                .map(serde_json::from_str::<Evidence>)
                .transpose()
                .map_err(|error| error.to_string())
        };
        let (asked, answered) = (read(&row.evidence)?, read(&row.reply_evidence)?);
        let proved = match (asked, answered, self.keys) {
            (Some(asked), None, Some(keys)) if exchange.outcome == (Outcome::NoReply {}) => {
                asked.proves(exchange, keys)
            }
            (Some(asked), Some(answered), Some(keys)) => answered.proves_reply(&asked, exchange, keys),
            _ => {
                self.unproved += 1;
                return Ok(());
            }
        };
        match proved {
            Ok(()) => Ok(()),
            Err(refused) if refused.code == Refusal::UnknownKey => {
                self.unproved += 1;
                Ok(())
            }
            Err(refused) => Err(refused.to_string()),
        }
    }
}

/// The keys of the portal and of its agencies.
fn own_keys(portal: &Portal) -> Option<&KeyRing> {
    portal.agencies.as_ref().map(agencies::Agencies::keys)
}

/// What a comparison with an agency's log has shown.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Compared {
    /// Where the logs tell different things.
    pub mismatches: Vec<Mismatch>,
    /// Where the portal did not learn the outcome.
    pub unlearned: Vec<Unlearned>,
    /// Requests of the agency's log that the portal has not sealed yet.
    pub unsealed: usize,
}

/// Compares the portal's log with that of one agency, given as lines (`madang-gateway log show`). The agency's chain is
/// verified as well.
///
/// # Errors
/// [`LogError`].
pub async fn matches(portal: &Portal, agency: &AgencyId, theirs: &str) -> Result<Compared, LogError> {
    let mut head = Head::start(agency);
    let mut answered = Vec::new();
    for (place, text) in theirs.lines().enumerate() {
        let bad = |what: &dyn std::fmt::Display| LogError::Line(format!("their line {}: {what}", place + 1));
        let entry = Entry::parse(text.as_bytes()).map_err(|refused| bad(&refused))?;
        head = head.follow(&entry).map_err(|broken| bad(&broken))?;
        answered.push(entry.exchange);
    }
    // Before the chain is read: what is sealed in between is then in both.
    let mut db = portal.pool.acquire().await?;
    let since = portal.now() - OVERDUE;
    let open = store::exchange::unsealed(&mut db, agency.as_str(), since).await?;
    let open: HashSet<Uuid> = open.into_iter().collect();
    drop(db);
    let mut asked = Vec::new();
    verify(portal, None, |entry| {
        if entry.exchange.holder == *agency {
            asked.push(entry.exchange);
        }
    })
    .await?;
    // Others ask the agency as well.
    let client = portal.agencies.as_ref().map(agencies::Agencies::client);
    answered.retain(|exchange| client.is_none_or(|client| exchange.ticket.client == *client));
    let sealed: HashSet<Uuid> = asked.iter().map(|exchange| exchange.request.uuid()).collect();
    let before = answered.len();
    answered.retain(|exchange| {
        let id = exchange.request.uuid();
        sealed.contains(&id) || !open.contains(&id)
    });
    let unsealed = before - answered.len();
    let Matching { mismatches, unlearned } = match_logs(&asked, &answered);
    Ok(Compared { mismatches, unlearned, unsealed })
}

fn head_row(owner: &AgencyId, head: &Head) -> HeadRow {
    HeadRow {
        owner: owner.as_str().to_owned(),
        entries: i64::try_from(head.entries).unwrap_or(i64::MAX),
        digest: head.digest.to_string(),
    }
}

fn head_of(row: &HeadRow) -> Result<Head, LogError> {
    let entries = u64::try_from(row.entries).map_err(|error| line(&error))?;
    let digest = Digest::try_from(row.digest.clone()).map_err(|error| line(&error))?;
    Ok(Head { entries, digest })
}

fn number(number: u64) -> Result<i64, LogError> {
    i64::try_from(number).map_err(|error| line(&error))
}

fn line(error: &dyn std::fmt::Display) -> LogError {
    LogError::Line(error.to_string())
}
