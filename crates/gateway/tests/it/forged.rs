//! Messages that a client with good keys makes and the crate would not: the sealed text is another one.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use exchange::{digest::Digest, headers, message::Request, refusal::Refusal};
use hpke::{Deserializable as _, Serializable as _, rand_core::UnwrapErr};

use crate::world::{MINJI, Running, World, person};

type Kem = hpke::kem::X25519HkdfSha256;

/// Seals `plain` instead of the request, and signs that.
fn forge(world: &World, request: &Request, plain: &[u8]) -> http::Request<Vec<u8>> {
    let mut message = world.send(request).http;
    let id = world.peer.sealing.id().as_str();
    let info = format!("madang-exchange-1 request\0pull\0madang\0nts\0{}\0{id}", request.id());
    let key = <Kem as hpke::Kem>::PublicKey::from_bytes(&world.peer.sealing.bytes()).unwrap();
    let (enc, mut sender) = hpke::setup_sender_with_rng::<
        hpke::aead::ChaCha20Poly1305,
        hpke::kdf::HkdfSha256,
        Kem,
    >(
        &hpke::OpModeS::Base, &key, info.as_bytes(), &mut UnwrapErr(getrandom::SysRng)
    )
    .unwrap();
    let sealed = sender.seal(plain, &[]).unwrap();
    let length = u8::try_from(id.len()).unwrap();
    *message.body_mut() = [&[1, length], id.as_bytes(), &enc.to_bytes(), &sealed].concat();
    sign(world, &mut message);
    message
}

fn sign(world: &World, message: &mut http::Request<Vec<u8>>) {
    let digest = Digest::of(message.body()).header();
    message.headers_mut().insert(headers::CONTENT_DIGEST, digest.parse().unwrap());
    let value = |name: &str| message.headers()[name].to_str().unwrap().to_owned();
    let mut base = String::from(
        "\"@method\": POST\n\"@authority\": gateway.nts.example\n\"@path\": /exchange/v1/pull\n",
    );
    for name in
        ["content-type", headers::CONTENT_DIGEST, headers::FROM, headers::TO, headers::ID, headers::TICKET]
    {
        writeln!(base, "\"{name}\": {}", value(name)).unwrap();
    }
    let input = value(headers::SIGNATURE_INPUT);
    write!(base, "\"@signature-params\": {}", input.strip_prefix("madang=").unwrap()).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(world.sender.key.expose_seed());
    let signature = STANDARD.encode(ed25519_dalek::Signer::sign(&key, base.as_bytes()).to_bytes());
    message.headers_mut().insert(headers::SIGNATURE, format!("madang=:{signature}:").parse().unwrap());
}

#[tokio::test]
async fn what_is_sealed_and_signed_well_and_says_something_else_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let request = world.pull(&person(MINJI));
    let text = String::from_utf8(request.to_json().unwrap().to_vec()).unwrap();
    let ticket = String::from_utf8(request.ticket().canonical().unwrap()).unwrap();
    let other = world.pull(&person(MINJI));
    let other_ticket = String::from_utf8(other.ticket().canonical().unwrap()).unwrap();
    let (id, other_id) = (request.id().to_string(), other.id().to_string());
    let table = [
        ("an unknown field", text.replacen("\"limit\":20", "\"limit\":20,\"skip\":5", 1), Refusal::Malformed),
        ("truncated", text[..text.len() / 2].to_owned(), Refusal::Malformed),
        ("garbage", "\0\u{1}garbage".to_owned(), Refusal::Malformed),
        ("nothing", String::new(), Refusal::Malformed),
        ("a field twice", text.replacen('{', "{\"ask\":{\"verify\":{}},", 1), Refusal::Malformed),
        ("an array for an object", text.replacen("{\"limit\":20}", "[20]", 1), Refusal::Malformed),
        ("items twice", text.replacen("[\"amount\",", "[\"amount\",\"amount\",", 1), Refusal::Malformed),
        ("blanks", text.replacen(':', ": ", 1), Refusal::Malformed),
        ("too many records", text.replacen("\"limit\":20", "\"limit\":1001", 1), Refusal::Malformed),
        ("a stripped ticket", text.replacen(&format!(",\"ticket\":{ticket}"), "", 1), Refusal::NoTicket),
        ("another ticket", text.replacen(&ticket, &other_ticket, 1), Refusal::TicketMismatch),
        ("another id", text.replacen(&id, &other_id, 1), Refusal::Malformed),
    ];
    for (name, plain, expected) in table {
        assert_ne!(plain, text, "{name}");
        let message = forge(&world, &request, plain.as_bytes());
        assert_eq!(gateway.refusal(message).await, expected, "{name}");
    }
    assert_eq!(gateway.queries().await, 0);
    // The forger's tools are good: with the true text the message passes.
    let message = forge(&world, &request, text.as_bytes());
    assert_eq!(gateway.exchange(message).await.status(), http::StatusCode::OK);
    assert_eq!(gateway.queries().await, 2);
}
