//! What a handler knows of the visit, and the way from a view to a response.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use app::page::{Contrast, Head, Notice, Page, TextSize, Tone, Visitor, VisitorKind};
use axum::{
    extract::{FromRequestParts, OriginalUri},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use domain::{policy::Caller, text::Locale};
use http::{HeaderMap, StatusCode, header, request::Parts};
use leptos::prelude::IntoView;

use super::{
    assets, peer,
    prefix::Prefix,
    security::{Islands, Nonce, Open},
    visitor::SignedIn,
};
use crate::{config::Config, desk::Visit, state::Portal};

/// The cookie that carries one notice to the next page, by its code.
pub const NOTICE: &str = "madang_notice";
/// The cookie that remembers by which door somebody signs in: `citizens` or `staff`.
pub const SIDE: &str = "madang_side";
/// The cookie of the chosen language.
pub const LOCALE: &str = "madang_locale";
/// The cookie of the chosen colours.
pub const CONTRAST: &str = "madang_contrast";
/// The cookie of the chosen text size.
pub const TEXT_SIZE: &str = "madang_text_size";

/// What a handler knows of the visit.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The portal.
    pub portal: Portal,
    /// The language of the answer.
    pub locale: Locale,
    /// `""`, `"/ko"` or `"/en"`.
    pub prefix: &'static str,
    /// The path without prefix.
    pub path: String,
    /// The query.
    pub query: String,
    /// Where the request came from.
    pub address: IpAddr,
    /// Who is signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// Whether this browser was used by staff before.
    pub is_staff_browser: bool,
    contrast: Contrast,
    text_size: TextSize,
    notice: Option<String>,
    nonce: String,
}

impl FromRequestParts<Portal> for Ctx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Infallible> {
        Ok(Self::of(portal, parts))
    }
}

impl Ctx {
    /// The context of a request.
    pub fn of(portal: &Portal, parts: &Parts) -> Self {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = |name: &str| jar.get(name).map(Cookie::value);
        let prefix = parts.extensions.get::<Prefix>().map(|prefix| prefix.0);
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        Self {
            portal: portal.clone(),
            locale: prefix
                .or_else(|| cookie(LOCALE).and_then(Locale::from_tag))
                .unwrap_or_else(|| preferred(&parts.headers)),
            prefix: match prefix {
                None => "",
                Some(Locale::Ko) => "/ko",
                Some(Locale::En) => "/en",
            },
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            address: address(&portal.config, parts),
            signed_in: parts.extensions.get::<Arc<SignedIn>>().cloned(),
            is_staff_browser: cookie(SIDE) == Some("staff"),
            contrast: cookie(CONTRAST).and_then(Contrast::from_code).unwrap_or_default(),
            text_size: cookie(TEXT_SIZE).and_then(TextSize::from_code).unwrap_or_default(),
            notice: cookie(NOTICE).map(str::to_owned),
            nonce: parts.extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default(),
        }
    }

    /// What use cases without an account need to know.
    pub fn visit(&self) -> Visit {
        Visit { address: self.address, locale: self.locale }
    }

    /// Says something on the page that is answered now.
    #[must_use]
    pub fn saying(mut self, notice: &'static str) -> Self {
        self.notice = Some(notice.to_owned());
        self
    }

    /// Who stands at the door.
    pub fn caller(&self) -> Caller {
        self.signed_in.as_ref().map_or(Caller::Nobody, |visitor| visitor.caller)
    }

    /// A page, answered with 200.
    pub fn page<V: IntoView>(&self, head: Head, view: impl FnOnce() -> V) -> Response {
        self.page_with(StatusCode::OK, head, view)
    }

    /// A page that shows nothing of anybody: the browser may keep it, as long as it asks whether it still holds.
    pub fn open_page<V: IntoView>(&self, head: Head, view: impl FnOnce() -> V) -> Response {
        let mut response = self.page(head, view);
        response.extensions_mut().insert(Open);
        response
    }

    /// A form that came back with flaws, answered with 422.
    pub fn flawed<V: IntoView>(&self, head: Head, view: impl FnOnce() -> V) -> Response {
        self.page_with(StatusCode::UNPROCESSABLE_ENTITY, head, view)
    }

    /// A page with a status.
    pub fn page_with<V: IntoView>(
        &self,
        status: StatusCode,
        head: Head,
        view: impl FnOnce() -> V,
    ) -> Response {
        let document = app::page::document(self.to_page(), head, view);
        let mut response = (status, Html(document.html)).into_response();
        response.extensions_mut().insert(Rendered);
        if document.islands {
            response.extensions_mut().insert(Islands);
        }
        if self.notice.is_some() && status.is_success() {
            set_cookie(&mut response, &Cookie::build((NOTICE, "")).path("/").removal().build());
        }
        response
    }

    /// Sends the browser on to another page of ours, by GET.
    pub fn go(&self, path: &str) -> Response {
        Redirect::to(&format!("{}{path}", self.prefix)).into_response()
    }

    /// The same, and says something there, once.
    pub fn go_and_say(&self, path: &str, notice: &'static str) -> Response {
        let mut response = self.go(path);
        set_cookie(&mut response, &self.cookie((NOTICE, notice), time::Duration::minutes(1)));
        response
    }

