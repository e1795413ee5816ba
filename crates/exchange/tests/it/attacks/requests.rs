use chrono::TimeDelta;
use exchange::{
    headers,
    ids::RequestId,
    keys::SigningKey,
    message::Reply,
    refusal::Refusal,
    seal::SealingKey,
    sign::{NonceWindow, Noted},
};
use http::Method;

use super::{edit, refused_after, resigned, set};
use crate::world::{World, in_force, named, now, public, seconds};

#[test]
fn an_unsigned_request_is_refused() {
    for name in [headers::SIGNATURE, headers::SIGNATURE_INPUT] {
        let code = refused_after(|_, message| drop(message.headers_mut().remove(name)));
        assert_eq!(code, Some(Refusal::Unsigned));
    }
}

#[test]
fn a_signature_that_covers_less_or_other_things_is_refused() {
    for left_out in
        ["\"@method\" ", "\"@path\" ", "\"@authority\" ", " \"exchange-ticket\"", "\"content-digest\" "]
    {
        let code = refused_after(|_, message| edit(message, headers::SIGNATURE_INPUT, left_out, ""));
        assert_eq!(code, Some(Refusal::Unsigned), "{left_out}");
    }
    let code = refused_after(|_, message| {
        edit(message, headers::SIGNATURE_INPUT, "\"@path\"", "\"@path\" \"date\"");
    });
    assert_eq!(code, Some(Refusal::Unsigned));
}

#[test]
fn a_signature_with_other_parameters_is_refused() {
    for (from, to, expected) in [
        (";nonce=\"", ";nonce=\"A", Refusal::Malformed),
        ("madang-request-1", "madang-reply-1", Refusal::Unsigned),
        (";tag=", ";alg=\"ed25519\";tag=", Refusal::Malformed),
        (";created=", ";created=1;created=", Refusal::Malformed),
        (";expires=", "; expires=", Refusal::Malformed),
        ("madang=", "sig1=", Refusal::Unsigned),
        ("madang=(", "a=1, madang=(", Refusal::Unsigned),
        (";tag=\"madang-request-1\"", "", Refusal::Malformed),
    ] {
        let code = refused_after(|_, message| edit(message, headers::SIGNATURE_INPUT, from, to));
        assert_eq!(code, Some(expected), "{to}");
    }
}

#[test]
fn a_request_signed_with_a_wrong_key_is_refused() {
    let mut world = World::new();
    // Somebody else under the portal's key name; then the portal under a name that nobody knows.
    world.sender.key = SigningKey::make("madang-sign-1".parse().unwrap(), &world.dice);
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::BadSignature));
    world.sender.key = SigningKey::make("madang-sign-9".parse().unwrap(), &world.dice);
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownKey));
}

#[test]
fn a_request_signed_with_another_clients_key_is_refused() {
    let mut world = World::new();
    let other = SigningKey::make("bank-sign-1".parse().unwrap(), &world.dice);
    world.receiver.clients.add(public("bank", &other)).unwrap();
    world.sender.key = other;
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownKey));
}

#[test]
fn a_key_is_refused_before_and_after_its_time() {
    let world = World::new();
    let mut early = public("madang", &world.sender.key);
    early.from = seconds(1).into();
    let mut late = public("madang", &world.sender.key);
    late.until = now().into();
    for key in [early, late] {
        let mut world = World::new();
        world.receiver.clients = exchange::keys::KeyRing::default();
        world.receiver.clients.add(key).unwrap();
        assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownKey));
    }
}

#[test]
fn an_altered_body_is_refused() {
    let code = refused_after(|_, message| message.body_mut()[90] ^= 1);
    assert_eq!(code, Some(Refusal::BadDigest));
    // Also when the digest is made to fit.
    let code = refused_after(|_, message| {
        message.body_mut()[90] ^= 1;
        let digest = exchange::digest::Digest::of(message.body()).header();
        set(message, headers::CONTENT_DIGEST, &digest);
    });
    assert_eq!(code, Some(Refusal::BadSignature));
}

