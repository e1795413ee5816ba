//! A reply as it comes over the wire: first line the status, then `content-type`, `content-digest`, `exchange-outcome`,
//! `signature-input` and `signature`, the rest the body.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::id::Chance;
use exchange::{
    client::{Peer, Pending, Sender},
    headers,
    keys::{KeyRing, SigningKey},
    message::Request,
    seal::{Named, SealingKey},
    sign::Window,
};
use http::HeaderValue;
use libfuzzer_sys::fuzz_target;

struct Fives;
impl Chance for Fives {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(5);
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_338_000, 0).expect("an instant")
}

const REQUEST: &[u8] = br#"{"ask":{"pull":{"page":{"limit":20}}},"id":"01a2027b-d680-79b9-9f3a-331fd8f5ba9a","target":{"thing":{"kind":"corporation_number","number":"1234567890123"}},"ticket":{"actor":{"system":{}},"case":"01a2027b-d680-7d32-832d-c651501b9d27","client":"madang","expires":"2026-11-22T09:10:00Z","ground":{"statute":{"article":"1","law":"An Act"}},"id":"01a2027b-d680-7726-b3da-0c6a8c53359e","issued":"2026-11-22T09:00:00Z","items":["amount"],"kind":"corporation-register","purpose":"fuzzing","subject":"81b9758f7d8fa3ed39d9fe456a609b786eadf0be74c6c1398422f55a848eac0a","verb":"pull"}}"#;

static PENDING: LazyLock<Pending> = LazyLock::new(|| {
    let (from, until) = (now().into(), (now() + chrono::TimeDelta::days(1)).into());
    let named = Named { owner: "nts".parse().expect("an id"), id: "nts-seal-1".parse().expect("an id"), from, until };
    let peer = Peer {
        agency: "nts".parse().expect("an id"),
        origin: "https://gateway.nts.example".parse().expect("an origin"),
        sealing: SealingKey::make(named, &Fives).public(),
    };
    let sender = Sender {
        client: "madang".parse().expect("an id"),
        key: SigningKey::make("madang-sign-1".parse().expect("an id"), &Fives),
        window: Window::default(),
    };
    let request = Request::parse(REQUEST).expect("a request");
    sender.send(&request, &peer, now(), &Fives).expect("it can be sent").pending
});

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.splitn(7, |byte| *byte == b'\n');
    let status = lines.next().and_then(|line| http::StatusCode::from_bytes(line).ok()).unwrap_or_default();
    let mut response = http::Response::new(Vec::new());
    *response.status_mut() = status;
    for name in [
        "content-type",
        headers::CONTENT_DIGEST,
        headers::OUTCOME,
        headers::SIGNATURE_INPUT,
        headers::SIGNATURE,
    ] {
        if let Some(value) = lines.next().and_then(|line| HeaderValue::from_bytes(line).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    *response.body_mut() = lines.next().unwrap_or_default().to_vec();
    assert!(PENDING.answered(&response, &KeyRing::default(), now()).is_err());
});