    /// A cookie of ours that no script reads.
    pub fn cookie(
        &self,
        (name, value): (&'static str, &'static str),
        life: time::Duration,
    ) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.portal.config.is_https())
            .same_site(SameSite::Lax)
            .max_age(life)
            .build()
    }

    fn to_page(&self) -> Page {
        Page {
            locale: self.locale,
            prefix: self.prefix,
            origin: self.portal.config.public_url.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            contrast: self.contrast,
            text_size: self.text_size,
            visitor: self.signed_in.as_ref().map(|visitor| Visitor {
                name: visitor.name.clone(),
                kind: match visitor.caller {
                    Caller::Staff(_) => VisitorKind::Staff,
                    Caller::Nobody | Caller::Citizen => VisitorKind::Citizen,
                },
                session_ends: Some(visitor.ends_at),
            }),
            sandbox: self.portal.config.is_sandbox(),
            nonce: self.nonce.clone(),
            assets: assets::names(),
            notice: self.notice.as_deref().and_then(|code| notice(code, self.locale)),
            now: self.portal.now(),
        }
    }
}

/// Marks a response whose body is a page already.
#[derive(Clone, Copy, Debug)]
pub struct Rendered;

/// Adds a cookie to a response.
pub fn set_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = cookie.to_string().parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// 128 random bits for the content security policy.
pub fn nonce(portal: &Portal) -> String {
    let mut bytes = [0; 16];
    portal.chance.fill(&mut bytes);
    STANDARD_NO_PAD.encode(bytes)
}

/// The sentence for a notice's code. Codes that nobody knows say nothing: the cookie is the visitor's.
fn notice(code: &str, l: Locale) -> Option<Notice> {
    use app::words::account::notice as words;
    let (tone, text) = match code {
        "password-changed" => (Tone::Success, words::password_changed(l)),
        "password-set" => (Tone::Success, words::password_set(l)),
        "contact-changed" => (Tone::Success, words::contact_changed(l)),
        "identity-verified" => (Tone::Success, words::identity_verified(l)),
        "identity-other" => (Tone::Warning, words::identity_other(l)),
        "session-ended" => (Tone::Success, words::session_ended(l)),
        "signed-out-everywhere" => (Tone::Success, words::signed_out_everywhere(l)),
        "kept-not-sent" => (Tone::Warning, words::kept_not_sent(l)),
        "welcome" => (Tone::Success, words::welcome(l)),
        "code-sent" => (Tone::Success, words::code_sent(l)),
        "sign-in-first" => (Tone::Info, words::sign_in_first(l)),
        "session-over" => (Tone::Warning, words::session_over(l)),
        _ => return None,
    };
    Some(Notice { tone, text: text.to_owned() })
}

/// The language the browser asks for (RFC 9110, section 12.5.4); Korean when it asks for neither.
fn preferred(headers: &HeaderMap) -> Locale {
    let Some(text) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Locale::default();
    };
    let mut best = (0.0, Locale::default());
    for item in text.split(',').take(32) {
        let (range, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
        let tag = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        if let Some(locale) = Locale::from_tag(&tag)
            && weight > best.0
        {
            best = (weight, locale);
        }
    }
    best.1
}

/// The client's address: the socket's, unless that is a trusted proxy; then the last one in `X-Forwarded-For` that is
/// not. What cannot be read ends the search.
fn address(config: &Config, parts: &Parts) -> IpAddr {
    let peer = peer(&parts.extensions).unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let trusted =
        |address: IpAddr| config.trusted_proxies.iter().any(|net| net.contains(&address.to_canonical()));
    if !trusted(peer) {
        return peer;
    }
    // From the right: what stands further left was written by somebody further away, perhaps by the client.
    let lines: Vec<_> =
        parts.headers.get_all("x-forwarded-for").iter().map(http::HeaderValue::as_bytes).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    for hop in hops {
        match std::str::from_utf8(hop).ok().and_then(|hop| hop.trim().parse().ok()) {
            Some(hop) if trusted(hop) => {}
            Some(hop) => return hop,
            None => break,
        }
    }
    peer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
        preferred(&headers)
    }

    #[test]
    fn the_browsers_language_is_taken_where_it_is_ours() {
        assert_eq!(language("en-GB,en;q=0.9,ko;q=0.8"), Locale::En);
        assert_eq!(language("fr-FR,ko;q=0.3,en;q=0.2"), Locale::Ko);
        assert_eq!(language("fr"), Locale::Ko);
        assert_eq!(language("en;q=nonsense, ;;,"), Locale::Ko);
    }

    fn client(trusted: &str, lines: &[&[u8]]) -> String {
        let variables = [("MADANG_TRUSTED_PROXIES".to_owned(), trusted.to_owned())];
        let config = Config::read(crate::config::Source::new(None, variables).unwrap()).unwrap();
        let mut request = http::Request::new(());
        let peer = std::net::SocketAddr::from(([10, 0, 0, 1], 1));
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        for line in lines {
            request.headers_mut().append("x-forwarded-for", http::HeaderValue::from_bytes(line).unwrap());
        }
        address(&config, &request.into_parts().0).to_string()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        assert_eq!(client("", &[b"203.0.113.7"]), "10.0.0.1", "the peer is no trusted proxy");
        assert_eq!(client("10.0.0.0/8", &[b"203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.0/8", &[b"9.9.9.9, 203.0.113.7, 10.0.0.2"]), "203.0.113.7");
        assert_eq!(client("10.0.0.0/8", &[b"9.9.9.9, x, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.0/8", &[b"9.9.9.9", b"203.0.113.7"]), "203.0.113.7");
        assert_eq!(
            client("10.0.0.0/8", &[b"9.9.9.9, x, 10.0.0.2"]),
            "10.0.0.1",
            "what cannot be read ends the search"
        );
        assert_eq!(client("10.0.0.0/8", &[b"9.9.9.9\xff"]), "10.0.0.1");
    }
}
