//! Signatures over HTTP messages (RFC 9421) with Ed25519.
//!
//! What a signature covers is fixed, in a fixed order; a message that covers less, or anything else, is refused. So the
//! headers have one accepted form, which is compared rather than understood: no general parser of structured fields
//! (RFC 9651) stands between an attacker and the check.

mod base;
mod evidence;
mod input;
mod replay;

pub use evidence::Evidence;
pub use input::{Nonce, Window};
pub use replay::{NonceWindow, Noted, Replays, Signed};

pub(crate) use base::{ReplyHead, RequestHead};
pub(crate) use input::{Input, LABEL, REPLY_TAG, REQUEST_TAG, signature_header, signature_of};
