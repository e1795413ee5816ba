//! A security server of X-Road with one service behind it, written from PR-REST 1.0.3. It refuses what the specification
//! forbids.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use tokio::{net::TcpListener, task::JoinSet};

/// Who may ask, and what is there.
pub const CLIENT: &str = "KR/GOV/1234/madang";
pub const SERVICE: &str = "KR/GOV/5678/land(1)/find?";

/// What it does to the next request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    Whole,
    /// The service knows nobody of that number.
    Nobody,
    /// The service answers with an item of another type.
    OtherType,
    /// The service answers with a page that is no JSON.
    NoJson,
    OtherId,
    OtherService,
    NoHash,
    ShortHash,
    /// The server itself has failed.
    Fails,
    /// The service redirects elsewhere.
    Redirects,
}

/// A request as it reached the service.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

struct State {
    answer: Mutex<Answer>,
    seen: Mutex<Vec<Seen>>,
}

/// It runs until it is dropped.
pub struct SecurityServer {
    pub address: SocketAddr,
    state: Arc<State>,
    _serving: JoinSet<()>,
}

impl SecurityServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State { answer: Mutex::new(Answer::Whole), seen: Mutex::default() });
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener, Arc::clone(&state)));
        Self { address, state, _serving: serving }
    }

    pub fn turn(&self, answer: Answer) {
        *self.state.answer.lock().unwrap() = answer;
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        connections.spawn(async move {
            let service = service_fn(|request| {
                let state = Arc::clone(&state);
                async move { Ok::<_, Infallible>(state.pass(request).await) }
            });
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

impl State {
    async fn pass(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let Some((service, path)) = checked(&head) else {
            return error(StatusCode::BAD_REQUEST, "Client.BadRequest");
        };
        let answer = *self.answer.lock().unwrap();
        if answer == Answer::Fails {
            return error(StatusCode::INTERNAL_SERVER_ERROR, "Server.ServerProxy.DatabaseError");
        }
        let id = head.headers["x-road-id"].to_str().unwrap().to_owned();
        let json: Value = serde_json::from_slice(&body).unwrap();
        self.seen.lock().unwrap().push(Seen {
            path: path.clone(),
            headers: head.headers.clone(),
            body: json,
        });
        let (status, said) = said(answer, &path);
        let mut response = Response::builder()
            .status(status)
            .header("content-type", "application/json;charset=utf-8")
            .header("x-road-id", if answer == Answer::OtherId { "another" } else { &id })
            .header("x-road-client", &head.headers["x-road-client"])
            .header("x-road-service", if answer == Answer::OtherService { "KR/GOV/1/a/b" } else { &service })
            .header("x-road-request-id", "f92591a3-6bf0-49b1-987b-0dd78c034cc3");
        response = match answer {
            Answer::NoHash => response,
            Answer::ShortHash => response.header("x-road-request-hash", "AAAA"),
            Answer::Redirects => response.header("location", "https://elsewhere.example/"),
            _ => response.header("x-road-request-hash", hash(&head.headers, &body)),
        };
        response.body(Full::new(said.into())).unwrap()
    }
}

/// The service and the path below it, if the request is as the protocol wants it.
fn checked(head: &http::request::Parts) -> Option<(String, String)> {
    let one = |name: &str| {
        let mut values = head.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    };
    let at_most = |name: &str, good: &dyn Fn(&str) -> bool| {
        !head.headers.contains_key(name) || one(name).is_some_and(good)
    };
    let identifiers = |text: &str| text.split('/').map(identifier).collect::<Option<Vec<_>>>();
    let client = identifiers(one("x-road-client")?)?;
    let parts: Vec<_> = head.uri.path().strip_prefix("/r1/")?.split('/').collect();
    let (service, below) = parts.split_at_checked(5)?;
    let named: Option<Vec<_>> = service.iter().map(|part| identifier(part)).collect();
    let uuid = |id: &str| uuid::Uuid::try_parse(id).is_ok_and(|uuid| uuid.to_string() == id);
    let user = |user: &str| user.len() > 2 && user.as_bytes()[..2].iter().all(u8::is_ascii_uppercase);
    let represented = |party: &str| identifiers(party).is_some_and(|parts| parts.len() <= 2);
    let fine = client.join("/") == CLIENT
        && named?.join("/") == SERVICE
        && head.method == Method::POST
        && head.uri.query().is_none()
        && head.uri.path().len() <= 2_000
        && at_most("x-road-id", &uuid)
        && at_most("x-road-userid", &user)
        && at_most("x-road-issue", &|issue| !issue.is_empty())
        && at_most("x-road-represented-party", &represented)
        && !head.headers.contains_key("x-road-request-hash");
    fine.then(|| (service.join("/"), below.join("/")))
}

/// One identifier: unreserved characters and percent-encoding on the wire (section 4.2), decoded to the characters of
/// section 4.8.
fn identifier(raw: &str) -> Option<String> {
    let wire = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
    let text = percent_decode_str(raw).decode_utf8().ok()?;
    let named = |c: char| c.is_ascii_alphanumeric() || "'()+,-.=?".contains(c);
    let fine = !raw.is_empty() && raw.chars().all(wire) && text.chars().all(named);
    fine.then(|| text.into_owned())
}

/// SHA512(SHA512(headers) + SHA512(body)), in base64.
fn hash(headers: &HeaderMap, body: &[u8]) -> String {
    let lines: Vec<_> = headers
        .iter()
        .map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()].join(&b':'))
        .collect();
    let lines = lines.join(&b"\r\n"[..]);
    let both = [Sha512::digest(&lines), Sha512::digest(body)].concat();
    STANDARD.encode(Sha512::digest(both))
}

fn error(status: StatusCode, kind: &str) -> Response<Full<Bytes>> {
    let body =
        json!({ "type": kind, "message": "see the log", "detail": "018cbcae-537e-421b-b6f6-2608dc97bd90" });
    Response::builder()
        .status(status)
        .header("content-type", "application/json;charset=utf-8")
        .header("x-road-error", kind)
        .body(Full::new(body.to_string().into()))
        .unwrap()
}

/// What the service says.
fn said(answer: Answer, path: &str) -> (StatusCode, String) {
    let person = json!({ "verified": true, "secret": "canary" });
    let records = json!({ "result": { "more": "k-2", "rows": [
        { "income": { "won": 48_200_000 }, "year": 2025, "employer": "canary" },
        { "income": { "won": null }, "year": 2024, "employer": "canary" },
    ]}});
    let other = json!({ "result": { "rows": [{ "income": { "won": "much" }, "year": 2025 }] } });
    match answer {
        Answer::Nobody => (StatusCode::NOT_FOUND, json!({ "error": "nobody" }).to_string()),
        Answer::OtherType => (StatusCode::OK, other.to_string()),
        Answer::NoJson => (StatusCode::OK, "<html>".to_owned()),
        Answer::Redirects => (StatusCode::FOUND, String::new()),
        _ if path == "v1/verify" => (StatusCode::OK, person.to_string()),
        _ => (StatusCode::OK, records.to_string()),
    }
}
