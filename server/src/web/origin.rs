//! Unsafe requests come from our own pages only.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};

/// Refuses an unsafe request that another site has caused (RFC 9110, section 9.2.1: GET, HEAD, OPTIONS and TRACE are
/// safe). `Sec-Fetch-Site` says it plainly; older browsers send `Origin`, the oldest only `Referer`.
pub async fn check(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST);
    let same_host = |url: &str| {
        let authority =
            url.parse::<Uri>().ok().and_then(|uri| uri.authority().map(|a| a.as_str().to_ascii_lowercase()));
        authority.is_some() && authority == host.map(str::to_ascii_lowercase)
    };
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        Some(b"same-origin") => return text(header::ORIGIN).is_none_or(same_host),
        Some(_) => return false,
        None => {}
    }
    match (text(header::ORIGIN), text(header::REFERER)) {
        (Some(origin), _) => same_host(origin),
        (None, Some(referer)) => same_host(referer),
        (None, None) => false,
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
        is_own(&headers)
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
        assert!(!own(&[("origin", "https://portal.example.evil.example")]));
        assert!(!own(&[("origin", "https://evil.example"), ("referer", "https://portal.example/")]));
    }
}
