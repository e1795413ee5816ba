//! The portal's half of the log of exchanges: sealed into a chain every second, verified, and compared with an agency's.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    log::{Entry, Exchange, Head, Matching, Outcome, match_logs},
};
use store::exchange::{EndedRow, HeadRow, LineRow};
use uuid::Uuid;

use crate::state::Portal;

/// Between two looks for requests that have come to an end.
const EVERY: Duration = Duration::from_secs(1);
/// After so long without an end no reply can come any more: a ticket is in force for ten minutes.
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
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = portal.stop.cancelled() => return,
        }
    }
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
    if ended.is_empty() {
        // Not left to the connection's return: the next one to seal may be here before.
        tx.rollback().await?;
        return Ok(0);
    }
    let mut lines = Vec::with_capacity(ended.len());
    for row in ended {
        let (entry, next) = head.append(exchange_of(&row)?, now).map_err(|error| line(&error))?;
        head = next;
        let text = entry.canonical().map_err(|error| line(&error))?;
        lines.push(LineRow {
            subject_id: row.subject_id,
            request_id: row.request_id,
            number: number(entry.number)?,
            line: String::from_utf8(text).map_err(|error| line(&error))?,
            evidence: row.evidence,
        });
    }
    store::exchange::append(&mut tx, &lines, &head_row(agencies.client(), &head)).await?;
    tx.commit().await?;
    Ok(lines.len())
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
    /// Requests that are not sealed yet.
    pub unsealed: i64,
}

/// Reads the whole chain, and hands each entry to `each` after checking that it continues the one before.
///
/// # Errors
/// [`LogError`]; the first line that is not as it was written.
pub async fn verify(portal: &Portal, mut each: impl FnMut(Entry)) -> Result<Verified, LogError> {
    let mut db = portal.pool.acquire().await?;
    let unsealed = store::exchange::count_unsealed(&mut db).await?;
    let Some(end) = store::exchange::head(&mut db).await? else {
        let owner = portal.agencies.as_ref().map(|agencies| agencies.client().clone());
        let owner = owner.map_or_else(|| "madang".parse().map_err(|error| line(&error)), Ok)?;
        return Ok(Verified { head: Head::start(&owner), unsealed });
    };
    let owner: AgencyId = end.owner.parse().map_err(|error| line(&error))?;
    let mut head = Head::start(&owner);
    loop {
        let lines = store::exchange::lines_after(&mut db, number(head.entries)?, BATCH).await?;
        if lines.is_empty() {
            break;
        }
        for row in lines {
            head = follow(head, &row, &mut each)?;
        }
    }
    if head == head_of(&end)? {
        Ok(Verified { head, unsealed })
    } else {
        Err(LogError::Line(format!(
            "the chain has {} lines and was sealed with {}",
            head.entries, end.entries
        )))
    }
}

fn follow(head: Head, row: &LineRow, each: &mut impl FnMut(Entry)) -> Result<Head, LogError> {
    let bad = |what: &dyn std::fmt::Display| LogError::Line(format!("line {}: {what}", row.number));
    let entry = Entry::parse(row.line.as_bytes()).map_err(|refused| bad(&refused))?;
    let head = head.follow(&entry).map_err(|broken| bad(&broken))?;
    if number(entry.number)? != row.number || entry.exchange.request.uuid() != row.request_id {
        return Err(bad(&"it stands under another number or request"));
    }
    each(entry);
    Ok(head)
}

/// Compares the portal's log with that of one agency, given as lines (`madang-gateway log show`). The agency's chain is
/// verified as well.
///
/// # Errors
/// [`LogError`].
pub async fn matches(portal: &Portal, agency: &AgencyId, theirs: &str) -> Result<Matching, LogError> {
    let mut head = Head::start(agency);
    let mut answered = Vec::new();
    for (place, text) in theirs.lines().enumerate() {
        let bad = |what: &dyn std::fmt::Display| LogError::Line(format!("their line {}: {what}", place + 1));
        let entry = Entry::parse(text.as_bytes()).map_err(|refused| bad(&refused))?;
        head = head.follow(&entry).map_err(|broken| bad(&broken))?;
        answered.push(entry.exchange);
    }
    let mut asked: BTreeMap<Uuid, Exchange> = BTreeMap::new();
    let mut client = None;
    verify(portal, |entry| {
        client.get_or_insert_with(|| entry.exchange.ticket.client.clone());
        if entry.exchange.holder == *agency {
            asked.insert(entry.exchange.request.uuid(), entry.exchange);
        }
    })
    .await?;
    // Others ask the agency as well.
    let client = client.or_else(|| portal.agencies.as_ref().map(|agencies| agencies.client().clone()));
    answered.retain(|exchange| client.as_ref().is_none_or(|client| exchange.ticket.client == *client));
    Ok(match_logs(asked.values(), &answered))
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
