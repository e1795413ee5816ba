//! Listens for HTTP/1.1 and HTTP/2, connection by connection, with limits on their number, on heads and on bodies.

mod connection;
mod share;

use std::{convert::Infallible, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use exchange::{limits, refusal::Refusal};
use http::{HeaderValue, Method, Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    connection::{Busy, builder, drive},
    share::Shares,
};
use crate::door::{Answer, Arrived, Gateway, refuse_stranger};

/// For a client to take a piece of an answer: one that reads nothing does not hold its place.
const TAKE: Duration = Duration::from_secs(30);
/// After the system has refused a connection, for instance because too many files are open.
const REFUSED: Duration = Duration::from_millis(100);
/// How long requests that have begun may take when the gateway stops.
const FINISH: Duration = Duration::from_secs(20);
/// How many bodies of one connection are taken at once: the others wait, and cost no memory.
const BODIES: usize = 16;

/// What every connection needs.
#[derive(Clone)]
pub struct Open {
    /// The gateway.
    pub gateway: Arc<Gateway>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

/// Serves until `stop`, then lets requests that have begun finish. False, when some of them were cut off.
pub async fn serve(open: Open, listener: TcpListener, stop: CancellationToken) -> bool {
    let limits = open.gateway.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let (shares, tasks) = (Shares::new(limits.per_client), TaskTracker::new());
    let builder = builder(&tasks, limits);
    loop {
        // Who finds no place waits in the system's queue.
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = async { (places.clone().acquire_owned().await, listener.accept().await) } => accepted,
        };
        let (place, (stream, peer)) = match accepted {
            (place, Ok(accepted)) => (place, accepted),
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(REFUSED).await;
                continue;
            }
        };
        let Some(share) = shares.take(peer.ip()) else {
            tracing::debug!("a client has too many connections");
            continue;
        };
        let (open, busy, bodies) = (open.clone(), Busy::new(), Arc::new(Semaphore::new(BODIES)));
        let idle = (busy.clone(), limits.idle_time);
        let service = service_fn(move |request| {
            let (open, bodies, under_way) = (open.clone(), bodies.clone(), busy.begin());
            async move {
                let answer = open.route(request, peer, &bodies).await;
                drop(under_way);
                Ok::<_, Infallible>(answer.map(|body| Full::new(Bytes::from(body))))
            }
        });
        let connection = builder.serve_connection(TokioIo::new(wire(stream)), service).into_owned();
        let stop = stop.clone();
        tasks.spawn(async move {
            if let Err(error) = drive(connection, idle, stop).await {
                tracing::debug!(%error, "a connection broke");
            }
            drop((place, share));
        });
    }
    drop(listener);
    tasks.close();
    tokio::time::timeout(FINISH, tasks.wait()).await.is_ok()
}

fn wire(stream: TcpStream) -> Pin<Box<TimeoutStream<TcpStream>>> {
    // Without it small replies wait for the client's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKE));
    Box::pin(stream)
}

impl Open {
    async fn route(&self, request: Request<Incoming>, peer: SocketAddr, bodies: &Semaphore) -> Answer {
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/health/live") => plain(StatusCode::OK, "alive\n"),
            (&Method::GET, "/health/ready") if self.gateway.ready().await => plain(StatusCode::OK, "ready\n"),
            (&Method::GET, "/health/ready") => {
                plain(StatusCode::SERVICE_UNAVAILABLE, "the register does not answer\n")
            }
            // How much is asked is nobody's business but the operator's.
            (&Method::GET, "/metrics") if peer.ip().is_loopback() => {
                plain(StatusCode::OK, &self.metrics.render())
            }
            (_, path) if path.starts_with("/exchange/") => self.exchange(request, bodies).await,
            _ => plain(StatusCode::NOT_FOUND, "nothing is here\n"),
        }
    }

    async fn exchange(&self, request: Request<Incoming>, bodies: &Semaphore) -> Answer {
        let (time, version) = (self.gateway.limits.body_time, request.version());
        // Never closed: who waits here gets its turn.
        let turn = bodies.acquire().await;
        let arrived = tokio::time::timeout(time, arrive(request)).await;
        drop(turn);
        match arrived {
            Ok(Ok(request)) => self.gateway.answer(&request).await,
            Ok(Err(refusal)) => closing(version, refusal, "the body is too large, or broke off"),
            Err(_) => closing(version, Refusal::Malformed, "the body did not arrive in time"),
        }
    }
}

/// The request with its whole body, which is never larger than allowed.
async fn arrive(request: Request<Incoming>) -> Result<Arrived, Refusal> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, limits::REQUEST_BYTES).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() { Refusal::TooLarge } else { Refusal::Malformed }
    })?;
    Ok(Request::from_parts(head, body.to_bytes().to_vec()))
}

/// A refusal after which the rest of the body is not read: HTTP/1 closes the connection for that, HTTP/2 the stream.
fn closing(version: Version, refusal: Refusal, cause: &'static str) -> Answer {
    let mut answer = refuse_stranger(refusal.because(cause));
    if version < Version::HTTP_2 {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(text.as_bytes().to_vec());
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, content_type);
    answer
}
