//! Sessions, found by the hash of the cookie's value.

use chrono::{DateTime, Utc};
use domain::{actor::Holder, id::SessionHandle};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;

/// A session as the middleware needs it.
#[derive(Debug)]
pub struct SessionRow {
    /// What it carries.
    pub data: Value,
    /// When it ends, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// A session as its holder sees it in a list.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// By which it can be ended.
    pub handle: Uuid,
    /// What the browser said it was.
    pub device: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
}

/// Whose a session is and what it shows in lists, taken out of its data by the caller.
#[derive(Clone, Debug)]
pub struct SessionOwner {
    /// Its public name.
    pub handle: SessionHandle,
    /// None before sign-in.
    pub holder: Option<Holder>,
    /// What the browser said it was.
    pub device: String,
}

/// Keeps a new session; false when its hash is taken.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    db: &mut PgConnection,
    id_hash: &[u8],
    owner: &SessionOwner,
    row: &SessionRow,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "insert into sessions (id_hash, handle, holder_kind, holder_id, data, device, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8) on conflict (id_hash) do nothing",
        id_hash,
        owner.handle.0,
        owner.holder.map(Holder::kind),
        owner.holder.map(Holder::id),
        row.data,
        owner.device,
        now,
        row.expires_at,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes a session that is still there. One that was ended stays ended: this never inserts.
///
/// # Errors
/// [`StoreError`].
pub async fn update(
    db: &mut PgConnection,
    id_hash: &[u8],
    owner: &SessionOwner,
    row: &SessionRow,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update sessions set holder_kind = $2, holder_id = $3, data = $4, expires_at = $5 where id_hash = $1",
        id_hash,
        owner.holder.map(Holder::kind),
        owner.holder.map(Holder::id),
        row.data,
        row.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The session, unless it is over.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    db: &mut PgConnection,
    id_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<SessionRow>, StoreError> {
    Ok(sqlx::query_as!(
        SessionRow,
        "select data, expires_at from sessions where id_hash = $1 and expires_at > $2",
        id_hash,
        now,
    )
    .fetch_optional(db)
    .await?)
}

/// Marks a session as used at `now`, unless it was used last before `idle_since`; false when it rested too long or is
/// gone. Writes at most once a minute.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(
    db: &mut PgConnection,
    id_hash: &[u8],
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let seen = sqlx::query_scalar!(
        "select seen_at from sessions where id_hash = $1 and seen_at > $2",
        id_hash,
        idle_since
    )
    .fetch_optional(&mut *db)
    .await?;
    if seen.is_some_and(|seen| now - seen >= chrono::TimeDelta::minutes(1)) {
        sqlx::query!(
            "update sessions set seen_at = $2 where id_hash = $1 and seen_at > $3",
            id_hash,
            now,
            idle_since
        )
        .execute(db)
        .await?;
    }
    Ok(seen.is_some())
}

/// Ends the session with this hash.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(db: &mut PgConnection, id_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("delete from sessions where id_hash = $1", id_hash).execute(db).await?;
    Ok(())
}

/// The open sessions of an account, the one used last first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    db: &mut PgConnection,
    holder: Holder,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<Vec<SessionLine>, StoreError> {
    Ok(sqlx::query_as!(
        SessionLine,
        "select handle, device, created_at, seen_at from sessions
         where holder_id = $1 and holder_kind = $2 and expires_at > $3 and seen_at > $4 order by seen_at desc, handle limit 100",
        holder.id(),
        holder.kind(),
        now,
        idle_since,
    )
    .fetch_all(db)
    .await?)
}

/// Ends one session of an account; false when it has no such session.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_by_handle(
    db: &mut PgConnection,
    holder: Holder,
    handle: SessionHandle,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "delete from sessions where holder_id = $1 and holder_kind = $2 and handle = $3",
        holder.id(),
        holder.kind(),
        handle.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends every session of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_all(db: &mut PgConnection, holder: Holder) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from sessions where holder_id = $1 and holder_kind = $2",
        holder.id(),
        holder.kind(),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Removes sessions that are over.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_expired(db: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from sessions where expires_at <= $1", now).execute(db).await?.rows_affected())
}
