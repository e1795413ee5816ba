#![no_main]

use exchange::{grant::Grant, key_file::KeyFile, keys::KeyRing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let now = chrono::DateTime::from_timestamp(1_795_338_000, 0).expect("an instant");
    assert!(Grant::open(bytes, &KeyRing::default(), None, now).is_err());
    if let Ok(file) = KeyFile::parse(bytes) {
        let _ = (file.public(), file.verifying_key(), file.sealing_public());
    }
});
