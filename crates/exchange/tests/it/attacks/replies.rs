use exchange::{
    client::{Pending, Sent},
    headers,
    keys::SigningKey,
    message::{Found, Reply},
    refusal::Refusal,
    subject::SubjectRef,
    value::Record,
};
use http::HeaderValue;

use crate::world::{World, found, now, person, public, record, seconds};

fn pending_and_reply() -> (World, Pending, http::Response<Vec<u8>>) {
    let world = World::new();
    let Sent { http, pending } = world.send(&world.pull());
    let reply = world.serve(&http).unwrap();
    (world, pending, reply)
}

#[test]
fn a_reply_to_another_request_is_refused() {
    let world = World::new();
    let request = world.pull();
    // Even to the very same request, signed anew.
    let (first, second) = (world.send(&request), world.send(&request));
    let reply = world.serve(&first.http).unwrap();
    assert!(first.pending.open(&reply, &world.keys, now()).is_ok());
    let refused = second.pending.open(&reply, &world.keys, now()).unwrap_err();
    assert_eq!(refused.code, Refusal::BadSignature);
}

#[test]
fn a_reply_signed_by_another_agency_is_refused() {
    let mut world = World::new();
    let sent = world.send(&world.pull());
    let other = SigningKey::make("nhis-sign-1".parse().unwrap(), &world.dice);
    world.keys.add(public("nhis", &other)).unwrap();
    world.receiver.key = other;
    let reply = world.serve(&sent.http).unwrap();
    let refused = sent.pending.open(&reply, &world.keys, now()).unwrap_err();
    assert_eq!(refused.code, Refusal::UnknownKey);
}

#[test]
fn an_altered_or_old_reply_is_refused() {
    let (world, pending, mut reply) = pending_and_reply();
    let code = |reply: &http::Response<Vec<u8>>, at| {
        pending.open(reply, &world.keys, seconds(at)).err().map(|refused| refused.code)
    };
    assert_eq!(code(&reply, 70), Some(Refusal::Expired));
    assert_eq!(code(&reply, -11), Some(Refusal::NotYetValid));
    *reply.status_mut() = http::StatusCode::NOT_FOUND;
    assert_eq!(code(&reply, 0), Some(Refusal::BadSignature));
    *reply.status_mut() = http::StatusCode::OK;
    reply.headers_mut().insert("content-type", HeaderValue::from_static(headers::OPEN_REFUSAL));
    assert_eq!(code(&reply, 0), Some(Refusal::Unsigned));
    reply.headers_mut().insert("content-type", HeaderValue::from_static(headers::SEALED));
    let outcome = reply.headers_mut().remove(headers::OUTCOME).unwrap();
    assert_eq!(code(&reply, 0), Some(Refusal::Malformed));
    let other = exchange::digest::Digest::of(b"").header().parse().unwrap();
    reply.headers_mut().insert(headers::OUTCOME, other);
    assert_eq!(code(&reply, 0), Some(Refusal::BadSignature));
    reply.headers_mut().insert(headers::OUTCOME, outcome);
    assert_eq!(code(&reply, 0), None);
    reply.body_mut()[50] ^= 1;
    assert_eq!(code(&reply, 0), Some(Refusal::BadDigest));
    reply.headers_mut().remove(headers::SIGNATURE);
    assert_eq!(code(&reply, 0), Some(Refusal::Unsigned));
    reply.body_mut().resize(exchange::limits::REPLY_BYTES + 1, 0);
    assert_eq!(code(&reply, 0), Some(Refusal::TooLarge));
}

#[test]
fn an_item_that_was_not_asked_for_does_not_leave_and_is_not_taken() {
    let world = World::new();
    let request = world.pull();
    let mut extra: Record = record();
    extra.insert("employer".parse().unwrap(), serde_json::from_str(r#"{"text":"가온"}"#).unwrap());
    let refused = Found::new(request.ticket(), now().into(), vec![extra.clone()], None).unwrap_err();
    assert_eq!(refused.code, Refusal::ItemNotGranted);
    let lie = Reply::Found(Found { as_of: now().into(), records: vec![extra], next: None });
    let sent = world.send(&request);
    let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
    assert_eq!(opened.reply(&lie, now(), &world.dice).unwrap_err().code, Refusal::ItemNotGranted);
    assert_eq!(lie.check(&request).unwrap_err().code, Refusal::ItemNotGranted);
}

#[test]
fn a_reply_of_another_verb_or_with_too_many_records_is_refused() {
    let world = World::new();
    let request = world.pull();
    assert_eq!(Reply::Verified {}.check(&request).unwrap_err().code, Refusal::Malformed);
    let many = Found::new(request.ticket(), now().into(), vec![record(); 21], None).unwrap();
    assert_eq!(Reply::Found(many).check(&request).unwrap_err().code, Refusal::TooLarge);
    assert!(found(request.ticket()).check(&request).is_ok());
}

#[test]
fn an_empty_page_is_the_last_and_nobody_is_told_to_wait_for_long() {
    let world = World::new();
    let request = world.pull();
    let next = exchange::message::PageKey::try_from("7".to_owned()).ok();
    let empty = Found::new(request.ticket(), now().into(), vec![], next).unwrap_err();
    assert_eq!(empty.code, Refusal::Malformed);
    for (retry_after, good) in [(0, false), (1, true), (3_600, true), (3_601, false)] {
        assert_eq!(Reply::Unavailable { retry_after }.check(&request).is_ok(), good, "{retry_after}");
    }
}

#[test]
fn a_reference_means_nothing_under_another_key() {
    let world = World::new();
    let other = exchange::subject::SubjectKey::make(&world.dice);
    assert_ne!(SubjectRef::of(&world.subjects, &person()), SubjectRef::of(&other, &person()));
}
