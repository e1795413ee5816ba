//! How large things may be. A sender keeps them, a receiver refuses what is larger before it looks inside.

/// The largest body of a request, in bytes, sealed.
pub const REQUEST_BYTES: usize = 64 * 1024;
/// The largest body of a reply, in bytes, sealed.
pub const REPLY_BYTES: usize = 1024 * 1024;
/// The largest signed grant file, in bytes.
pub const GRANT_BYTES: usize = 256 * 1024;
/// The largest key file, in bytes.
pub const KEY_FILE_BYTES: usize = 4 * 1024;
/// The largest ticket on its own, in bytes.
pub const TICKET_BYTES: usize = 16 * 1024;
/// The largest line of a log, in bytes.
pub const ENTRY_BYTES: usize = 32 * 1024;
/// The longest value of a signature header, in bytes.
pub const HEADER_BYTES: usize = 1024;

/// How deep objects and arrays may nest.
pub const DEPTH: usize = 10;
/// How many values one JSON text may hold, at any depth.
pub const VALUES: usize = 100_000;
/// The longest string of a JSON text, in bytes.
pub const STRING_BYTES: usize = 16 * 1024;
/// The longest name of a field, in bytes.
pub const NAME_BYTES: usize = 64;
/// The largest whole number on the wire, 2^53 − 1: what every language reads without loss.
pub const WHOLE: i64 = (1 << 53) - 1;

/// The longest text of one value, in characters.
pub const TEXT_CHARS: usize = 4_000;
/// The most lines in one list.
pub const LIST_LINES: usize = 1_000;
/// The most items of a ticket, a record or a submission.
pub const ITEMS: usize = 200;
/// The longest time, in seconds, that a holder may ask a client to wait.
pub const RETRY_AFTER: u32 = 3_600;
/// The most records on one page.
pub const PAGE_RECORDS: u16 = 1_000;
