//! Tries per key.

use chrono::{DateTime, Utc};
use domain::throttle::Limit;
use sqlx::PgConnection;

use crate::StoreError;

/// Counts a try *before* it is made, so that many at once all count, and says until when to wait;
/// none when it may go on. A try that has to wait does not count again.
///
/// # Errors
/// [`StoreError`].
pub async fn count_try(
    db: &mut PgConnection,
    key: &[u8],
    limit: &Limit,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    // The upsert locks the row, so what is read here is what the update below changes.
    let row = sqlx::query!(
        "insert into throttles as t (key, tries, last_at, free_at) values ($1, 0, $2, null)
         on conflict (key) do update set tries = t.tries
         returning tries, last_at, free_at",
        key,
        now,
    )
    .fetch_one(&mut *db)
    .await?;
    if let Some(free_at) = row.free_at.filter(|free_at| *free_at > now) {
        return Ok(Some(free_at));
    }
    let (left, settled) = limit.drained(u32::try_from(row.tries).unwrap_or(0), row.last_at, now);
    let tries = left.saturating_add(1);
    let wait = limit.wait_after(tries.saturating_add(1));
    sqlx::query!(
        "update throttles set tries = $2, last_at = $3, free_at = $4 where key = $1",
        key,
        i32::try_from(tries).unwrap_or(i32::MAX),
        settled,
        (!wait.is_zero()).then(|| now + wait),
    )
    .execute(db)
    .await?;
    Ok(None)
}

/// Takes one try back, because it was no guess.
///
/// # Errors
/// [`StoreError`].
pub async fn refund(db: &mut PgConnection, key: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("update throttles set tries = greatest(tries - 1, 0), free_at = null where key = $1", key)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the tries of a key, because one succeeded.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(db: &mut PgConnection, key: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("delete from throttles where key = $1", key).execute(db).await?;
    Ok(())
}

/// Removes what nobody has tried since `instant`.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_older_than(db: &mut PgConnection, instant: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!(
        "delete from throttles where last_at < $1 and (free_at is null or free_at < $1)",
        instant
    )
    .execute(db)
    .await?
    .rows_affected())
}
