//! Listens: connection by connection, with the limits that keep a few slow or many idle clients from taking all of them.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::Web;
use crate::state::Portal;

/// For the head of a request, and so for a connection on which nothing is asked. More than the minute after which
/// reverse proxies give up idle connections themselves: whoever closes first must not be the portal.
const HEAD: Duration = Duration::from_secs(75);
/// For a client to take a piece of an answer: one that reads nothing does not hold its place.
const TAKE: Duration = Duration::from_secs(30);
/// Bytes that are kept of a head; proxies and browsers send a tenth of it.
const HEAD_BYTES: usize = 32 * 1024;
/// Connections of one client, unless it is a proxy that we know or this machine itself.
const PER_CLIENT: usize = 100;
/// After the system has refused a connection, for instance because too many files are open.
const REFUSED: Duration = Duration::from_millis(100);

/// Serves until the portal is told to stop, then lets requests that have begun finish.
pub async fn serve(portal: &Portal, web: Web, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(portal.config.connections));
    let shares = Shares::of(PER_CLIENT);
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
        let Some(share) = shares.take(peer.ip(), is_known(portal, peer.ip())) else {
            tracing::debug!("a client has too many connections");
            continue;
        };
        let connection = graceful.watch(connection(stream, peer, web.clone()));
        portal.tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop((place, share));
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
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKE));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

/// Whether many people may come from there.
fn is_known(portal: &Portal, client: IpAddr) -> bool {
    let client = client.to_canonical();
    client.is_loopback() || portal.config.trusted_proxies.iter().any(|net| net.contains(&client))
}

/// How many of something scarce, such as connections, each client has.
#[derive(Clone, Debug)]
pub struct Shares {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: usize,
}

/// One of a client's; given back when it is dropped.
pub struct Share(Shares, IpAddr);

impl Shares {
    /// At most so many for each.
    pub fn of(most: usize) -> Self {
        Self { counts: Arc::default(), most }
    }

    /// One more for `client`, unless it has all of its share; who is `known` has no limit.
    pub fn take(&self, client: IpAddr, known: bool) -> Option<Share> {
        let client = client.to_canonical();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client).or_default();
        if *count >= self.most && !known {
            return None;
        }
        *count += 1;
        Some(Share(self.clone(), client))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_share_of_connections_and_gets_it_back() {
        let (shares, client) = (Shares::of(PER_CLIENT), IpAddr::from([192, 0, 2, 1]));
        let mut held: Vec<Share> = (0..PER_CLIENT).map_while(|_| shares.take(client, false)).collect();
        assert_eq!(held.len(), PER_CLIENT);
        let mapped = "::ffff:192.0.2.1".parse().unwrap();
        assert!(shares.take(client, false).is_none() && shares.take(mapped, false).is_none());
        assert!(shares.take([192, 0, 2, 2].into(), false).is_some(), "another has a share of its own");
        assert!(shares.take(client, true).is_some(), "a proxy speaks for many");
        held.pop();
        assert!(shares.take(client, false).is_some());
        held.clear();
        assert!(shares.counts.lock().unwrap().is_empty(), "who has left is forgotten");
    }
}
