//! The way in: HTTP in, pages out.

mod assets;
mod ctx;
mod doors;
mod error;
mod form;
mod health;
mod kept;
mod log;
mod origin;
mod pages;
mod prefix;
mod security;
mod serve;
mod session;
mod visitor;

use std::time::Duration;

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::Response,
};
pub use ctx::Ctx;
pub use doors::mounted;
use tokio::net::TcpListener;
use tower::{Layer, util::BoxCloneSyncService};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    timeout::TimeoutLayer,
};

use crate::state::Portal;

/// The whole way in, as one service.
pub type Web = BoxCloneSyncService<Request, Response, std::convert::Infallible>;

/// Builds the way in. From the outside to the inside: language prefix, log, headers, what was typed, error pages,
/// compression, time limit, same-origin check, session, visitor, door.
///
/// # Panics
/// When the table of doors and the handlers do not agree.
pub fn service(portal: &Portal) -> Web {
    let time = Duration::from_secs(portal.config.request_timeout);
    let timeout = TimeoutLayer::with_status_code(http::StatusCode::SERVICE_UNAVAILABLE, time);
    let (pages, plain) = pages::routers(portal);
    let router: Router = pages
        .fallback(error::not_found)
        .layer(from_fn_with_state(portal.clone(), visitor::load))
        .layer(session::layer(portal))
        .layer(map_response(session::remove_whole))
        .merge(plain)
        .layer(from_fn_with_state(portal.clone(), origin::check))
        .layer(DefaultBodyLimit::max(kept::LARGEST))
        .layer(timeout)
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(from_fn_with_state(portal.clone(), error::pages))
        .layer(from_fn_with_state((portal.clone(), kept::Reading::with_pause(time)), kept::keep))
        .layer(from_fn_with_state(portal.clone(), security::headers))
        .layer(from_fn(log::record))
        .with_state(portal.clone());
    // Around the router, because the prefix has to be gone before a route is chosen.
    BoxCloneSyncService::new(prefix::PrefixLayer.layer(router))
}

/// Serves until the portal is told to stop, then lets requests that have begun finish.
pub async fn serve(portal: &Portal, listener: TcpListener) {
    serve::serve(portal, service(portal), listener).await;
}

/// Starts counting requests for `/metrics`.
pub fn start_counting(portal: &Portal) {
    let Some(recorder) = health::recorder() else {
        tracing::warn!("requests are not counted: another recorder is installed");
        return;
    };
    let stop = portal.stop.clone();
    portal.tasks.spawn(async move {
        // Samples pile up until they are summed; nobody may ever scrape.
        while tokio::time::timeout(Duration::from_secs(5), stop.cancelled()).await.is_err() {
            recorder.run_upkeep();
        }
    });
}

/// The peer's address, where the request came over a socket.
fn peer(request: &http::Extensions) -> Option<std::net::IpAddr> {
    request.get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip())
}
