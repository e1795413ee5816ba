//! What somebody typed, kept until it is known what became of the form: when it could not be taken, the answer shows it,
//! and offers to send it again where that can help.

use std::{net::IpAddr, sync::Arc, time::Duration};

use app::form::{Kept, is_secret, is_typed};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::StatusCode;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    ctx::Ctx,
    form, origin, peer,
    serve::{Share, Shares},
};
use crate::state::Portal;

/// Bytes of an usual form; far more than any form here needs.
const USUAL: usize = 64 * 1024;
/// Bytes of the largest form that is read: a field into which somebody has pasted a book comes back with the answer that
/// it is too long, and is not lost.
pub const LARGEST: usize = 3 * 512 * 1024;
/// How many forms larger than usual there are at the same time, from their first large piece until their answer is sent:
/// a page that shows one again may be twenty times as large in memory.
const LARGE_AT_ONCE: usize = 4;
/// How many of them one client may have.
const LARGE_PER_CLIENT: usize = 2;
/// For a whole form to arrive, however slow the line is.
const WHOLE: Duration = Duration::from_mins(3);

/// How posted forms are read: room for large ones, and how long the next piece may take.
#[derive(Clone)]
pub struct Reading {
    room: Arc<Semaphore>,
    clients: Shares,
    piece: Duration,
}

impl Reading {
    /// Nothing is being read yet.
    pub fn with_pause(piece: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(LARGE_AT_ONCE)), clients: Shares::of(LARGE_PER_CLIENT), piece }
    }
}

/// The body of a form that was posted.
#[derive(Clone)]
pub struct Raw(Bytes);

impl Raw {
    /// What was typed, to be sent to where it was sent; nothing when nothing was typed.
    pub fn kept(&self, ctx: &Ctx) -> Option<Kept> {
        let action = match ctx.query.as_str() {
            "" => ctx.path.clone(),
            query => format!("{}?{query}", ctx.path),
        };
        kept(action, &self.0)
    }
}

/// The answers in a form's body, to be posted to `action` again. What came broken is left out, like what is secret: it is
/// asked for again.
pub fn kept(action: String, body: &[u8]) -> Option<Kept> {
    let mut secrets = false;
    let mut answers = Vec::new();
    for (name, value, whole) in form::answers(body) {
        if is_secret(&name) {
            secrets |= !value.is_empty();
        } else if whole {
            answers.push((name, value));
        }
    }
    let typed = answers.iter().any(|(name, value)| is_typed(name) && !value.trim().is_empty());
    typed.then_some(Kept { action, answers, secrets, whose: String::new() })
}

/// Room for one large form; given back when it is dropped.
type Room = (OwnedSemaphorePermit, Share);

/// Says that a form was not read, and why.
#[derive(Clone, Copy, Debug)]
pub struct Unread(pub StatusCode);

/// Reads a form that was posted from our own pages, as a whole, before anything else is done with it. What others have
/// posted is refused further inside, unread.
pub async fn keep(
    State((portal, reading)): State<(Portal, Reading)>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || !form::is_form(request.headers()) || !origin::is_own(&portal, &request) {
        return next.run(request).await;
    }
    let client = peer(request.extensions()).unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let body = std::mem::take(request.body_mut());
    let read = tokio::time::timeout(WHOLE, read(body, &reading, client)).await;
    let room = match read.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT)) {
        Ok((bytes, room)) => {
            request.extensions_mut().insert(Raw(bytes.clone()));
            *request.body_mut() = Body::from(bytes);
            room
        }
        Err(status) => {
            request.extensions_mut().insert(Unread(status));
            None
        }
    };
    let response = next.run(request).await;
    match room {
        Some(room) => response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                // Kept until the answer is sent.
                let _ = &room;
                frame
            }))
        }),
        None => response,
    }
}

async fn read(
    mut body: Body,
    reading: &Reading,
    client: IpAddr,
) -> Result<(Bytes, Option<Room>), StatusCode> {
    let (mut bytes, mut room) = (Vec::new(), None);
    loop {
        let frame = tokio::time::timeout(reading.piece, body.frame()).await;
        let Some(frame) = frame.map_err(|_| StatusCode::REQUEST_TIMEOUT)? else { break };
        let Ok(data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else { continue };
        if bytes.len() + data.len() > LARGEST {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        bytes.extend_from_slice(&data);
        if bytes.len() > USUAL && room.is_none() {
            // Nobody waits for room: who sends slowly would keep the others waiting.
            let share = reading.clients.take(client, false);
            let place = reading.room.clone().try_acquire_owned().ok();
            room = Some(place.zip(share).ok_or(StatusCode::SERVICE_UNAVAILABLE)?);
        }
    }
    Ok((bytes.into(), room))
}
