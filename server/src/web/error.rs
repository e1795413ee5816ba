//! From failures to pages. Inside, a failure is a status and, where the fault is ours, a reference that stands in exactly
//! one line of the log; the page for it is made in one place, in the reader's language.

use std::sync::Arc;

use app::pages::public::error as view;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::id::mint;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;
use store::StoreError;

use super::{
    ctx::{Ctx, Rendered},
    kept::{Raw, Unread},
    visitor::SignedIn,
};
use crate::{desk::Refusal, state::Portal};

/// Why a request got no page of its own.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such thing, or not for this person.
    #[error("not found")]
    NotFound,
    /// The database cannot be reached: say when to come back.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            StoreError::Constraint(_) | StoreError::Other(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error.into(),
            Refusal::Gone => Self::NotFound,
            Refusal::Hash(error) => Self::Internal(error.to_string()),
            Refusal::Vault(error) => Self::Internal(error.to_string()),
            Refusal::Flaws(flaws) => Self::Internal(format!("flaws that no form shows: {flaws:?}")),
        }
    }
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        match error {
            // The store says Backend only for what the database refused or could not be asked.
            tower_sessions::session::Error::Store(tower_sessions::session_store::Error::Backend(why)) => {
                Self::Unavailable(why)
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Why a failure happened, carried to where it is logged.
#[derive(Clone, Debug)]
struct Cause(Arc<str>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Cause(self.to_string().into()));
        response
    }
}

/// What no door is for.
pub async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Gives every failure its page, or its problem document (RFC 9457) where JSON is asked for.
pub async fn pages(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut ctx = Ctx::of(&portal, &parts);
    let wants_json = accepts_json(&parts.headers);
    let is_head = parts.method == Method::HEAD;
    let raw = parts.extensions.get::<Raw>().cloned();
    let response = match parts.extensions.get::<Unread>() {
        Some(Unread(status)) => status.into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    };
    let status = response.status();
    let plain = response.extensions().get::<Rendered>().is_none();
    if !(status.is_client_error() || status.is_server_error()) || !plain || is_machine(&ctx.path) {
        return response;
    }
    ctx.signed_in = response.extensions().get::<Arc<SignedIn>>().cloned();
    let reference = status.is_server_error().then(|| note(&portal, &response));
    let mut page = if wants_json {
        problem(status, reference.as_deref())
    } else {
        let kept = raw.and_then(|raw| raw.kept(&ctx));
        let (head, body) = view::page(status.as_u16(), reference, kept, ctx.locale);
        ctx.page_with(status, head, body)
    };
    for name in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE] {
        for value in response.headers().get_all(&name) {
            page.headers_mut().append(&name, value.clone());
        }
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_head {
        *page.body_mut() = axum::body::Body::empty();
    }
    page
}

/// Writes the one line about a fault of ours and returns its reference.
fn note(portal: &Portal, response: &Response) -> String {
    let reference = mint(portal.now(), &*portal.chance).simple().to_string();
    // The end of a UUIDv7 is its random part: short enough to be read out on the phone.
    let reference = reference[reference.len() - 10..].to_owned();
    let cause = response.extensions().get::<Cause>().map_or("no cause given", |cause| &cause.0);
    tracing::error!(reference, status = response.status().as_u16(), cause, "a request failed");
    reference
}

fn problem(status: StatusCode, reference: Option<&str>) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "reference": reference,
    });
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn accepts_json(headers: &http::HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.contains("json") && !text.contains("text/html"))
}

/// Doors for machines answer for themselves.
fn is_machine(path: &str) -> bool {
    path.starts_with("/health/") || path.starts_with("/assets/") || path == "/metrics"
}
