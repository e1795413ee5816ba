//! Evidence beside a line of a log: that of the request, that of the reply, then the line, each on a line.
#![no_main]

use exchange::{keys::KeyRing, log::Entry, sign::Evidence};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let mut read = || serde_json::from_slice::<Evidence>(lines.next().unwrap_or_default());
    let (Ok(request), Ok(reply)) = (read(), read()) else { return };
    let Ok(entry) = Entry::parse(lines.next().unwrap_or_default()) else { return };
    assert!(request.proves(&entry.exchange, &KeyRing::default()).is_err());
    assert!(reply.proves_reply(&request, &entry.exchange, &KeyRing::default()).is_err());
});
