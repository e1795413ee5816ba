//! Requests to agencies, and the chain of lines they are sealed into. What the lines say is `exchange::log`'s to know.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;

/// A request that is about to leave.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The citizen whose case it is.
    pub subject_id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// Who is asked.
    pub holder: &'a str,
    /// Its ticket, canonical JSON.
    pub ticket: &'a str,
}

/// What [`begin`] has found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Begun {
    /// It was written just now.
    Now,
    /// It was written before, and has come to no end yet, or to the same one.
    Before,
    /// Its end is sealed: it may not leave again.
    Sealed,
}

/// A request that has come to an end and is not sealed yet.
#[derive(Debug)]
pub struct EndedRow {
    /// The citizen whose case it is.
    pub subject_id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// Who was asked.
    pub holder: String,
    /// Its ticket, canonical JSON.
    pub ticket: String,
    /// What became of it, JSON; none: no reply came.
    pub outcome: Option<String>,
    /// What proves that it was asked, JSON.
    pub evidence: Option<String>,
}

/// The end of the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeadRow {
    /// Who keeps it.
    pub owner: String,
    /// How many lines it has.
    pub entries: i64,
    /// The digest of the last, hexadecimal.
    pub digest: String,
}

/// A line of the chain.
#[derive(Debug)]
pub struct LineRow {
    /// The citizen whose case it is.
    pub subject_id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// Its place, from 1.
    pub number: i64,
    /// Canonical JSON.
    pub line: String,
    /// What proves that it was asked, JSON.
    pub evidence: Option<String>,
}

/// Writes that a request is about to leave; nothing, when it was written before.
///
/// # Errors
/// [`StoreError`].
pub async fn begin(
    db: &mut PgConnection,
    asking: Asking<'_>,
    now: DateTime<Utc>,
) -> Result<Begun, StoreError> {
    let found = sqlx::query!(
        r#"with sealed as (select from exchange_log where subject_id = $1 and request_id = $2),
           begun as (
               insert into exchanges (subject_id, request_id, asked_at, holder, ticket)
               select $1, $2, $3, $4, $5 where not exists (select from sealed) on conflict do nothing
               returning request_id
           )
           select exists (select from sealed) as "sealed!", exists (select from begun) as "now!""#,
        asking.subject_id,
        asking.request_id,
        now,
        asking.holder,
        asking.ticket,
    )
    .fetch_one(db)
    .await?;
    Ok(match (found.sealed, found.now) {
        (true, _) => Begun::Sealed,
        (false, true) => Begun::Now,
        (false, false) => Begun::Before,
    })
}

/// Takes back what [`begin`] wrote: the request has not left.
///
/// # Errors
/// [`StoreError`].
pub async fn take_back(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from exchanges where subject_id = $1 and request_id = $2 and outcome is null",
        subject_id,
        request_id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what became of a request. False when it had come to an end before.
///
/// # Errors
/// [`StoreError`].
pub async fn end(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
    outcome: &str,
    evidence: Option<&str>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update exchanges set outcome = $3, evidence = $4
         where subject_id = $1 and request_id = $2 and outcome is null",
        subject_id,
        request_id,
        outcome,
        evidence,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes up to `most` requests that have come to an end, or were asked before `overdue`, out of the table, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn take_ended(
    db: &mut PgConnection,
    overdue: DateTime<Utc>,
    most: i64,
) -> Result<Vec<EndedRow>, StoreError> {
    Ok(sqlx::query_as!(
        EndedRow,
        "with ended as (
             select subject_id, request_id from exchanges where outcome is not null or asked_at < $1
             order by asked_at limit $2 for update skip locked
         ), taken as (
             delete from exchanges using ended
             where exchanges.subject_id = ended.subject_id and exchanges.request_id = ended.request_id
             returning exchanges.*
         )
         select subject_id, request_id, holder, ticket, outcome, evidence from taken order by asked_at, request_id",
        overdue,
        most,
    )
    .fetch_all(db)
    .await?)
}

/// How many requests are not sealed yet.
///
/// # Errors
/// [`StoreError`].
pub async fn count_unsealed(db: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "count!" from exchanges"#).fetch_one(db).await?)
}

/// The end of the chain, made with `start` where there is none, and held until the transaction ends. None when somebody
/// else holds it.
///
/// # Errors
/// [`StoreError`].
pub async fn hold_head(db: &mut PgConnection, start: &HeadRow) -> Result<Option<HeadRow>, StoreError> {
    sqlx::query!(
        "insert into exchange_log_head (is_head, owner, entries, digest) values (true, $1, $2, $3)
         on conflict (is_head) do nothing",
        start.owner,
        start.entries,
        start.digest,
    )
    .execute(&mut *db)
    .await?;
    Ok(sqlx::query_as!(
        HeadRow,
        "select owner, entries, digest from exchange_log_head where is_head for update skip locked"
    )
    .fetch_optional(db)
    .await?)
}

/// The end of the chain; none, when nothing was ever sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn head(db: &mut PgConnection) -> Result<Option<HeadRow>, StoreError> {
    Ok(sqlx::query_as!(HeadRow, "select owner, entries, digest from exchange_log_head where is_head")
        .fetch_optional(db)
        .await?)
}

/// Adds lines to the chain, which then ends with `head`.
///
/// # Errors
/// [`StoreError`].
pub async fn append(db: &mut PgConnection, lines: &[LineRow], head: &HeadRow) -> Result<(), StoreError> {
    let column = |of: fn(&LineRow) -> Uuid| lines.iter().map(of).collect::<Vec<_>>();
    let numbers: Vec<i64> = lines.iter().map(|line| line.number).collect();
    let texts: Vec<String> = lines.iter().map(|line| line.line.clone()).collect();
    let evidence: Vec<Option<String>> = lines.iter().map(|line| line.evidence.clone()).collect();
    sqlx::query!(
        "insert into exchange_log (subject_id, request_id, number, line, evidence)
         select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[])",
        &column(|line| line.subject_id),
        &column(|line| line.request_id),
        &numbers,
        &texts,
        &evidence as &[Option<String>],
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update exchange_log_head set entries = $1, digest = $2 where is_head",
        head.entries,
        head.digest
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Up to `most` lines after `number`, in their order.
///
/// # Errors
/// [`StoreError`].
pub async fn lines_after(db: &mut PgConnection, number: i64, most: i64) -> Result<Vec<LineRow>, StoreError> {
    Ok(sqlx::query_as!(
        LineRow,
        "select subject_id, request_id, number, line, evidence from exchange_log
         where number > $1 order by number limit $2",
        number,
        most,
    )
    .fetch_all(db)
    .await?)
}
