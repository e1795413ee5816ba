//! What is read is the same when it is written and read again.
#![no_main]

use exchange::message::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = Request::parse(bytes) {
        assert_eq!(request.to_json().expect("what was read can be sent").as_slice(), bytes);
        let ticket = request.ticket().canonical().expect("a ticket has a canonical form");
        assert_eq!(exchange::ticket::Ticket::parse(&ticket).as_ref(), Ok(request.ticket()));
    }
});
