//! Codes that prove a contact to be its owner's.

use chrono::{DateTime, Utc};
use domain::{
    account::{Contact, ContactKind},
    id::CitizenId,
};
use sqlx::PgConnection;

use crate::{StoreError, contact::to_contact};

/// A code on its way.
#[derive(Debug)]
pub struct ConfirmationRow {
    /// Where it went.
    pub contact: Contact,
    /// A keyed hash of the code; none where no code shall fit.
    pub code_hash: Option<Vec<u8>>,
    /// How many tries are left.
    pub tries_left: u32,
    /// After this instant it is worthless.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a code in place of an earlier one of the same kind.
///
/// # Errors
/// [`StoreError`].
pub async fn put(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    new: &ConfirmationRow,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into confirmations (citizen_id, kind, address, code_hash, tries_left, sent_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (citizen_id, kind) do update set
             address = excluded.address, code_hash = excluded.code_hash, tries_left = excluded.tries_left,
             sent_at = excluded.sent_at, expires_at = excluded.expires_at",
        citizen_id.0,
        new.contact.kind().name(),
        new.contact.address(),
        new.code_hash,
        i16::try_from(new.tries_left).unwrap_or(i16::MAX),
        now,
        new.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Uses up one try and returns the code to compare with; none when there is none, it is too old,
/// or its tries are used up. The row is locked until the transaction ends, so that tries made at once all count.
///
/// # Errors
/// [`StoreError`].
pub async fn take_try(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    kind: ContactKind,
    now: DateTime<Utc>,
) -> Result<Option<ConfirmationRow>, StoreError> {
    let row = sqlx::query!(
        "update confirmations set tries_left = tries_left - 1
         where citizen_id = $1 and kind = $2 and tries_left > 0 and expires_at > $3
         returning kind, address, code_hash, tries_left, expires_at",
        citizen_id.0,
        kind.name(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| {
        Some(ConfirmationRow {
            contact: to_contact(&row.kind, row.address)?,
            code_hash: row.code_hash,
            tries_left: u32::try_from(row.tries_left).unwrap_or(0),
            expires_at: row.expires_at,
        })
    }))
}

/// Where the last code of this kind went, whatever became of it.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    kind: ContactKind,
) -> Result<Option<ConfirmationRow>, StoreError> {
    let row = sqlx::query!(
        "select kind, address, code_hash, tries_left, expires_at from confirmations where citizen_id = $1 and kind = $2",
        citizen_id.0,
        kind.name(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| {
        Some(ConfirmationRow {
            contact: to_contact(&row.kind, row.address)?,
            code_hash: row.code_hash,
            tries_left: u32::try_from(row.tries_left).unwrap_or(0),
            expires_at: row.expires_at,
        })
    }))
}

/// Removes a code that was used.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    kind: ContactKind,
) -> Result<(), StoreError> {
    sqlx::query!("delete from confirmations where citizen_id = $1 and kind = $2", citizen_id.0, kind.name())
        .execute(db)
        .await?;
    Ok(())
}

/// Removes codes that expired before `instant`.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_expired(db: &mut PgConnection, instant: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from confirmations where expires_at < $1", instant)
        .execute(db)
        .await?
        .rows_affected())
}
