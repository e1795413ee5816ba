#![no_main]

use exchange::{keys::KeyRing, package};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let now = chrono::DateTime::from_timestamp(1_795_338_000, 0).expect("an instant");
    let me = "madang".parse().expect("an id");
    assert!(package::check(bytes, &me, &KeyRing::default(), now).is_err());
    // The contents have a parser of their own, behind the seal.
    let _ = package::read_contents(bytes);
});
