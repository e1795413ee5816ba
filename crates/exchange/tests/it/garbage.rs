//! No parser panics, whatever it is given. The fuzz targets in `crates/exchange/fuzz` do the same for longer.

use std::sync::LazyLock;

use exchange::{
    grant::Grant,
    headers,
    log::Entry,
    message::{Reply, Request},
    package,
    ticket::Ticket,
    verb::Verb,
};
use proptest::prelude::*;

use crate::world::{World, now};

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Bytes of which some are nearly JSON of the right kind: whole ones with a piece replaced.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let ticket = WORLD.ticket(Verb::Pull).canonical().unwrap();
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..30),
        "[\\[\\]{}\",:0-9.eE+\\-a-z\\\\]{0,30}".prop_map(String::into_bytes),
    ];
    let spliced = (any::<usize>(), any::<usize>(), piece.clone()).prop_map(move |(from, length, piece)| {
        let mut bytes = ticket.clone();
        let from = from % bytes.len();
        let to = from + length % (bytes.len() - from);
        bytes.splice(from..to, piece);
        bytes
    });
    prop_oneof![piece, spliced]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn garbage_instead_of_json_is_refused(bytes in nearly_json()) {
        let _ = Ticket::parse(&bytes);
        let _ = Entry::parse(&bytes);
        prop_assert!(Request::parse(&bytes).is_err());
        prop_assert!(Reply::parse_any(&bytes).is_err());
        prop_assert!(Grant::open(&bytes, &WORLD.keys, None, now()).is_err());
    }

    #[test]
    fn garbage_instead_of_a_package_is_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), begins_well in any::<bool>()) {
        if begins_well {
            bytes.splice(0..0, *b"MADANGP1\0\0\0");
        }
        let me = "madang".parse().unwrap();
        let _ = package::read_contents(&bytes);
        prop_assert!(package::check(&bytes, &me, &WORLD.keys, now()).is_err());
    }

    #[test]
    fn garbage_in_signature_headers_is_refused(input in "[ -~]{0,80}|madang=\\([ -~]{0,200}", signature in "[ -~]{0,120}|madang=:[A-Za-z0-9+/=]{0,90}:", tail in ";[a-z]{1,8}=[ -~]{0,30}") {
        let good = WORLD.send(&WORLD.pull()).http;
        let value = good.headers()[headers::SIGNATURE_INPUT].to_str().unwrap().to_owned();
        for (name, text) in [
            (headers::SIGNATURE_INPUT, input),
            (headers::SIGNATURE, signature),
            (headers::SIGNATURE_INPUT, value + &tail),
        ] {
            let mut message = good.clone();
            message.headers_mut().insert(name, text.parse().unwrap());
            prop_assert!(WORLD.serve(&message).is_err());
        }
    }
}

#[test]
fn garbage_under_a_good_signature_is_refused() {
    for bytes in [&b"{}"[..], b"[]", b"\"\"", b"{\"id\":1}", b"\xff\xfe", b""] {
        assert!(Request::parse(bytes).is_err());
    }
}
