//! The jobs, one file each: idempotent, and never inside a transaction while they wait for somebody else.

pub mod clean_up;
pub mod reseal;
pub mod send_identity_code;
pub mod send_message;
pub mod send_reset_link;

use std::time::Duration;

use graphile_worker::{JobComplete, Worker, WorkerOptions};

use sqlx::PgPool;

use crate::state::Portal;

/// Jobs at once.
const SLOTS: usize = 4;
/// The queue's schema.
const SCHEMA: &str = "graphile_worker";

/// A worker that runs the portal's jobs until the portal stops.
///
/// # Errors
/// As text, when the queue cannot be reached.
pub async fn worker(portal: &Portal) -> Result<Worker, String> {
    let (stop, pool) = (portal.stop.clone(), portal.pool.clone());
    WorkerOptions::default()
        .pg_pool(portal.pool.clone())
        .schema(SCHEMA)
        .concurrency(SLOTS)
        .poll_interval(Duration::from_secs(1))
        // Each signal lets each slot take one job. Who has done one asks for the next, so that a backlog does not wait for
        // the poll.
        .on(JobComplete, move |_| wake(pool.clone()))
        // Jobs that a killed process had fetched are taken up again after seconds, not hours.
        .heartbeat_interval(Duration::from_secs(5))
        .sweep_interval(Duration::from_secs(10))
        .sweep_threshold(Duration::from_secs(20))
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move { stop.cancelled().await })
        .add_extension(portal.clone())
        .define_job::<send_message::SendMessage>()
        .define_job::<send_reset_link::SendResetLink>()
        .define_job::<send_identity_code::SendIdentityCode>()
        .define_job::<reseal::Reseal>()
        .define_job::<clean_up::CleanUp>()
        .with_cron("7 * * * * clean_up ?fill=1h")
        .map_err(|error| error.to_string())?
        .with_cron("17 * * * * reseal")
        .map_err(|error| error.to_string())?
        .init()
        .await
        .map_err(|error| error.to_string())
}

async fn wake(pool: PgPool) {
    let woken = match pool.acquire().await {
        Ok(mut db) => store::job::wake_if_any(&mut db).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = woken {
        tracing::debug!(%error, "the next job waits for the poll");
    }
}
