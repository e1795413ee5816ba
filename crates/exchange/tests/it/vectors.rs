//! One exchange with every byte fixed, so that other implementations can be held against it: `tests/vectors.json`, made by
//! `cargo run -p exchange --example vectors`, and checked by `docs/exchange-client.py --check`.

use std::sync::Mutex;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::id::Chance;
use exchange::{
    key_file::{Bytes, Key, KeyFile},
    message::Request,
    seal::SealingKeys,
};
use serde_json::{Value, json};

use crate::world::{Dice, World, in_force, now};

/// Chance that remembers what it gave.
struct Recorded(Dice, Mutex<Vec<Vec<u8>>>);

impl Chance for Recorded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
        self.1.lock().unwrap().push(bytes.to_vec());
    }
}

pub fn make() -> Value {
    let mut world = World::new();
    let seal = key_file("nts", "nts-seal-1", Key::SealSecret(Bytes::new([3; 32])));
    let subjects = key_file("nts", "subjects-1", Key::Subject(Bytes::new([5; 32])));
    let sealing = seal.sealing_key().unwrap();
    world.subjects = subjects.subject_key().unwrap();
    world.peer.sealing = sealing.public();
    world.receiver.sealing = SealingKeys::new(vec![sealing]);
    let sign =
        key_file("madang", "madang-sign-1", Key::SignSecret(Bytes::new(*world.sender.key.expose_seed())));
    let answer =
        key_file("nts", "nts-sign-1", Key::SignSecret(Bytes::new(*world.receiver.key.expose_seed())));

    let request = world.pull();
    let recorded = Recorded(Dice::new(11), Mutex::default());
    let sent = world.sender.send(&request, &world.peer, now(), &recorded).unwrap();
    let reply = world.serve(&sent.http).unwrap();
    let chance = recorded.1.into_inner().unwrap();
    let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
    let inside: Value = serde_json::from_slice(&opened.ticket().canonical().unwrap()).unwrap();
    let files = [
        &sign,
        &sign.public().unwrap(),
        &seal,
        &seal.public().unwrap(),
        &answer.public().unwrap(),
        &subjects,
    ];
    json!({
        "now": now().timestamp(),
        "keys": files.map(|file| serde_json::to_value(file).unwrap()),
        "target": { "number": "900101-1234567", "name": "김민지" },
        "request_id": request.id().to_string(),
        "ticket": inside,
        "ticket_digest": request.ticket().digest().unwrap().to_string(),
        "ephemeral_ikm": STANDARD.encode(&chance[0]),
        "nonce": STANDARD.encode(&chance[1]),
        "request": message(sent.http.headers(), sent.http.body()),
        "signature_base": sent.pending.evidence().base,
        "fingerprint": request.fingerprint(&world.subjects).unwrap().to_string(),
        "outcome": reply.headers()[exchange::headers::OUTCOME].to_str().unwrap(),
        "refused_replies": refused_replies(&request),
        "reply": message(reply.headers(), reply.body()),
        "reply_inside": {
            "request": request.id().to_string(),
            "reply": crate::world::found(request.ticket()),
        },
    })
}

