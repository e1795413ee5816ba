//! The signature headers: first line `signature-input`, second line `signature`, third line `content-digest`.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::id::Chance;
use exchange::{
    headers,
    holder::Receiver,
    keys::{KeyRing, SigningKey},
    seal::SealingKeys,
    sign::{NonceWindow, Window},
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

static RECEIVER: LazyLock<Receiver> = LazyLock::new(|| Receiver {
    agency: "nts".parse().expect("an id"),
    origin: "https://gateway.nts.example".parse().expect("an origin"),
    key: SigningKey::make("nts-sign-1".parse().expect("an id"), &Fives),
    sealing: SealingKeys::default(),
    clients: KeyRing::default(),
    window: Window::default(),
});

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut request = http::Request::post("/exchange/v1/pull")
        .header("content-type", headers::SEALED)
        .header(headers::FROM, "madang")
        .header(headers::TO, "nts")
        .header(headers::ID, "019dab3e-7c00-7abc-8def-0123456789ab")
        .header(headers::TICKET, "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")
        .body(Vec::new())
        .expect("a request");
    for name in [headers::SIGNATURE_INPUT, headers::SIGNATURE, headers::CONTENT_DIGEST] {
        if let Some(value) = lines.next().and_then(|line| HeaderValue::from_bytes(line).ok()) {
            request.headers_mut().insert(name, value);
        }
    }
    let mut memory = NonceWindow::new(now(), 10);
    assert!(RECEIVER.verify(&request, &mut memory, now()).is_err());
});
