//! The job queue, as the place where use cases leave what has to happen outside of their transaction.

use serde::Serialize;
use sqlx::PgConnection;

use crate::StoreError;

/// Enqueues a job in the caller's transaction: it exists exactly if the transaction commits.
///
/// # Errors
/// [`StoreError`].
pub async fn enqueue(db: &mut PgConnection, task: &str, payload: &impl Serialize) -> Result<(), StoreError> {
    let payload = serde_json::to_value(payload)
        .map_err(|error| StoreError::Other(sqlx::Error::Encode(Box::new(error))))?;
    sqlx::query("select graphile_worker.add_job($1, $2::json)").bind(task).bind(payload).execute(db).await?;
    Ok(())
}

/// Signals the workers, if a job is due.
///
/// # Errors
/// [`StoreError`].
pub async fn wake_if_any(db: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query(
        "select pg_notify('jobs:insert', '{}')
         where exists (select from graphile_worker._private_jobs where is_available and run_at <= now())",
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many jobs wait or run.
///
/// # Errors
/// [`StoreError`].
pub async fn count_open(db: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("select count(*) from graphile_worker._private_jobs").fetch_one(db).await?)
}
