//! What came of a request.

use exchange::{
    log::Outcome,
    message::Reply,
    refusal::{Refusal, Refused},
    sign::Evidence,
};
use thiserror::Error;

use crate::xroad::Receipt;

/// What came of a request, with all that a log keeps of it.
#[derive(Debug)]
pub struct Asked {
    /// The agency's reply, verified; a refusal of the agency is a reply.
    pub reply: Result<Reply, AskError>,
    /// What became of it, for the log: [`Outcome::NoReply`], when there is no reply.
    pub outcome: Outcome,
    /// Whether anything left the portal; if not, nothing has to be logged.
    pub sent: bool,
    /// What proves that it was asked: of the copy that was answered, else of the last that was sent. None, when
    /// nothing left the portal, or went another way than the exchange's own.
    pub evidence: Option<Evidence>,
    /// What proves that the agency answered so ([`Evidence::proves_reply`]). None, when there is no reply, or it went
    /// another way than the exchange's own.
    pub proof: Option<Evidence>,
    /// What X-Road said of it, if it went that way.
    pub receipt: Option<Receipt>,
}

impl Asked {
    /// Nothing left the portal.
    pub(crate) fn unsent(error: AskError) -> Self {
        let (outcome, evidence, proof) = (Outcome::NoReply {}, None, None);
        Self { reply: Err(error), outcome, sent: false, evidence, proof, receipt: None }
    }
}

/// Why there is no reply. For us: a citizen is told that an agency cannot be reached at the moment.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AskError {
    /// The file names no such agency.
    #[error("no such agency is known")]
    Unknown,
    /// The agency is not asked over a wire, but by packages.
    #[error("the agency is reached by packages alone")]
    Offline,
    /// The request cannot be sent as it is.
    #[error("cannot be sent: {0}")]
    Unsendable(Refused),
    /// As many requests as allowed are on their way to this agency, or wait to be.
    #[error("too many requests to this agency at once")]
    Busy,
    /// The agency failed again and again, and is not asked for a while.
    #[error("the agency is left alone after failures")]
    Open,
    /// No whole reply came in time.
    #[error("no reply in time")]
    TimedOut,
    /// No connection came about, or it broke.
    #[error("not reachable: {0}")]
    Unreachable(&'static str),
    /// The agency, or something in front of it, answered unsigned. The hint is what the body said; it proves nothing.
    #[error("refused with status {status}, hint {hint:?}")]
    Refused {
        /// The status.
        status: u16,
        /// The code in the body, if there was one.
        hint: Option<Refusal>,
    },
    /// A reply came that is not to be believed. Nothing of it is used.
    #[error("a reply that is not to be believed: {0}")]
    Untrusted(Refused),
}

impl AskError {
    /// One word, for counting.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Offline => "offline",
            Self::Unsendable(_) => "unsendable",
            Self::Busy => "busy",
            Self::Open => "open",
            Self::TimedOut => "timed_out",
            Self::Unreachable(_) => "unreachable",
            Self::Refused { .. } => "refused_unsigned",
            Self::Untrusted(_) => "untrusted",
        }
    }

    /// Whether to ask again later, under the same id, is useful. Where it is not, somebody has to mend something first.
    pub const fn again(&self) -> bool {
        match self {
            Self::Unknown | Self::Offline | Self::Unsendable(_) => false,
            Self::Busy
            | Self::Open
            | Self::TimedOut
            | Self::Unreachable(_)
            | Self::Refused { .. }
            | Self::Untrusted(_) => true,
        }
    }
}
