//! A browser without scripts: it keeps cookies and sends what a form would.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request},
};
use http::{HeaderMap, Method, StatusCode, header};
use server::web::Web;
use tower::ServiceExt;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    web: Web,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
    pub origin: &'static str,
    pub address: [u8; 4],
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(web: Web) -> Self {
        Self {
            web,
            cookies: BTreeMap::new(),
            language: "en",
            origin: "http://portal.test",
            address: [192, 0, 2, 1],
        }
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path, Body::empty())).await
    }

    /// Posts a form as a browser of today does.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let pairs: Vec<String> =
            form.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.post_raw(path, pairs.join("&")).await
    }

    /// Posts a body of the form's type.
    pub async fn post_raw(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        self.send(self.form(path, body)).await
    }

    /// The request that posts a body of the form's type.
    pub fn form(&self, path: &str, body: impl Into<Body>) -> Request {
        let mut request = self.request(Method::POST, path, body.into());
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        headers.insert(header::ORIGIN, self.origin.parse().unwrap());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        request
    }

    /// The way in, for answers that are not taken at once.
    pub fn web(&self) -> Web {
        self.web.clone()
    }

    pub fn request(&self, method: Method, path: &str, body: Body) -> Request {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "portal.test")
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::USER_AGENT, "Mozilla/5.0 (Linux; Android 9) Chrome/80.0 Mobile Safari/537.36");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.address, 40_000))));
        request
    }

    pub async fn send(&mut self, request: Request) -> Reply {
        let response = self.web.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() || attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(body, 16 << 20).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The value of the session cookie.
    pub fn session(&self) -> Option<String> {
        self.cookies.get("madang").cloned()
    }

    /// A browser that has nothing but a stolen session cookie.
    pub fn thief(&self, session: &str) -> Self {
        let mut thief = Self::new(self.web.clone());
        thief.cookies.insert("madang".to_owned(), session.to_owned());
        thief
    }
}

impl Reply {
    /// Where it sends the browser, without query.
    pub fn goes_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location").split('?').next().unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The words of the page, without its marks.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = true;
        for c in self.body.chars() {
            match c {
                '<' => inside = false,
                '>' => {
                    inside = true;
                    text.push(' ');
                }
                c if inside => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{words:?} is not in: {}", self.text());
        self
    }

    #[track_caller]
    pub fn does_not_say(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "{words:?} is in: {}", self.text());
        self
    }
}

pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
