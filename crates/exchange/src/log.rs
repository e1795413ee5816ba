//! The log that each side keeps: every exchange, each entry chained to the one before, so that nothing can be taken
//! out or changed unseen; and the comparison of both sides' logs.

mod matching;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::service::{AgencyId, ItemId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use matching::{Difference, Matching, Mismatch, Unlearned, match_logs};

use crate::{
    digest::Digest,
    ids::RequestId,
    json, limits,
    message::Reply,
    moment::Moment,
    refusal::{Refusal, Refused},
    ticket::Ticket,
};

/// One request and what became of it. Both sides write the same, but for `at` in the entry around it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The request. A retry is the same request: it stands in a log once.
    pub request: RequestId,
    /// Who was asked. Who asked stands in the ticket.
    pub holder: AgencyId,
    /// Who asked, for whom, for which petition, which items, why, on which ground.
    pub ticket: Ticket,
    /// What became of it.
    pub outcome: Outcome,
}

impl Exchange {
    /// The digest of its canonical JSON, which the holder signs with its reply. Nobody who does not know the ticket can
    /// tell an outcome from it.
    ///
    /// # Errors
    /// Never, for an exchange.
    pub fn digest(&self) -> Result<Digest, Refused> {
        Ok(Digest::of(&json::canonical(self)?))
    }
}

/// What became of a request, without any value of a record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Records were given: how many, and which items at least one of them had.
    Found {
        /// How many.
        records: u32,
        /// Which items.
        items: BTreeSet<ItemId>,
    },
    /// Nothing was there.
    NotFound {},
    /// It was refused.
    Refused {
        /// The code.
        code: Refusal,
    },
    /// Not at that time.
    Unavailable {},
    /// The person was verified.
    Verified {},
    /// The person was not verified.
    NotVerified {},
    /// It was taken.
    Accepted {},
    /// It was told what became of a submission.
    Status {},
    /// No reply came that could be believed. Only the asking side writes this.
    NoReply {},
}

impl Outcome {
    /// Whether a log has it. What is no end of a request is not logged; that its id was taken says nothing about what became
    /// of the request, so the holder logs nothing anew, and the client that it did not learn it.
    pub const fn is_logged(&self) -> bool {
        match self {
            Self::Unavailable {} => false,
            Self::Refused { code } => code.is_final() && !matches!(code, Refusal::IdTaken),
            _ => true,
        }
    }
}

impl From<&Reply> for Outcome {
    fn from(reply: &Reply) -> Self {
        match reply {
            Reply::Found(found) => Self::Found {
                records: u32::try_from(found.records.len()).unwrap_or(u32::MAX),
                items: found.records.iter().flat_map(|record| record.keys().cloned()).collect(),
            },
            Reply::NotFound {} => Self::NotFound {},
            Reply::Refused { code } => Self::Refused { code: *code },
            Reply::Unavailable { .. } => Self::Unavailable {},
            Reply::Verified {} => Self::Verified {},
            Reply::NotVerified {} => Self::NotVerified {},
            Reply::Accepted {} => Self::Accepted {},
            Reply::Status { .. } => Self::Status {},
        }
    }
}

/// A line of a log.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// The digest of the entry before; of the first, the chain's [start](Head::start).
    pub previous: Digest,
    /// When it was written.
    pub at: Moment,
    /// What it tells.
    pub exchange: Exchange,
}

impl Entry {
    /// Reads a line.
    ///
    /// # Errors
    /// `too_large` or `malformed`; also when it is not in its canonical form.
    pub fn parse(line: &[u8]) -> Result<Self, Refused> {
        let entry: Self = json::read_canonical(line, limits::ENTRY_BYTES)?;
        entry.exchange.ticket.check()?;
        Ok(entry)
    }

    /// The line, without a line break: JSON in the form of RFC 8785.
    ///
    /// # Errors
    /// Never, for an entry.
    pub fn canonical(&self) -> Result<Vec<u8>, Refused> {
        json::canonical(self)
    }

    /// The digest of the line, which the next entry repeats.
    ///
    /// # Errors
    /// As [`Entry::canonical`].
    pub fn digest(&self) -> Result<Digest, Refused> {
        Ok(Digest::of(&self.canonical()?))
    }
}

/// The end of a chain: all that is needed to go on with it. Kept elsewhere as well, it shows when the last entries were
/// cut off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many entries there are.
    pub entries: u64,
    /// The digest of the last.
    pub digest: Digest,
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Broken {
    /// An entry is missing, or stands in the wrong place.
    #[error("the entry after number {after} has another number")]
    Number {
        /// The number of the last good entry.
        after: u64,
    },
    /// An entry was changed, or put in.
    #[error("entry {number} does not continue the one before: one of the two was changed")]
    Link {
        /// The number of the entry that does not fit.
        number: u64,
    },
    /// An entry cannot be written as a line.
    #[error("entry {number} has no canonical form")]
    Form {
        /// Its number.
        number: u64,
    },
}

impl Head {
    /// The start of the chain that `owner` keeps. It has the owner's name in it, so that no log passes for another's.
    pub fn start(owner: &AgencyId) -> Self {
        Self { entries: 0, digest: Digest::of(format!("madang-log-1\0{owner}").as_bytes()) }
    }

    /// The next entry, and the head after it.
    ///
    /// # Errors
    /// As [`Entry::canonical`].
    pub fn append(&self, exchange: Exchange, now: DateTime<Utc>) -> Result<(Entry, Self), Refused> {
        let number = self.entries + 1;
        let entry = Entry { number, previous: self.digest, at: now.into(), exchange };
        let digest = entry.digest()?;
        Ok((entry, Self { entries: number, digest }))
    }

    /// The head after `entry`, if it is the next one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn follow(&self, entry: &Entry) -> Result<Self, Broken> {
        if entry.number != self.entries + 1 {
            return Err(Broken::Number { after: self.entries });
        }
        if entry.previous != self.digest {
            return Err(Broken::Link { number: entry.number });
        }
        let digest = entry.digest().map_err(|_| Broken::Form { number: entry.number })?;
        Ok(Self { entries: entry.number, digest })
    }
}
