//! One line per request, by the door's path: what people typed into a query or a path is never written.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

/// Carries the request's id.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes the line and counts the request.
pub async fn record(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path =
        request.extensions().get::<MatchedPath>().map_or("other".to_owned(), |path| path.as_str().to_owned());
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .map_or_else(|| format!("{:016x}", next_id()), str::to_owned);
    let span = tracing::info_span!("request", id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::info!(status, micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), "served");
    });
    let labels = [("method", method.to_string()), ("path", path), ("status", status.to_string())];
    metrics::counter!("madang_requests_total", &labels).increment(1);
    metrics::histogram!("madang_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// Tells requests apart within the life of a process; no secret.
fn next_id() -> u64 {
    use std::{
        hash::{BuildHasher, RandomState},
        sync::{
            OnceLock,
            atomic::{AtomicU64, Ordering},
        },
    };
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static SEED: OnceLock<RandomState> = OnceLock::new();
    SEED.get_or_init(RandomState::new).hash_one(COUNT.fetch_add(1, Ordering::Relaxed))
}
