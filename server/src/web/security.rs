//! Headers that keep a page from being misused.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

use super::ctx;
use crate::state::Portal;

/// The nonce of the request's page.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// Marks a response whose page loads islands.
#[derive(Clone, Copy, Debug)]
pub struct Islands;

/// Marks a response that shows nothing of anybody.
#[derive(Clone, Copy, Debug)]
pub struct Open;

/// Gives each request a nonce and each response its headers.
pub async fn headers(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let nonce = ctx::nonce(&portal);
    let is_asset = request.uri().path().starts_with("/assets/");
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;
    let open = response.extensions().get::<Open>().is_some();
    let islands = response.extensions().get::<Islands>().is_some();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy(islands.then_some(&nonce), portal.config.is_https()));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    );
    if portal.config.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if !is_asset && !headers.contains_key(header::CACHE_CONTROL) {
        // A page depends on who looks, in which language and with which preferences. What holds a name, a contact or
        // a token is not kept at all.
        let keep = if open { "private, no-cache" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    }
    response
}

/// Scripts run only where islands are, and only ours; nothing is inline but what carries the nonce.
fn policy(nonce: Option<&String>, https: bool) -> String {
    let scripts = nonce.map_or_else(
        || "script-src 'none'".to_owned(),
        |nonce| format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
    );
    let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
    format!(
        "default-src 'none'; {scripts}; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{upgrade}"
    )
}