/// Texts that look like the reply and that a client has to refuse.
fn refused_replies(request: &Request) -> Vec<String> {
    let good = json!({ "request": request.id().to_string(), "reply": crate::world::found(request.ticket()) });
    // serde_json sorts the names of a map.
    let good = good.to_string();
    let mut refused: Vec<String> = [
        (":48200000", ": 48200000"),
        (":48200000", ":48200000.0"),
        (":48200000", ":4.82e7"),
        (":48200000", ":-1"),
        (":48200000", ":9007199254740992"),
        (":48200000", ":\"48200000\""),
        (":48200000", ":null"),
        (":48200000", ":true"),
        (":48200000", ":48200000,\"money\":48200000"),
        ("{\"money\":48200000}", "{}"),
        ("{\"money\":48200000}", "48200000"),
        ("{\"money\":48200000}", "{\"integer\":1,\"money\":48200000}"),
        ("{\"money\":48200000}", "{\"gold\":1}"),
        ("{\"money\":48200000}", "{\"text\":\"\\u0000\"}"),
        ("{\"money\":48200000}", "{\"text\":\"\\u0041\"}"),
        ("{\"money\":48200000}", "{\"text\":\"\\ud800\"}"),
        ("{\"money\":48200000}", "{\"date\":\"2026-02-30\"}"),
        ("{\"money\":48200000}", "{\"date\":\"2026-2-3\"}"),
        ("{\"money\":48200000}", "{\"decimal\":\"-0.0\"}"),
        ("{\"money\":48200000}", "{\"decimal\":\"01\"}"),
        ("{\"money\":48200000}", "{\"decimal\":1}"),
        ("{\"money\":48200000}", "{\"integer\":-0}"),
        ("{\"money\":48200000}", "{\"list\":[1]}"),
        ("{\"money\":48200000}", "{\"list\":[[]]}"),
        ("{\"money\":48200000}", "{\"yes_no\":1}"),
        ("\"amount\"", "\"employer\""),
        ("2026-11-22T09:00:00Z", "2026-11-22T09:00:00.0Z"),
        ("2026-11-22T09:00:00Z", "2026-11-22T09:00:60Z"),
        ("\"records\":", "\"next\":null,\"records\":"),
        ("\"records\":", "\"more\":1,\"records\":"),
        ("\"records\":", "\"next\":\"\",\"records\":"),
        ("{\"found\":", "{ \"found\":"),
        ("}]}}", "}]},\"not_found\":{}}"),
    ]
    .iter()
    .map(|(from, to)| good.replacen(from, to, 1))
    .collect();
    let inside = [
        r#"{"found":["2026-11-22T09:00:00Z",[]]}"#,
        r#"{"found":{"as_of":"2026-11-22T09:00:00Z","next":"7","records":[]}}"#,
        r#"{"unavailable":{"retry_after":0}}"#,
        r#"{"unavailable":{"retry_after":3601}}"#,
        r#"{"refused":{"code":"because"}}"#,
        r#"{"refused":"no_ground"}"#,
        r#"{"verified":{}}"#,
        r#"{"not_found":{"why":"no"}}"#,
        r#"{"not_found":[]}"#,
        "{}",
        "[]",
    ];
    refused.extend(inside.map(|reply| format!(r#"{{"reply":{reply},"request":"{}"}}"#, request.id())));
    refused.push(r#"{"reply":{"not_found":{}},"request":"01a2027b-d680-79b9-9f3a-331fd8f5ba9b"}"#.to_owned());
    refused
}

fn key_file(owner: &str, id: &str, key: Key) -> KeyFile {
    let (from, until) = in_force();
    KeyFile { owner: owner.parse().unwrap(), id: id.parse().unwrap(), from, until, key }
}

fn message(headers: &http::HeaderMap, body: &[u8]) -> Value {
    let headers: serde_json::Map<_, _> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), Value::from(value.to_str().unwrap())))
        .collect();
    json!({ "headers": headers, "body": STANDARD.encode(body) })
}

#[test]
fn the_written_vectors_are_what_this_crate_makes() {
    let written: Value = serde_json::from_str(include_str!("../vectors.json")).unwrap();
    assert!(written == make(), "the format changed: make the vectors anew, and change docs/exchange.md");
}

#[test]
fn no_reply_of_the_vectors_that_is_to_be_refused_is_taken() {
    let request = World::new().pull();
    let good = json!({ "request": request.id().to_string(), "reply": crate::world::found(request.ticket()) });
    let read = |text: &str| exchange::message::Reply::parse(text.as_bytes(), &request);
    assert!(read(&good.to_string()).is_ok());
    for text in refused_replies(&request) {
        assert!(read(&text).is_err(), "{text}");
    }
}

#[test]
fn the_document_shows_the_vectors_and_every_refusal() {
    let document = include_str!("../../../../docs/exchange.md");
    let vectors = make();
    for (name, value) in vectors["request"]["headers"].as_object().unwrap() {
        assert!(document.contains(&format!("{name}: {}", value.as_str().unwrap())), "{name}");
    }
    assert!(document.contains(vectors["signature_base"].as_str().unwrap()));
    for refusal in exchange::refusal::Refusal::ALL {
        assert!(document.contains(&format!("| `{refusal}` | {} |", refusal.sentence())), "{refusal}");
    }
}
