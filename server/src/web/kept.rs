//! What somebody typed, kept until it is known what became of the form: when it could not be taken, the answer offers to
//! send it again.

use std::{sync::Arc, time::Duration};

use app::form::{Kept as Offer, is_secret};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{ctx::Ctx, form, origin::Foreign};

/// Bytes of an usual form; far more than any form here needs.
const USUAL: usize = 64 * 1024;
/// Bytes of the largest form that is read: a field into which somebody has pasted a book comes back with the answer that
/// it is too long, and is not lost.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// How many forms larger than usual are read at the same time.
const LARGE_AT_ONCE: usize = 8;

/// How posted forms are read: room for large ones, and how long one may take.
#[derive(Clone)]
pub struct Reading {
    room: Arc<Semaphore>,
    time: Duration,
}

impl Reading {
    /// Nothing is being read yet.
    pub fn within(time: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(LARGE_AT_ONCE)), time }
    }
}

/// The body of a form that was posted from our own pages.
#[derive(Clone)]
pub struct Kept(Bytes);

impl Kept {
    /// The answers, but for those nobody may see again; nothing when there are none.
    pub fn offer(&self, ctx: &Ctx) -> Option<Offer> {
        let action = match ctx.query.as_str() {
            "" => ctx.path.clone(),
            query => format!("{}?{query}", ctx.path),
        };
        offer(action, &self.0)
    }
}

/// The answers in a form's body, to be posted to `action` again.
pub fn offer(action: String, body: &[u8]) -> Option<Offer> {
    let answers: Vec<_> = form::answers(body).map(|(name, value, _)| (name, value)).collect();
    let secrets = answers.iter().any(|(name, value)| is_secret(name) && !value.is_empty());
    let answers: Vec<_> =
        answers.into_iter().filter(|(name, value)| !is_secret(name) && !value.is_empty()).collect();
    (!answers.is_empty()).then_some(Offer { action, answers, secrets })
}

/// Reads a posted form as a whole before anything else is done with it.
pub async fn keep(State(reading): State<Reading>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !form::is_form(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let read = tokio::time::timeout(reading.time, read(body, &reading.room)).await;
    let (bytes, permit) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(status)) => return status.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let kept = Kept(bytes.clone());
    parts.extensions.insert(kept.clone());
    let mut response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    drop(permit);
    let status = response.status();
    // What another site has sent was not typed here, and is not to be sent from here.
    if (status.is_client_error() || status.is_server_error())
        && response.extensions().get::<Foreign>().is_none()
    {
        response.extensions_mut().insert(kept);
    }
    response
}

async fn read(
    body: Body,
    room: &Arc<Semaphore>,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), StatusCode> {
    let mut body = Limited::new(body, LARGEST);
    let (mut bytes, mut permit) = (Vec::new(), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() {
                StatusCode::PAYLOAD_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        bytes.extend_from_slice(&data);
        if bytes.len() > USUAL && permit.is_none() {
            permit = Some(room.clone().acquire_owned().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?);
        }
    }
    Ok((bytes.into(), permit))
}