#[test]
fn an_altered_header_is_refused() {
    let other = RequestId::mint(now(), &crate::world::Dice::new(1)).to_string();
    for (name, value, expected) in [
        (headers::ID, other.as_str(), Refusal::BadSignature),
        (headers::FROM, "bank", Refusal::UnknownKey),
        (headers::TICKET, &exchange::digest::Digest([0; 32]).header(), Refusal::BadSignature),
        (headers::TO, "nhis", Refusal::WrongReceiver),
        ("content-type", "application/json", Refusal::Malformed),
        (headers::CONTENT_DIGEST, "sha-512=:AA==:", Refusal::Malformed),
    ] {
        let code = refused_after(|_, message| set(message, name, value));
        assert_eq!(code, Some(expected), "{name}");
    }
}

#[test]
fn a_header_that_stands_there_twice_is_refused() {
    for name in [headers::SIGNATURE, headers::SIGNATURE_INPUT, headers::FROM, headers::TICKET, "content-type"]
    {
        let code = refused_after(|_, message| {
            let value = message.headers()[name].clone();
            message.headers_mut().append(name, value);
        });
        assert_eq!(code, Some(Refusal::Malformed), "{name}");
    }
}

#[test]
fn another_method_path_or_query_is_refused() {
    let code = refused_after(|_, message| *message.method_mut() = Method::PUT);
    assert_eq!(code, Some(Refusal::Malformed));
    for (path, expected) in [
        ("https://gateway.nts.example/exchange/v1/submit", Refusal::BadSignature),
        ("https://gateway.nts.example/exchange/v1/pull?x=1", Refusal::Malformed),
        ("https://gateway.nts.example/exchange/v1/delete", Refusal::Malformed),
        ("https://gateway.nts.example/exchange/v2/pull", Refusal::UnsupportedVersion),
        ("https://gateway.nts.example/", Refusal::Malformed),
    ] {
        let code = refused_after(|_, message| *message.uri_mut() = path.parse().unwrap());
        assert_eq!(code, Some(expected), "{path}");
    }
}

#[test]
fn a_replayed_request_is_refused() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let mut memory = World::memory();
    world.receiver.verify(&sent.http, &mut memory, now()).unwrap();
    for at in [0, 30, 69] {
        let refused = world.receiver.verify(&sent.http, &mut memory, seconds(at)).unwrap_err();
        assert_eq!(refused.refused.code, Refusal::Replayed, "after {at} s");
        // It is known who asked, so the refusal is signed; a stranger's is not.
        let reply = sent.pending.open(&refused.answer(seconds(at)), &world.keys, seconds(at)).unwrap();
        assert_eq!(reply, Reply::refused(Refusal::Replayed));
        assert!(!reply.is_final());
    }
    let refused = world.receiver.verify(&sent.http, &mut memory, seconds(70)).unwrap_err();
    assert_eq!(refused.refused.code, Refusal::Expired);
    assert_eq!(
        sent.pending.open(&refused.answer(now()), &world.keys, now()).unwrap_err().code,
        Refusal::Unsigned
    );
}

#[test]
fn what_was_let_through_before_a_restart_is_refused_after_it_and_everything_else_is_served() {
    let world = World::new();
    let request = world.pull();
    let (first, retry, waiting) = (world.send(&request), world.send(&request), world.send(&world.pull()));
    // A sender whose clock is ahead is no exception.
    let ahead = world.sender.send(&request, &world.peer, seconds(10), &world.dice).unwrap();
    let mut memory = World::memory();
    let noted: Vec<Noted> = [&first, &retry, &ahead]
        .map(|sent| world.receiver.verify(&sent.http, &mut memory, now()).unwrap().signed().into())
        .into();
    let mut memory = NonceWindow::resume(noted, 10);
    for sent in [&first, &retry, &ahead] {
        let refused = world.receiver.verify(&sent.http, &mut memory, seconds(1)).unwrap_err();
        assert_eq!(refused.refused.code, Refusal::Replayed);
    }
    assert!(world.receiver.verify(&waiting.http, &mut memory, seconds(1)).is_ok());
}

#[test]
fn a_holder_that_lost_what_it_noted_refuses_what_was_signed_before() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let mut memory = NonceWindow::new(seconds(1), 10);
    let refused = world.receiver.verify(&sent.http, &mut memory, seconds(2)).unwrap_err();
    assert_eq!(refused.refused.code, Refusal::Expired);
}

