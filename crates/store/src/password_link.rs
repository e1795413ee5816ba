//! Links that set a password, found by the hash of their token.

use chrono::{DateTime, Utc};
use domain::actor::Holder;
use sqlx::PgConnection;

use crate::StoreError;

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// The password was lost.
    Reset,
    /// The first password of an officer.
    SetUp,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::SetUp => "set-up",
        }
    }
}

/// Keeps a link in place of earlier ones of the same account.
///
/// # Errors
/// [`StoreError`].
pub async fn put(
    db: &mut PgConnection,
    token_hash: &[u8],
    purpose: Purpose,
    holder: Holder,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    delete_of(db, holder).await?;
    sqlx::query!(
        "insert into password_links (token_hash, purpose, holder_kind, holder_id, expires_at)
         values ($1, $2, $3, $4, $5)",
        token_hash,
        purpose.name(),
        holder.kind(),
        holder.id(),
        expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose link this is, if it still opens something.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    db: &mut PgConnection,
    token_hash: &[u8],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<Holder>, StoreError> {
    let row = sqlx::query!(
        "select holder_kind, holder_id from password_links where token_hash = $1 and purpose = $2 and expires_at > $3",
        token_hash,
        purpose.name(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| Holder::from_parts(&row.holder_kind, row.holder_id)))
}

/// Uses a link up: of two who try at once, one gets the holder.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    db: &mut PgConnection,
    token_hash: &[u8],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<Holder>, StoreError> {
    let row = sqlx::query!(
        "delete from password_links where token_hash = $1 and purpose = $2 and expires_at > $3
         returning holder_kind, holder_id",
        token_hash,
        purpose.name(),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| Holder::from_parts(&row.holder_kind, row.holder_id)))
}

/// Removes the links of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of(db: &mut PgConnection, holder: Holder) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from password_links where holder_id = $1 and holder_kind = $2",
        holder.id(),
        holder.kind()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes links that are too old.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_expired(db: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from password_links where expires_at <= $1", now)
        .execute(db)
        .await?
        .rows_affected())
}
