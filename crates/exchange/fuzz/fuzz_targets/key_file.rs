//! What is read of a key file is the same when it is written and read again.
#![no_main]

use exchange::key_file::KeyFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = KeyFile::parse(bytes) else { return };
    let written = file.to_json().expect("a key file has a canonical form");
    let again = KeyFile::parse(&written).expect("what we write we read").to_json().expect("and write again");
    assert_eq!(again, written);
    let _ = (file.public(), file.verifying_key(), file.signing_key(), file.subject_key());
    let _ = (file.sealing_key(), file.sealing_public());
});
