#![no_main]

use exchange::message::Reply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((_, reply)) = Reply::parse_any(bytes) {
        let _ = exchange::log::Outcome::from(&reply);
    }
    let _ = exchange::client::open_refusal(bytes);
});
