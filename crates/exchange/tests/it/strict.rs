//! A sealed message has one form, and one request one fingerprint.

use exchange::{
    ids::RequestId,
    message::{Ask, Found, Page, Parameters, Reply, Request},
    refusal::Refusal,
    value::{Record, Value},
    verb::Verb,
};

use crate::world::{World, now, person};

const ID: &str = "01a2027b-d680-79b9-9f3a-331fd8f5ba9a";

fn refused<T>(result: Result<T, exchange::refusal::Refused>) -> Option<Refusal> {
    result.err().map(|refused| refused.code)
}

/// The JSON of a request, with a piece replaced.
fn request(from: &str, to: &str) -> Vec<u8> {
    let ticket = String::from_utf8(World::new().ticket(Verb::Pull).canonical().unwrap()).unwrap();
    let text = format!(
        r#"{{"ask":{{"pull":{{"page":{{"limit":20}}}}}},"id":"{ID}","target":{{"person":{{"name":"김민지","number":"900101-1234567"}}}},"ticket":{ticket}}}"#
    );
    let spoilt = text.replacen(from, to, 1);
    assert!(from == to || spoilt != text, "{from}");
    spoilt.into_bytes()
}

#[test]
fn a_request_that_is_not_canonical_is_refused() {
    assert!(Request::parse(&request("", "")).is_ok());
    for (from, to) in [
        (r#"{"limit":20}"#, "[null,20]"),
        (r#"{"limit":20}"#, "[20]"),
        (r#"{"page":{"limit":20}}"#, r#"{"page":{"limit":20},"parameters":{}}"#),
        (r#"{"name":"김민지","number":"900101-1234567"}"#, r#"["900101-1234567","김민지"]"#),
        (r#"{"name":"김민지","number":"900101-1234567"}"#, r#"{"number":"900101-1234567","name":"김민지"}"#),
        (r#"["amount","year"]"#, r#"["year","amount"]"#),
        (r#"["amount","year"]"#, r#"["amount","amount","year"]"#),
        ("김민지", "\\uae40민지"),
        (r#""ask":"#, r#" "ask":"#),
        (r#""limit":20"#, r#""limit":20,"after":null"#),
        (r#""limit":20"#, r#""limit":20,"skip":5"#),
    ] {
        assert_eq!(refused(Request::parse(&request(from, to))), Some(Refusal::Malformed), "{to}");
    }
}

#[test]
fn a_reply_that_is_not_canonical_is_refused() {
    let reply = r#"{"reply":{"found":{"as_of":"2026-11-22T09:00:00Z","records":[{"amount":{"money":1},"year":{"integer":2025}}]}},"request":"ID"}"#.replace("ID", ID);
    assert!(Reply::parse_any(reply.as_bytes()).is_ok());
    for (from, to) in [
        (
            r#"{"amount":{"money":1},"year":{"integer":2025}}"#,
            r#"{"year":{"integer":2025},"amount":{"money":1}}"#,
        ),
        (r#"{"amount":{"money":1},"year":{"integer":2025}}"#, r#"[["amount",{"money":1}]]"#),
        (r#"{"as_of":"2026-11-22T09:00:00Z","records":"#, r#"["2026-11-22T09:00:00Z","#),
        (r#""money":1"#, r#""money": 1"#),
        (r#""records":"#, r#""next":null,"records":"#),
    ] {
        let spoilt = reply.replacen(from, to, 1);
        assert_ne!(spoilt, reply);
        assert_eq!(refused(Reply::parse_any(spoilt.as_bytes())), Some(Refusal::Malformed), "{to}");
    }
}

#[test]
fn an_open_refusal_has_one_form() {
    assert_eq!(exchange::client::open_refusal(br#"{"refused":"bad_seal"}"#).unwrap(), Refusal::BadSeal);
    for bad in [r#"["bad_seal"]"#, r#"{"refused": "bad_seal"}"#, r#"{"refused":"other"}"#] {
        assert_eq!(
            refused(exchange::client::open_refusal(bad.as_bytes())),
            Some(Refusal::Malformed),
            "{bad}"
        );
    }
}

#[test]
fn a_sender_does_not_send_what_a_receiver_would_not_read() {
    // 1,000 records of 60 lines each are more than 100,000 values, and less than 1 MiB.
    let world = World::new();
    let lines: Value = serde_json::from_value(serde_json::json!({ "list": vec!["x"; 100] })).unwrap();
    let record = Record::from([("amount".parse().unwrap(), lines)]);
    let ticket = world.ticket(Verb::Pull);
    let many = Found::new(&ticket, now().into(), vec![record; 1_000], None).unwrap();
    let ask = Ask::Pull { parameters: Parameters::default(), page: Page::first(1_000) };
    let request = Request::new(RequestId::mint(now(), &world.dice), ticket, person(), ask).unwrap();
    let sent = world.send(&request);
    let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
    let reply = opened.reply(&Reply::Found(many), now(), &world.dice);
    assert_eq!(refused(reply), Some(Refusal::TooLarge));
    // A client holds its requests to them as well.
    let text = "가".repeat(4_000);
    let content = (0..10)
        .map(|number| {
            let value = serde_json::from_value(serde_json::json!({ "text": text })).unwrap();
            (format!("item_{number}").parse().unwrap(), value)
        })
        .collect::<Record>();
    let mut ticket = world.ticket(Verb::Submit);
    ticket.items = content.keys().cloned().collect();
    let ask = Ask::Submit { form: "income-correction".parse().unwrap(), content };
    let request = Request::new(RequestId::mint(now(), &world.dice), ticket, person(), ask).unwrap();
    let sent = world.sender.send(&request, &world.peer, now(), &world.dice);
    assert_eq!(refused(sent.map(|_| ())), Some(Refusal::TooLarge));
}

#[test]
fn a_retry_has_the_same_fingerprint_and_any_other_content_another() {
    let world = World::new();
    let first = world.pull();
    let again = Request::parse(&request("", "")).unwrap();
    let print = |request: &Request| request.fingerprint(&world.subjects).unwrap();
    assert_eq!(print(&first), print(&first.clone()));
    let ask =
        |year, limit| Ask::Pull { parameters: Parameters { year, period: None }, page: Page::first(limit) };
    let with = |ask| Request::new(first.id(), first.ticket().clone(), first.target().clone(), ask).unwrap();
    let misnamed = exchange::target::Target::Person {
        number: "900101-1234567".parse().unwrap(),
        name: "김민정".parse().unwrap(),
    };
    let other = Request::new(first.id(), first.ticket().clone(), misnamed, first.ask().clone()).unwrap();
    for changed in [with(ask(Some(2024), 20)), with(ask(Some(2025), 21)), with(ask(None, 20)), other, again] {
        assert_ne!(print(&first), print(&changed));
    }
    // Who does not have the key cannot try out whom it is about.
    let stranger = exchange::subject::SubjectKey::make(&world.dice);
    assert_ne!(first.fingerprint(&stranger).unwrap(), print(&first));
}
