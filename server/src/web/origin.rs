//! Requests are for this portal, and unsafe ones come from its own pages only.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};

use crate::state::Portal;

/// Refuses a request for another host (RFC 9110, section 15.5.20), and an unsafe one that another site has caused
/// (section 9.2.1). `Sec-Fetch-Site` says it plainly; older browsers send `Origin`, the oldest only `Referer`.
pub async fn check(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let own = Own { origin: &portal.config.public_url, sandbox: portal.config.is_sandbox() };
    let path = request.uri().path();
    // A load balancer asks for health by address.
    let machine = path.starts_with("/health/") || path == "/metrics";
    if !machine && !own.hosts(request.headers()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    if request.method().is_safe() || own.caused(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// Whether a request is for this portal and was caused by one of its own pages.
pub fn is_own(portal: &Portal, request: &Request) -> bool {
    let own = Own { origin: &portal.config.public_url, sandbox: portal.config.is_sandbox() };
    own.hosts(request.headers()) && own.caused(request.headers())
}

/// Where the portal is.
struct Own<'a> {
    /// Scheme and host by which people reach it.
    origin: &'a str,
    /// On one's own machine it is reached by any of that machine's names.
    sandbox: bool,
}

impl Own<'_> {
    fn hosts(&self, headers: &HeaderMap) -> bool {
        let Some(host) = headers.get(header::HOST).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        self.origin.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host))
            || self.is_loopback(host)
    }

    fn is_loopback(&self, authority: &str) -> bool {
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        self.sandbox && ["127.0.0.1", "localhost", "[::1]"].contains(&host)
    }

    fn is_own(&self, url: &str, host: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
        format!("{scheme}://{authority}").eq_ignore_ascii_case(self.origin)
            || (self.is_loopback(authority.as_str()) && authority.as_str().eq_ignore_ascii_case(host))
    }

    fn caused(&self, headers: &HeaderMap) -> bool {
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
            Some(b"same-origin") => {
                return text(header::ORIGIN).is_none_or(|origin| self.is_own(origin, host));
            }
            Some(_) => return false,
            None => {}
        }
        match (text(header::ORIGIN), text(header::REFERER)) {
            (Some(origin), _) => self.is_own(origin, host),
            (None, Some(referer)) => self.is_own(referer, host),
            (None, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "portal.example".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        Own { origin: "https://portal.example", sandbox: false }.caused(&headers)
    }

    #[test]
    fn only_our_own_pages_may_post() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "https://portal.example")]));
        assert!(own(&[("origin", "https://Portal.example")]));
        assert!(own(&[("referer", "https://portal.example/sign-in")]));
        assert!(!own(&[]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://portal.example")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("sec-fetch-site", "none")]));
        assert!(!own(&[("origin", "https://evil.example")]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[("origin", "http://portal.example")]), "another scheme is another site");
        assert!(!own(&[("origin", "https://portal.example.evil.example")]));
        assert!(!own(&[("origin", "https://evil.example"), ("referer", "https://portal.example/")]));
    }

    #[test]
    fn only_our_own_name_is_answered_to() {
        let hosts = |sandbox, host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().unwrap());
            Own { origin: "https://portal.example", sandbox }.hosts(&headers)
        };
        assert!(hosts(false, "Portal.example") && hosts(true, "localhost:3000") && hosts(true, "[::1]:3000"));
        assert!(
            !hosts(false, "localhost:3000")
                && !hosts(true, "evil.example")
                && !hosts(true, "localhost.evil.example")
        );
    }
}
