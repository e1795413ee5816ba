//! One connection, with what keeps it from taking more than its part.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use hyper::rt::Executor;
use hyper_util::{
    rt::TokioTimer,
    server::{conn::auto, graceful::GracefulConnection},
};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::Limits;

/// The most bytes of a request's head: many times of what the protocol's headers need.
const HEAD_BYTES: u32 = 32 * 1024;
/// The most requests on one connection of HTTP/2 at once; the others wait at the client. RFC 9113 wants no fewer than 100:
/// so many a client sends before it knows.
const STREAMS: u32 = 128;
/// What a client may send ahead on one stream, and on all of a connection: a request and some.
const WINDOW: (u32, u32) = (128 * 1024, 512 * 1024);
/// How long a connection that is being closed may take, after its last request was answered, until the client has it.
const CLOSE: Duration = Duration::from_secs(5);

/// Starts what HTTP/2 does beside a connection, so that stopping waits for it.
#[derive(Clone)]
pub(super) struct Tracked(pub(super) TaskTracker);

impl<F: Future<Output: Send + 'static> + Send + 'static> Executor<F> for Tracked {
    fn execute(&self, work: F) {
        self.0.spawn(work);
    }
}

/// HTTP/1.1 and HTTP/2 with the same limits: which of them it is the first bytes tell.
pub(super) fn builder(tasks: &TaskTracker, limits: Limits) -> auto::Builder<Tracked> {
    let mut builder = auto::Builder::new(Tracked(tasks.clone()));
    let head_bytes = usize::try_from(HEAD_BYTES).unwrap_or(usize::MAX);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.idle_time).max_buf_size(head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEAD_BYTES)
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(WINDOW.0)
        .initial_connection_window_size(WINDOW.1);
    builder
}

/// How many requests of a connection are under way.
#[derive(Clone)]
pub(super) struct Busy(Arc<watch::Sender<usize>>);

/// A request under way.
pub(super) struct UnderWay(Busy);

impl Busy {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// A request has come whole, but for its body.
    pub(super) fn begin(&self) -> UnderWay {
        self.0.send_modify(|count| *count += 1);
        UnderWay(self.clone())
    }

    /// Waits until for `time` no request was under way, whatever else came.
    async fn idle(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            if *count.borrow_and_update() > 0 {
                drop(count.changed().await);
            } else if tokio::time::timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

/// Lets a connection be until it ends, until the gateway stops, or until nothing is asked on it: neither half a head nor
/// anything else that is no request keeps it open.
pub(super) async fn drive<C: GracefulConnection>(
    connection: C,
    (busy, idle_time): (Busy, Duration),
    stop: CancellationToken,
) -> Result<(), C::Error> {
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = stop.cancelled() => {}
        () = busy.idle(idle_time) => {}
    }
    connection.as_mut().graceful_shutdown();
    // Requests that have begun are let finish; a client that does not answer keeps nobody.
    tokio::select! {
        ended = connection.as_mut() => ended,
        () = busy.idle(CLOSE) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_when_nothing_was_under_way_for_the_whole_time() {
        let (busy, time, start) = (Busy::new(), Duration::from_secs(75), tokio::time::Instant::now());
        let requests = async {
            for seconds in [70, 100, 0] {
                let request = busy.begin();
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                drop(request);
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
        };
        tokio::join!(busy.idle(time), requests);
        // 70 + 60 + 100 + 60 + 0, and then the whole time.
        assert_eq!(start.elapsed().as_secs(), 290 + 75);
    }
}
