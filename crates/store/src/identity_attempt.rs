//! Somebody waits for the code that proves who they are.

use chrono::{DateTime, Utc};
use domain::id::CitizenId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{StoreError, sealed::Sealed};

/// An attempt; an account has one at a time.
#[derive(Debug)]
pub struct AttemptRow {
    /// The account.
    pub citizen_id: CitizenId,
    /// Names it in tickets.
    pub case_id: Uuid,
    /// Who it is said to be; none where the register did not confirm it: then no code fits.
    pub claim: Option<Claim>,
    /// A keyed hash of the code; none until it was sent.
    pub code_hash: Option<Vec<u8>>,
    /// How many tries are left.
    pub tries_left: u32,
    /// After this instant it is worthless.
    pub expires_at: DateTime<Utc>,
}

/// Name and number that the register has confirmed.
#[derive(Debug)]
pub struct Claim {
    /// The name.
    pub name: String,
    /// The number.
    pub number: Sealed,
}

impl Claim {
    fn of(name: Option<String>, bytes: Option<Vec<u8>>, key: Option<String>) -> Option<Self> {
        Some(Self { name: name?, number: Sealed { key: key?, bytes: bytes? } })
    }
}

/// Begins an attempt in place of an earlier one.
///
/// # Errors
/// [`StoreError`].
pub async fn put(db: &mut PgConnection, new: &AttemptRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let claim = new.claim.as_ref();
    sqlx::query!(
        "insert into identity_attempts
             (citizen_id, case_id, name, number_sealed, number_key, code_hash, tries_left, started_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (citizen_id) do update set
             case_id = excluded.case_id, name = excluded.name, number_sealed = excluded.number_sealed,
             number_key = excluded.number_key, code_hash = excluded.code_hash, tries_left = excluded.tries_left,
             started_at = excluded.started_at, expires_at = excluded.expires_at",
        new.citizen_id.0,
        new.case_id,
        claim.map(|claim| claim.name.as_str()),
        claim.map(|claim| claim.number.bytes.as_slice()),
        claim.map(|claim| claim.number.key.as_str()),
        new.code_hash,
        i16::try_from(new.tries_left).unwrap_or(i16::MAX),
        now,
        new.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The attempt of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn find(db: &mut PgConnection, citizen_id: CitizenId) -> Result<Option<AttemptRow>, StoreError> {
    let row = sqlx::query!(
        "select case_id, name, number_sealed, number_key, code_hash, tries_left, expires_at
         from identity_attempts where citizen_id = $1",
        citizen_id.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| AttemptRow {
        citizen_id,
        case_id: row.case_id,
        claim: Claim::of(row.name, row.number_sealed, row.number_key),
        code_hash: row.code_hash,
        tries_left: u32::try_from(row.tries_left).unwrap_or(0),
        expires_at: row.expires_at,
    }))
}

/// Keeps the code's hash, unless there is one already, or another attempt has begun. Whether it did.
///
/// # Errors
/// [`StoreError`].
pub async fn set_code(
    db: &mut PgConnection,
    (citizen_id, case_id): (CitizenId, Uuid),
    code_hash: &[u8],
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update identity_attempts set code_hash = $3
         where citizen_id = $1 and case_id = $2 and code_hash is null",
        citizen_id.0,
        case_id,
        code_hash,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up one try and returns the attempt to compare with; none when there is none, it is too old, or its tries are used
/// up. The row is locked until the transaction ends, so that tries made at once all count.
///
/// # Errors
/// [`StoreError`].
pub async fn take_try(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    now: DateTime<Utc>,
) -> Result<Option<AttemptRow>, StoreError> {
    let row = sqlx::query!(
        "update identity_attempts set tries_left = tries_left - 1
         where citizen_id = $1 and tries_left > 0 and expires_at > $2
         returning case_id, name, number_sealed, number_key, code_hash, tries_left, expires_at",
        citizen_id.0,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| AttemptRow {
        citizen_id,
        case_id: row.case_id,
        claim: Claim::of(row.name, row.number_sealed, row.number_key),
        code_hash: row.code_hash,
        tries_left: u32::try_from(row.tries_left).unwrap_or(0),
        expires_at: row.expires_at,
    }))
}

/// Ends the attempt of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(db: &mut PgConnection, citizen_id: CitizenId) -> Result<(), StoreError> {
    sqlx::query!("delete from identity_attempts where citizen_id = $1", citizen_id.0).execute(db).await?;
    Ok(())
}

/// Removes attempts that expired before `instant`.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_expired(db: &mut PgConnection, instant: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from identity_attempts where expires_at < $1", instant)
        .execute(db)
        .await?
        .rows_affected())
}
