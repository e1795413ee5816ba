//! Requests to agencies, and the chain of lines they are sealed into. What the lines say is `exchange::log`'s to know.

use chrono::{DateTime, Utc};
use sqlx::{Connection as _, PgConnection};
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
    /// It may leave.
    Open,
    /// It has come to an end, or was begun with another ticket or holder: it may not leave again.
    Closed,
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
    /// What proves that it was answered so, JSON.
    pub reply_evidence: Option<String>,
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
    /// What proves that it was answered so, JSON.
    pub reply_evidence: Option<String>,
}

/// Writes that a request is about to leave, or to leave again.
///
/// # Errors
/// [`StoreError`].
pub async fn begin(
    db: &mut PgConnection,
    asking: Asking<'_>,
    now: DateTime<Utc>,
) -> Result<Begun, StoreError> {
    let begun = sqlx::query!(
        "insert into exchanges (subject_id, request_id, asked_at, holder, ticket) values ($1, $2, $3, $4, $5)
         on conflict (subject_id, request_id) do update
             set tries = exchanges.tries + 1, asked_at = greatest(exchanges.asked_at, excluded.asked_at)
             where exchanges.outcome is null
                 and exchanges.ticket = excluded.ticket and exchanges.holder = excluded.holder",
        asking.subject_id,
        asking.request_id,
        now,
        asking.holder,
        asking.ticket,
    )
    .execute(&mut *db)
    .await?;
    if begun.rows_affected() == 0 {
        return Ok(Begun::Closed);
    }
    // A statement of its own: it sees what was sealed while the first one waited for the row.
    if are_sealed(db, &[asking.subject_id], &[asking.request_id]).await?.is_empty() {
        return Ok(Begun::Open);
    }
    take_back(db, (asking.subject_id, asking.request_id)).await?;
    Ok(Begun::Closed)
}

/// Which of these requests are sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn are_sealed(
    db: &mut PgConnection,
    subjects: &[Uuid],
    requests: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select log.request_id from exchange_log log
         join unnest($1::uuid[], $2::uuid[]) as asked(subject_id, request_id) using (subject_id, request_id)",
        subjects,
        requests,
    )
    .fetch_all(db)
    .await?)
}

/// Takes back one [`begin`]: this time the request has not left.
///
/// # Errors
/// [`StoreError`].
pub async fn take_back(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    sqlx::query!(
        "update exchanges set tries = tries - 1 where subject_id = $1 and request_id = $2",
        subject_id,
        request_id
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from exchanges where subject_id = $1 and request_id = $2 and tries = 0 and outcome is null",
        subject_id,
        request_id
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// What became of it, JSON.
    pub outcome: &'a str,
    /// What proves that it was asked, JSON.
    pub evidence: Option<&'a str>,
    /// What proves that it was answered so, JSON.
    pub reply_evidence: Option<&'a str>,
}

/// Writes what became of a request. False when something else had become of it before, or it is sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn end(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
    ending: Ending<'_>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update exchanges set outcome = $3, evidence = $4, reply_evidence = $5
         where subject_id = $1 and request_id = $2 and (outcome is null or outcome = $3)",
        subject_id,
        request_id,
        ending.outcome,
        ending.evidence,
        ending.reply_evidence,
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
             select subject_id, request_id from exchanges
             where (outcome is not null or asked_at < $1) and not is_broken
             order by asked_at limit $2 for update skip locked
         ), taken as (
             delete from exchanges using ended
             where exchanges.subject_id = ended.subject_id and exchanges.request_id = ended.request_id
             returning exchanges.*
         )
         select subject_id, request_id, holder, ticket, outcome, evidence, reply_evidence
         from taken order by asked_at, request_id",
        overdue,
        most,
    )
    .fetch_all(db)
    .await?)
}

/// Leaves a request that cannot be sealed out, so that the others can.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_broken(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
) -> Result<(), StoreError> {
    sqlx::query!(
        "update exchanges set is_broken = true where subject_id = $1 and request_id = $2",
        subject_id,
        request_id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// From here on the transaction sees everything as it is at this instant.
///
/// # Errors
/// [`StoreError`].
pub async fn hold_still(tx: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("set transaction isolation level repeatable read read only").execute(tx).await?;
    Ok(())
}

/// The requests to a holder that were asked after `since` and are not sealed yet; those that cannot be are not among them.
///
/// # Errors
/// [`StoreError`].
pub async fn unsealed(
    db: &mut PgConnection,
    holder: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select request_id from exchanges where holder = $1 and asked_at >= $2 and not is_broken",
        holder,
        since,
    )
    .fetch_all(db)
    .await?)
}

/// What is not sealed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Waiting {
    /// How many requests will be.
    pub requests: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<DateTime<Utc>>,
    /// How many cannot be.
    pub broken: i64,
}

/// What is not sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(db: &mut PgConnection) -> Result<Waiting, StoreError> {
    Ok(sqlx::query_as!(
        Waiting,
        r#"select count(*) filter (where not is_broken) as "requests!",
                  min(asked_at) filter (where not is_broken) as oldest,
                  count(*) filter (where is_broken) as "broken!"
           from exchanges"#
    )
    .fetch_one(db)
    .await?)
}

/// How many lines there are, whatever their numbers.
///
/// # Errors
/// [`StoreError`].
pub async fn count_lines(db: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "count!" from exchange_log"#).fetch_one(db).await?)
}

/// Keeps what proves that a request was asked which has no reply yet.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_evidence(
    db: &mut PgConnection,
    (subject_id, request_id): (Uuid, Uuid),
    evidence: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update exchanges set evidence = $3 where subject_id = $1 and request_id = $2 and outcome is null",
        subject_id,
        request_id,
        evidence,
    )
    .execute(db)
    .await?;
    Ok(())
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
    let evidence: Vec<_> = lines.iter().map(|line| line.evidence.clone()).collect();
    let of_replies: Vec<_> = lines.iter().map(|line| line.reply_evidence.clone()).collect();
    sqlx::query!(
        "insert into exchange_log (subject_id, request_id, number, line, evidence, reply_evidence)
         select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[])",
        &column(|line| line.subject_id),
        &column(|line| line.request_id),
        &numbers,
        &texts,
        &evidence as &[Option<String>],
        &of_replies as &[Option<String>],
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
        "select subject_id, request_id, number, line, evidence, reply_evidence from exchange_log
         where number > $1 order by number limit $2",
        number,
        most,
    )
    .fetch_all(db)
    .await?)
}
