//! The jobs, one file each: idempotent, and never inside a transaction while they wait for somebody else.

pub mod clean_up;
pub mod send_message;

use std::time::Duration;

use graphile_worker::{LocalQueueConfig, Worker, WorkerOptions};

use crate::state::Portal;

/// The queue's schema.
const SCHEMA: &str = "graphile_worker";

/// A worker that runs the portal's jobs until the portal stops.
///
/// # Errors
/// As text, when the queue cannot be reached.
pub async fn worker(portal: &Portal) -> Result<Worker, String> {
    let stop = portal.stop.clone();
    WorkerOptions::default()
        .pg_pool(portal.pool.clone())
        .schema(SCHEMA)
        .concurrency(4)
        .poll_interval(Duration::from_secs(1))
        .local_queue(LocalQueueConfig::builder().size(100).build())
        // Jobs that a killed process had fetched are taken up again after seconds, not hours.
        .heartbeat_interval(Duration::from_secs(5))
        .sweep_interval(Duration::from_secs(10))
        .sweep_threshold(Duration::from_secs(20))
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move { stop.cancelled().await })
        .add_extension(portal.clone())
        .define_job::<send_message::SendMessage>()
        .define_job::<clean_up::CleanUp>()
        .with_cron("7 * * * * clean_up ?fill=1h")
        .map_err(|error| error.to_string())?
        .init()
        .await
        .map_err(|error| error.to_string())
}
