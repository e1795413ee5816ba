//! Answers for machines.

use std::sync::OnceLock;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::state::Portal;

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers, has every migration, and the catalogue is loaded.
pub async fn ready(State(portal): State<Portal>) -> Response {
    let database = store::migrate::is_current(&portal.pool).await;
    let catalogue = portal.catalogue.load().is_some();
    match (database, catalogue) {
        (Ok(true), true) => "ready\n".into_response(),
        (Ok(true), false) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the catalogue is not loaded yet\n").into_response()
        }
        (Ok(false), _) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated\n").into_response(),
        (Err(error), _) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Counters and timings in Prometheus' text format.
pub async fn metrics() -> Response {
    match recorder() {
        Some(handle) => handle.render().into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Starts counting; later calls give the same recorder.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
            PrometheusBuilder::new().set_buckets(&buckets).ok()?.install_recorder().ok()
        })
        .as_ref()
}
