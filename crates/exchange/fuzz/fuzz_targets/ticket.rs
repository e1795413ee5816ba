//! A ticket and a log line have one form.
#![no_main]

use exchange::{log::Entry, ticket::Ticket};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(ticket) = Ticket::parse(bytes) {
        assert_eq!(ticket.canonical().as_deref(), Ok(bytes));
    }
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.canonical().as_deref(), Ok(bytes));
    }
});
