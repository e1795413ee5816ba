//! HTTP to one agency: HTTP/2 over one kept connection where it is spoken, else HTTP/1.1, and never more of a reply in
//! memory than allowed.

mod connect;

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use http::{Request, Response, header::CONTENT_LENGTH};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};

use connect::Connector;
pub use connect::Trust;

/// The largest head of a reply, in bytes.
const HEAD_BYTES: u32 = 16 * 1024;
/// How much of one reply, and of all on one connection, may arrive before it is read, in bytes.
const WINDOWS: (u32, u32) = (256 * 1024, 1024 * 1024);
/// Shorter than gateways wait for the next request.
const IDLE: Duration = Duration::from_mins(1);
/// How often a connection on which a reply is awaited is looked at.
const PING: Duration = Duration::from_secs(5);

/// What a peer without TLS speaks is found out by asking.
mod speaks {
    pub const UNKNOWN: u8 = 0;
    pub const HTTP2: u8 = 2;
    pub const HTTP1: u8 = 1;
    /// HTTP/1.1, and nothing else is tried.
    pub const NEVER2: u8 = 3;
}

/// Connections to one agency, or to one server in front of several.
pub struct Wire {
    /// HTTP/2 from the first byte on.
    prior: Client<Connector, Full<Bytes>>,
    /// What TLS agrees on; without TLS HTTP/1.1.
    agreed: Client<Connector, Full<Bytes>>,
    speaks: AtomicU8,
}

/// Why there is no whole reply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WireError {
    /// No connection.
    NotConnected,
    /// The connection broke before the reply was whole.
    Broken,
    /// The peer did not understand HTTP/2: the same again, signed anew, goes by HTTP/1.1.
    OtherVersion,
    /// The reply is larger than allowed.
    TooLarge,
}

/// How many connections by HTTP/1.1 are kept, and how long a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// How many.
    pub kept: usize,
    /// How long.
    pub connect: Duration,
    /// Whether HTTP/2 is tried without TLS.
    pub prior: bool,
}

impl Wire {
    /// Nothing is connected before something is asked.
    ///
    /// # Errors
    /// When a certificate is not one, or not the key's.
    pub fn new(trust: Trust, pool: Pool) -> Result<Self, rustls::Error> {
        let connector = Connector::new(trust, pool.connect)?;
        let mut builder = Client::builder(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(pool.kept)
            .http1_max_buf_size(64 * 1024)
            .http2_initial_stream_window_size(WINDOWS.0)
            .http2_initial_connection_window_size(WINDOWS.1)
            .http2_max_header_list_size(HEAD_BYTES)
            .http2_keep_alive_interval(PING)
            .http2_keep_alive_timeout(PING);
        let agreed = builder.build(connector.clone());
        let prior = builder.http2_only(true).build(connector);
        let speaks = if pool.prior { speaks::UNKNOWN } else { speaks::NEVER2 };
        Ok(Self { prior, agreed, speaks: AtomicU8::new(speaks) })
    }

    /// Sends `request`; gives the head of the reply.
    ///
    /// # Errors
    /// See [`WireError`].
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, WireError> {
        let tls = request.uri().scheme_str() == Some("https");
        let speaks = self.speaks.load(Ordering::Relaxed);
        if tls || matches!(speaks, speaks::HTTP1 | speaks::NEVER2) {
            return self.agreed.request(request).await.map_err(|error| {
                // By HTTP/2 the next time, if it is spoken by then.
                self.turn(speaks::HTTP1, speaks::UNKNOWN);
                broken(&error)
            });
        }
        match self.prior.request(request).await {
            Ok(response) => {
                self.turn(speaks::UNKNOWN, speaks::HTTP2);
                Ok(response)
            }
            Err(error) if error.is_connect() => Err(broken(&error)),
            Err(error) => {
                // Others may have found out in the meantime.
                let other = self.turn(speaks::UNKNOWN, speaks::HTTP1)
                    || self.speaks.load(Ordering::Relaxed) == speaks::HTTP1;
                self.turn(speaks::HTTP2, speaks::UNKNOWN);
                Err(if other { WireError::OtherVersion } else { broken(&error) })
            }
        }
    }

    fn turn(&self, from: u8, to: u8) -> bool {
        self.speaks.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

fn broken(error: &hyper_util::client::legacy::Error) -> WireError {
    tracing::debug!(%error, "a connection to an agency");
    if error.is_connect() { WireError::NotConnected } else { WireError::Broken }
}

/// Reads the body of a reply, up to `most` bytes.
///
/// # Errors
/// [`WireError::Broken`], [`WireError::TooLarge`].
pub async fn read(response: Response<Incoming>, most: usize) -> Result<Response<Bytes>, WireError> {
    let (head, body) = response.into_parts();
    let said = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if said.is_some_and(|length: usize| length > most) {
        return Err(WireError::TooLarge);
    }
    let body = Limited::new(body, most).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { WireError::TooLarge } else { WireError::Broken }
    })?;
    Ok(Response::from_parts(head, body.to_bytes()))
}
