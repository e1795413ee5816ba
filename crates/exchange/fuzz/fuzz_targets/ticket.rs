//! A ticket and a log line have one form.
#![no_main]

use exchange::{log::Entry, ticket::Ticket};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(ticket) = Ticket::parse(bytes) {
        let canonical = ticket.canonical().expect("a ticket has a canonical form");
        let again = Ticket::parse(&canonical).expect("what we write we read");
        assert_eq!(again, ticket);
        assert_eq!(again.canonical().as_deref(), Ok(canonical.as_slice()));
    }
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.canonical().as_deref(), Ok(bytes));
    }
});
