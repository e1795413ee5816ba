//! Listens: connection by connection, with the limits that keep a few slow or many idle clients from taking all of them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

use super::Web;
use crate::state::Portal;

/// For the head of a request, and so for a connection on which nothing is asked. More than the minute after which
/// reverse proxies give up idle connections themselves: whoever closes first must not be the portal.
const HEAD: Duration = Duration::from_secs(75);
/// After the system has refused a connection, for instance because too many files are open.
const REFUSED: Duration = Duration::from_millis(100);

/// Serves until the portal is told to stop, then lets requests that have begun finish.
pub async fn serve(portal: &Portal, web: Web, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(portal.config.connections));
    let graceful = GracefulShutdown::new();
    loop {
        // Who finds no place waits in the system's queue.
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place,
            () = portal.stop.cancelled() => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(REFUSED).await;
                    continue;
                }
            },
            () = portal.stop.cancelled() => break,
        };
        let connection = graceful.watch(connection(stream, peer, web.clone()));
        portal.tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    web: Web,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    // Without it small replies wait for the client's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let service = service_fn(move |request: http::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        web.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
}
