//! The language in the path: `/en/search` is `/search` in English.

use std::task::{Context, Poll};

use axum::extract::Request;
use domain::text::Locale;
use http::Uri;
use tower::{Layer, Service};

/// The prefix a request came with.
#[derive(Clone, Copy, Debug)]
pub struct Prefix(pub Locale);

/// Takes the prefix off before the router sees the path.
#[derive(Clone, Copy, Debug)]
pub struct PrefixLayer;

/// The service of [`PrefixLayer`].
#[derive(Clone, Debug)]
pub struct TakePrefix<S>(S);

impl<S> Layer<S> for PrefixLayer {
    type Service = TakePrefix<S>;

    fn layer(&self, inner: S) -> TakePrefix<S> {
        TakePrefix(inner)
    }
}

impl<S: Service<Request>> Service<Request> for TakePrefix<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        if let Some((locale, uri)) = split(request.uri()) {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(Prefix(locale));
        }
        self.0.call(request)
    }
}

fn split(uri: &Uri) -> Option<(Locale, Uri)> {
    let path = uri.path();
    let (tag, rest) = path
        .strip_prefix('/')?
        .split_once('/')
        .map_or((&path[1..], "/".to_owned()), |(tag, rest)| (tag, format!("/{rest}")));
    let locale = Locale::from_tag(tag)?;
    // Machines have one address each, which a proxy can close.
    if ["/health/", "/assets/", "/metrics"].iter().any(|door| rest.starts_with(door)) {
        return None;
    }
    // "//host" would be read as an address of another site.
    let rest = format!("/{}", rest.trim_start_matches('/'));
    let target = uri.query().map_or(rest.clone(), |query| format!("{rest}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Some((locale, Uri::from_parts(parts).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Option<(Locale, String)> {
        split(&text.parse().unwrap()).map(|(locale, uri)| (locale, uri.to_string()))
    }

    #[test]
    fn the_prefix_is_taken_off_and_the_query_kept() {
        assert_eq!(path("/en/search?q=a%26b"), Some((Locale::En, "/search?q=a%26b".to_owned())));
        assert_eq!(path("/ko"), Some((Locale::Ko, "/".to_owned())));
        assert_eq!(path("/ko/"), Some((Locale::Ko, "/".to_owned())));
        assert_eq!(path("/en//evil.example"), Some((Locale::En, "/evil.example".to_owned())));
        assert_eq!(path("/english"), None);
        assert_eq!(path("/en/metrics"), None);
        assert_eq!(path("/"), None);
    }
}
