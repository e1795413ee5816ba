//! The audit log: insert-only, in the transaction of what it tells.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{actor::Actor, id::EventId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;

/// One entry.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Its id.
    pub event_id: EventId,
    /// About whom.
    pub subject_id: Uuid,
    /// Who.
    pub actor: Actor,
    /// What, such as `account.signed_in`.
    pub action: &'static str,
    /// More, without personal data.
    pub detail: Value,
}

/// Writes an entry.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(db: &mut PgConnection, event: &AuditEvent, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into audit_events (subject_id, occurred_at, event_id, actor_kind, actor_id, action, detail)
         values ($1, $2, $3, $4, $5, $6, $7)",
        event.subject_id,
        now,
        event.event_id.0,
        event.actor.kind(),
        event.actor.id(),
        event.action,
        event.detail,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The actions told about a subject, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn actions_about(db: &mut PgConnection, subject_id: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select action from audit_events where subject_id = $1 order by occurred_at, event_id limit 1000",
        subject_id,
    )
    .fetch_all(db)
    .await?)
}

/// Makes the partitions of this month and the next two; how many were missing.
///
/// # Errors
/// [`StoreError`].
pub async fn prepare_months(db: &mut PgConnection, today: NaiveDate) -> Result<i32, StoreError> {
    Ok(sqlx::query_scalar!("select prepare_audit_months($1)", today).fetch_one(db).await?.unwrap_or(0))
}
