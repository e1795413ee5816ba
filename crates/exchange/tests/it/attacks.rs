//! What is refused, with which code.

mod replies;
mod requests;
mod tickets;

use exchange::{headers, keys::SigningKey, refusal::Refusal, ticket::Ticket, verb::Verb};
use http::HeaderValue;

use crate::world::World;

type Message = http::Request<Vec<u8>>;

/// The code that a pull is refused with after `spoil` had it.
fn refused_after(spoil: impl FnOnce(&World, &mut Message)) -> Option<Refusal> {
    let world = World::new();
    let mut message = world.send(&world.pull()).http;
    spoil(&world, &mut message);
    world.code(&message)
}

/// The code that a pull with a spoilt ticket is refused with.
fn refused_with(spoil: impl FnOnce(&World, &mut Ticket)) -> Option<Refusal> {
    let world = World::new();
    let mut ticket = world.ticket(Verb::Pull);
    spoil(&world, &mut ticket);
    world.code(&world.send(&world.request_with(ticket)).http)
}

fn set(message: &mut Message, name: &'static str, value: &str) {
    message.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
}

fn edit(message: &mut Message, name: &'static str, from: &str, to: &str) {
    let value = message.headers()[name].to_str().unwrap().replacen(from, to, 1);
    assert_ne!(value, message.headers()[name].to_str().unwrap());
    set(message, name, &value);
}

/// What a sender with `key` can do: sign a spoilt message. It goes the long way, through a sender of its own, because
/// the crate signs nothing that it did not seal.
fn resigned(world: &World, from: &str, key: SigningKey, spoil: impl FnOnce(&mut Message)) -> Message {
    let mut message = world.send(&world.pull()).http;
    spoil(&mut message);
    set(&mut message, headers::FROM, from);
    let digest = exchange::digest::Digest::of(message.body()).header();
    set(&mut message, headers::CONTENT_DIGEST, &digest);
    let input = message.headers()[headers::SIGNATURE_INPUT].to_str().unwrap();
    let input = input.replace("madang-sign-1", key.id().as_str());
    set(&mut message, headers::SIGNATURE_INPUT, &input);
    let input = message.headers()[headers::SIGNATURE_INPUT].to_str().unwrap();
    let params = input.strip_prefix("madang=").unwrap();
    let value = |name: &str| message.headers()[name].to_str().unwrap().to_owned();
    let base = [
        ("@method", "POST".to_owned()),
        ("@authority", "gateway.nts.example".to_owned()),
        ("@path", "/exchange/v1/pull".to_owned()),
        ("content-type", value("content-type")),
        ("content-digest", digest),
        ("exchange-from", from.to_owned()),
        ("exchange-to", "nts".to_owned()),
        ("exchange-id", value(headers::ID)),
        ("exchange-ticket", value(headers::TICKET)),
    ]
    .map(|(name, value)| format!("\"{name}\": {value}\n"))
    .concat()
        + &format!("\"@signature-params\": {params}");
    let secret = ed25519_dalek::SigningKey::from_bytes(key.expose_seed());
    let signature = ed25519_dalek::Signer::sign(&secret, base.as_bytes()).to_bytes();
    let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signature);
    set(&mut message, headers::SIGNATURE, &format!("madang=:{signature}:"));
    message
}
