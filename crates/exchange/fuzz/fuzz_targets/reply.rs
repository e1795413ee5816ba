#![no_main]

use exchange::message::Reply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((id, reply)) = Reply::parse_any(bytes) {
        assert_eq!(reply.to_json(id).expect("what was read can be sent").as_slice(), bytes);
        let _ = exchange::log::Outcome::from(&reply);
    }
    let _ = exchange::client::open_refusal(bytes);
});