#[test]
fn nothing_is_sealed_to_somebody_elses_key_or_one_that_is_not_in_force() {
    let mut world = World::new();
    let request = world.pull();
    let past = (seconds(-60).into(), now().into());
    for named in [named("nhis", "nhis-seal-1", in_force()), named("nts", "nts-seal-0", past)] {
        world.peer.sealing = SealingKey::make(named, &world.dice).public();
        let refused = world.sender.send(&request, &world.peer, now(), &world.dice).err().unwrap();
        assert_eq!(refused.code, Refusal::UnknownKey);
    }
}

#[test]
fn an_expired_request_and_one_from_the_future_are_refused() {
    let world = World::new();
    let sent = world.send(&world.pull());
    for (at, expected) in
        [(-11, Some(Refusal::NotYetValid)), (-10, None), (69, None), (70, Some(Refusal::Expired))]
    {
        let result = world.receiver.verify(&sent.http, &mut World::memory(), seconds(at));
        assert_eq!(result.err().map(|refused| refused.refused.code), expected, "at {at} s");
    }
}

#[test]
fn a_request_that_wants_to_live_long_is_refused() {
    let mut world = World::new();
    world.sender.window.max_age = TimeDelta::days(1);
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::Malformed));
}

#[test]
fn a_request_meant_for_another_agency_is_refused() {
    let mut world = World::new();
    let sent = world.send(&world.pull());
    world.receiver.agency = "nhis".parse().unwrap();
    assert_eq!(world.code(&sent.http), Some(Refusal::WrongReceiver));
    // The same agency behind another name: the authority is signed, too.
    let mut world = World::new();
    world.receiver.origin = "https://other.nts.example".parse().unwrap();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::BadSignature));
}

#[test]
fn a_request_sealed_to_another_key_is_refused() {
    let mut world = World::new();
    world.peer.sealing = SealingKey::make(named("nts", "nts-seal-9", in_force()), &world.dice).public();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownKey));
    world.peer.sealing = SealingKey::make(named("nts", "nts-seal-1", in_force()), &world.dice).public();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::BadSeal));
}

#[test]
fn a_body_taken_over_by_another_client_is_refused() {
    // A bank that may ask as well puts the portal's sealed body under a signature of its own.
    let mut world = World::new();
    let stolen = world.send(&world.pull()).http.into_body();
    let key = SigningKey::make("bank-sign-1".parse().unwrap(), &world.dice);
    world.receiver.clients.add(public("bank", &key)).unwrap();
    let signed = resigned(&world, "bank", key, |message| *message.body_mut() = stolen);
    assert_eq!(world.code(&signed), Some(Refusal::BadSeal));
}

#[test]
fn an_oversize_request_is_refused() {
    let code = refused_after(|_, message| message.body_mut().resize(exchange::limits::REQUEST_BYTES + 1, 0));
    assert_eq!(code, Some(Refusal::TooLarge));
    let code = refused_after(|_, message| {
        let long = "a".repeat(exchange::limits::HEADER_BYTES);
        edit(message, headers::SIGNATURE_INPUT, "madang=", &format!("madang={long}"));
    });
    assert_eq!(code, Some(Refusal::TooLarge));
}

#[test]
fn a_truncated_or_empty_body_under_a_good_signature_is_refused() {
    for (length, expected) in [
        (0, Refusal::Malformed),
        (1, Refusal::Malformed),
        (12, Refusal::Malformed),
        (40, Refusal::Malformed),
        (60, Refusal::BadSeal),
        (200, Refusal::BadSeal),
    ] {
        let world = World::new();
        let key = world.sender.key.clone();
        let message = resigned(&world, "madang", key, |message| message.body_mut().truncate(length));
        assert_eq!(world.code(&message), Some(expected), "{length} bytes");
    }
    let world = World::new();
    let key = world.sender.key.clone();
    let message = resigned(&world, "madang", key, |message| message.body_mut()[0] = 2);
    assert_eq!(world.code(&message), Some(Refusal::UnsupportedVersion));
}
