//! Listens, connection by connection, with limits on their number, on heads and on bodies.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use exchange::{limits, refusal::Refusal};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::door::{Answer, Arrived, Gateway, refuse_stranger};

/// For the head of a request, and so for a connection on which nothing is asked.
const HEAD: Duration = Duration::from_secs(75);
/// After the system has refused a connection, for instance because too many files are open.
const REFUSED: Duration = Duration::from_millis(100);
/// How long requests that have begun may take when the gateway stops.
const FINISH: Duration = Duration::from_secs(20);

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
    let places = Arc::new(Semaphore::new(open.gateway.connections));
    let (graceful, tasks) = (GracefulShutdown::new(), TaskTracker::new());
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
        // Without it small replies wait for the client's acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let open = open.clone();
        let service = service_fn(move |request| {
            let open = open.clone();
            async move {
                Ok::<_, Infallible>(open.route(request, peer).await.map(|body| Full::new(Bytes::from(body))))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    tasks.close();
    tokio::time::timeout(FINISH, async { tokio::join!(graceful.shutdown(), tasks.wait()) }).await.is_ok()
}

impl Open {
    async fn route(&self, request: Request<Incoming>, peer: SocketAddr) -> Answer {
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
            (_, path) if path.starts_with("/exchange/") => self.exchange(request).await,
            _ => plain(StatusCode::NOT_FOUND, "nothing is here\n"),
        }
    }

    async fn exchange(&self, request: Request<Incoming>) -> Answer {
        let time = self.gateway.body_time;
        match tokio::time::timeout(time, arrive(request)).await {
            Ok(Ok(request)) => self.gateway.answer(&request).await,
            Ok(Err(refusal)) => closing(refusal, "the body is too large, or broke off"),
            Err(_) => closing(Refusal::Malformed, "the body did not arrive in time"),
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

/// A refusal after which the connection is closed: the rest of the body is not read.
fn closing(refusal: Refusal, cause: &'static str) -> Answer {
    let mut answer = refuse_stranger(refusal.because(cause));
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(text.as_bytes().to_vec());
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, content_type);
    answer
}
