//! Whatever is wrong with a request: its code comes back, and nothing is read from the register.

use chrono::TimeDelta;
use exchange::{
    headers,
    message::{Ask, Page, Parameters, Reply, Request},
    refusal::Refusal,
    seal::SealingPublic,
    subject::SubjectRef,
    ticket::Ticket,
    verb::Verb,
};
use gateway::system::SystemChance;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::world::{MINJI, Running, World, now, person};

type Message = http::Request<Vec<u8>>;
type MessageChange = fn(&mut Message);
type TicketChange = fn(&mut Ticket, &World);

fn set(message: &mut Message, name: &'static str, value: &str) {
    message.headers_mut().insert(name, value.parse().unwrap());
}

#[tokio::test]
async fn a_message_that_is_not_what_was_signed_is_refused_before_it_is_opened() {
    let world = World::new();
    let gateway = Running::start(&world);
    let table: [(MessageChange, Refusal); 9] = [
        (|message| drop(message.headers_mut().remove(headers::SIGNATURE)), Refusal::Unsigned),
        (|message| message.body_mut()[90] ^= 1, Refusal::BadDigest),
        (|message| message.body_mut().truncate(200), Refusal::BadDigest),
        (|message| *message.body_mut() = b"garbage".to_vec(), Refusal::BadDigest),
        (|message| set(message, headers::FROM, "bank"), Refusal::UnknownKey),
        (|message| set(message, headers::TO, "nhis"), Refusal::WrongReceiver),
        (|message| drop(message.headers_mut().remove(headers::TICKET)), Refusal::NoTicket),
        (|message| *message.body_mut() = vec![0; 65_537], Refusal::TooLarge),
        (
            |message| *message.uri_mut() = "https://a/exchange/v2/pull".parse().unwrap(),
            Refusal::UnsupportedVersion,
        ),
    ];
    for (change, expected) in table {
        let mut message = world.send(&world.pull(&person(MINJI))).http;
        change(&mut message);
        assert_eq!(gateway.refusal(message).await, expected);
    }
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn a_message_signed_at_another_time_or_with_another_key_is_refused() {
    let mut world = World::new();
    let gateway = Running::start(&world);
    let request = world.pull(&person(MINJI));
    // A client that has the key for longer.
    let mut named = world.peer.sealing.named().clone();
    named.from = (now() - TimeDelta::days(1)).into();
    world.peer.sealing = SealingPublic::from_bytes(named, &world.peer.sealing.bytes()).unwrap();
    for (seconds, expected) in [(-3_600, Refusal::Expired), (3_600, Refusal::NotYetValid)] {
        let at = now() + TimeDelta::seconds(seconds);
        let sent = world.sender.send(&request, &world.peer, at, &SystemChance).unwrap();
        assert_eq!(gateway.refusal(sent.http).await, expected);
    }
    let id = "madang-sign-1".parse().unwrap();
    world.sender.key = exchange::keys::SigningKey::make(id, &SystemChance);
    assert_eq!(gateway.refusal(world.send(&request).http).await, Refusal::BadSignature);
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn a_message_that_comes_a_second_time_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let message = world.send(&world.pull(&person(MINJI))).http;
    gateway.exchange(message.clone()).await;
    assert_eq!(gateway.queries().await, 2);
    assert_eq!(gateway.refusal(message).await, Refusal::Replayed);
    assert_eq!(gateway.queries().await, 2);
}

#[tokio::test]
async fn a_message_from_before_a_restart_is_refused_when_it_was_answered_and_served_when_it_was_not() {
    let world = World::new();
    let gateway = Running::start(&world);
    let request = world.pull(&person(MINJI));
    // The retry adds nothing to the log, and is remembered all the same.
    let (first, retry) = (world.send(&request), world.send(&request));
    for sent in [&first, &retry] {
        gateway.exchange(sent.http.clone()).await;
    }
    let waiting = world.send(&world.pull(&person(MINJI)));
    drop(gateway);
    let gateway = Running::start(&world);
    for sent in [first, retry] {
        let response = gateway.exchange(sent.http).await;
        let reply = sent.pending.open(&response, &world.keys, now()).unwrap();
        assert_eq!(reply, Reply::refused(Refusal::Replayed), "and signed, as it is known who asked");
    }
    assert_eq!(gateway.queries().await, 0);
    let response = gateway.exchange(waiting.http).await;
    assert!(matches!(waiting.pending.open(&response, &world.keys, now()), Ok(Reply::Found(_))));
}

#[tokio::test]
async fn a_request_meant_for_another_agency_or_address_is_refused() {
    let mut world = World::new();
    let gateway = Running::start(&world);
    let request = world.pull(&person(MINJI));
    world.peer.origin = "https://gateway.nhis.example".parse().unwrap();
    assert_eq!(gateway.refusal(world.send(&request).http).await, Refusal::BadSignature);
    let mut named = world.peer.sealing.named().clone();
    named.owner = "nhis".parse().unwrap();
    world.peer.sealing = SealingPublic::from_bytes(named, &world.peer.sealing.bytes()).unwrap();
    world.peer.agency = "nhis".parse().unwrap();
    assert_eq!(gateway.refusal(world.send(&request).http).await, Refusal::WrongReceiver);
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn the_reply_to_another_request_is_none_to_this() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (first, second) = (world.send(&world.pull(&person(MINJI))), world.send(&world.pull(&person(MINJI))));
    let reply = gateway.exchange(first.http).await;
    let refused = second.pending.open(&reply, &world.keys, now()).unwrap_err();
    assert_eq!(refused.code, Refusal::BadSignature);
    let answered = first.pending.answered(&reply, &world.keys, now()).unwrap();
    // What the client keeps of it proves to anybody what the agency answered.
    let ring = world.everybody();
    assert_eq!(answered.evidence.proves_reply(first.pending.evidence(), &answered.exchange, &ring), Ok(()));
}

#[tokio::test]
async fn an_id_used_again_for_other_content_is_refused_before_the_register_is_asked() {
    let world = World::new();
    let gateway = Running::start(&world);
    let target = person(MINJI);
    let first = world.pull(&target);
    gateway.ask(&world, &first).await;
    let before = gateway.queries().await;
    // The same ticket, and so the same line in the log: another page, another year, another name.
    for (about, year, limit) in [(MINJI, 2025, 19), (MINJI, 2024, 20), ((MINJI.0, "김민정"), 2025, 20)] {
        let parameters = Parameters { year: Some(year), period: None };
        let ask = Ask::Pull { parameters, page: Page::first(limit) };
        let again = Request::new(first.id(), first.ticket().clone(), person(about), ask).unwrap();
        assert_eq!(gateway.ask(&world, &again).await, Reply::refused(Refusal::IdTaken));
    }
    assert_eq!(gateway.queries().await, before);
}

#[tokio::test]
async fn a_ticket_that_does_not_allow_it_is_refused_before_anything_is_looked_up() {
    let world = World::new();
    let gateway = Running::start(&world);
    let table: [(TicketChange, Refusal); 6] = [
        (|ticket, _| ticket.items.extend(["employer".parse().unwrap()]), Refusal::ItemNotGranted),
        (|ticket, _| ticket.kind = "resident-register".parse().unwrap(), Refusal::KindNotGranted),
        (|ticket, _| ticket.purpose = "curiosity".parse().unwrap(), Refusal::PurposeNotGranted),
        (
            |ticket, world| {
                let other = person(("910203-2345678", "이서연"));
                ticket.subject = SubjectRef::of(&world.subjects, &other);
            },
            Refusal::TicketMismatch,
        ),
        (
            |ticket, _| {
                ticket.issued = (now() - TimeDelta::seconds(700)).into();
                ticket.expires = (now() - TimeDelta::seconds(100)).into();
            },
            Refusal::TicketExpired,
        ),
        (
            |ticket, _| {
                let statute = exchange::ticket::Statute::new("An Act", "1").unwrap();
                ticket.ground = exchange::ticket::Ground::Statute(statute);
            },
            Refusal::NoGround,
        ),
    ];
    let target = person(MINJI);
    for (change, expected) in table {
        let mut ticket = world.ticket(Verb::Pull, &target);
        change(&mut ticket, &world);
        let reply = gateway.ask(&world, &World::pull_with(ticket, &target)).await;
        assert_eq!(reply, Reply::refused(expected));
    }
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn a_verb_that_is_granted_but_not_offered_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let target = person(MINJI);
    let value = serde_json::from_str(r#"{"money":1}"#).unwrap();
    let content = [("amount".parse().unwrap(), value)].into();
    let ask = Ask::Submit { form: "correction".parse().unwrap(), content };
    let ticket = world.ticket(Verb::Submit, &target);
    let id = exchange::ids::RequestId::mint(now(), &SystemChance);
    let request = Request::new(id, ticket, target, ask).unwrap();
    assert_eq!(gateway.ask(&world, &request).await, Reply::refused(Refusal::VerbNotGranted));
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up_and_others_are_served() {
    let world = World::new();
    let gateway = Running::start(&world);
    let mut slow = tokio::net::TcpStream::connect(gateway.address).await.unwrap();
    slow.write_all(b"POST /exchange/v1/pull HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nfirst")
        .await
        .unwrap();
    let reply = gateway.ask(&world, &world.pull(&person(MINJI))).await;
    assert!(matches!(reply, Reply::Found(_)));
    // The gateway answers and closes by itself: reading ends.
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.ends_with(r#"{"refused":"malformed"}"#), "{answer}");
    assert_eq!(gateway.queries().await, 2);
}

#[tokio::test]
async fn what_is_no_http_at_all_is_turned_away() {
    let world = World::new();
    let gateway = Running::start(&world);
    let mut stranger = tokio::net::TcpStream::connect(gateway.address).await.unwrap();
    stranger.write_all(b"\x16\x03\x01\x02\x00 garbage\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    stranger.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    assert_eq!(gateway.queries().await, 0);
}
