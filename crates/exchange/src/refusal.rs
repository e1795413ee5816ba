//! Why a message is refused: a closed list of codes, each with the sentence of what it means.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

macro_rules! refusals {
    ($($name:ident = $wire:literal, $sentence:literal;)+) => {
        /// Why a message is refused. The name on the wire is stable: codes are added, never renamed.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        pub enum Refusal {
            $(
                #[doc = $sentence]
                #[serde(rename = $wire)]
                $name,
            )+
        }

        impl Refusal {
            /// Every code, in the order in which a receiver comes to them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name on the wire and in logs.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $wire,)+ }
            }

            /// What it means, in a sentence for whoever reads the log.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }
        }
    };
}

refusals! {
    TooLarge = "too_large", "The message, or a part of it, is larger than allowed.";
    UnsupportedVersion = "unsupported_version", "This version of the protocol is not spoken here.";
    Malformed = "malformed", "The message does not have the form that the protocol prescribes.";
    Unsigned = "unsigned", "There is no signature, or it does not cover everything that it must.";
    WrongReceiver = "wrong_receiver", "The message is meant for another receiver.";
    Expired = "expired", "The message is too old.";
    NotYetValid = "not_yet_valid", "The message comes from the future.";
    UnknownKey = "unknown_key", "The key is not known, not in force, or belongs to somebody else.";
    BadDigest = "bad_digest", "The body is not the one that the digest names.";
    BadSignature = "bad_signature", "The signature does not belong to this message and key.";
    Replayed = "replayed", "This very message was received before: sign anew, under the same id.";
    BadSeal = "bad_seal", "The body could not be opened with the named key and this message's context.";
    UnknownClient = "unknown_client", "No grant names this client.";
    NoTicket = "no_ticket", "The request carries no ticket.";
    TicketExpired = "ticket_expired", "The ticket is not in force at this instant.";
    TicketMismatch = "ticket_mismatch", "The ticket was issued for another request: client, verb, person, thing or items differ.";
    KindNotGranted = "kind_not_granted", "No grant in force names this kind of record.";
    VerbNotGranted = "verb_not_granted", "The grant does not name this verb.";
    ItemNotGranted = "item_not_granted", "The grant does not name one of the items.";
    PurposeNotGranted = "purpose_not_granted", "The grant does not name this purpose.";
    NoGround = "no_ground", "The grant does not accept this ground.";
    ConsentWithdrawn = "consent_withdrawn", "The consent that the ticket stands on was withdrawn.";
    IdTaken = "id_taken", "Under this id something else was asked or answered before: ask under another id.";
    RateLimited = "rate_limited", "The client asks more often than granted.";
}

impl Refusal {
    /// The code with this name on the wire.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|refusal| refusal.code() == code)
    }

    /// This code, with a cause for our own log.
    pub const fn because(self, cause: &'static str) -> Refused {
        Refused { code: self, cause }
    }

    /// Whether a request has come to its end with this code. If not, the same request is sent again under the same id,
    /// signed anew.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Replayed | Self::RateLimited)
    }

    /// The HTTP status that a refusal travels with when its reply is not sealed.
    pub const fn status(self) -> http::StatusCode {
        match self {
            Self::TooLarge => http::StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited => http::StatusCode::TOO_MANY_REQUESTS,
            Self::Malformed | Self::UnsupportedVersion => http::StatusCode::BAD_REQUEST,
            _ => http::StatusCode::FORBIDDEN,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The body of a refusal that is not sealed.
pub(crate) fn open_body(code: Refusal) -> Vec<u8> {
    format!("{{\"refused\":\"{code}\"}}").into_bytes()
}

/// A refusal with its cause. The code goes outside; the cause stays in our log. Causes are fixed sentences, so that no
/// value of a message ever gets into a log through them.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("{code}: {cause}")]
pub struct Refused {
    /// The code.
    pub code: Refusal,
    /// The cause, without any value of the message.
    pub cause: &'static str,
}

impl From<Refusal> for Refused {
    fn from(code: Refusal) -> Self {
        code.because(code.sentence())
    }
}
