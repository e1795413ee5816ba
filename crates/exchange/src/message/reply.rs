use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    ids::RequestId,
    json, limits,
    message::{Ask, PageKey, Request},
    moment::Moment,
    refusal::{Refusal, Refused},
    ticket::Ticket,
    value::Record,
};

/// The answer to a request.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// To `pull`: what the register has.
    Found(Found),
    /// To `pull`: the register has nothing about this person or thing.
    NotFound {},
    /// To all: why not.
    Refused {
        /// The code.
        code: Refusal,
    },
    /// To all: not now, through no fault of the asker.
    Unavailable {
        /// After how many seconds to try again: 1 to 3,600.
        retry_after: u32,
    },
    /// To `verify`: the name belongs to the number.
    Verified {},
    /// To `verify`: it does not, or there is no such number. Which of the two is not told.
    NotVerified {},
    /// To `withdraw` and `submit`: it is kept for good.
    Accepted {},
    /// To `status`: what became of it.
    Status {
        /// What became of it.
        state: SubmissionState,
        /// When that was.
        since: Moment,
    },
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// In the inbox.
    Received,
    /// Somebody works on it.
    InProgress,
    /// Done as asked.
    Done,
    /// Declined; the petitioner is told why by the agency itself.
    Declined,
    /// The inbox has no such submission of this client.
    Unknown,
}

/// What a register has: only items of the ticket.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The instant at which the register said so.
    pub as_of: Moment,
    /// The records, at most as many as the page asked for. An item that the register has no value for is left out.
    pub records: Vec<Record>,
    /// Where the next page begins; none if this was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<PageKey>,
}

impl Found {
    /// What was found for `ticket`.
    ///
    /// # Errors
    /// `item_not_granted`, when a record has an item that the ticket does not name; `too_large`, when there are more
    /// records than a page may have; `malformed`, when there is another page after one without records.
    pub fn new(
        ticket: &Ticket,
        as_of: Moment,
        records: Vec<Record>,
        next: Option<PageKey>,
    ) -> Result<Self, Refused> {
        let found = Self { as_of, records, next };
        found.check(ticket, limits::PAGE_RECORDS)?;
        Ok(found)
    }

    fn check(&self, ticket: &Ticket, limit: u16) -> Result<(), Refused> {
        if self.records.len() > usize::from(limit) {
            return Err(Refusal::TooLarge.because("more records than the page may have"));
        }
        if self.records.is_empty() && self.next.is_some() {
            return Err(Refusal::Malformed.because("an empty page is the last"));
        }
        if self.records.iter().flat_map(Record::keys).all(|item| ticket.items.contains(item)) {
            Ok(())
        } else {
            Err(Refusal::ItemNotGranted.because("an item that the ticket does not name"))
        }
    }
}

#[derive(Serialize)]
struct Written<'a> {
    request: RequestId,
    reply: &'a Reply,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    request: RequestId,
    reply: Reply,
}

impl Reply {
    /// A refusal.
    pub const fn refused(code: Refusal) -> Self {
        Self::Refused { code }
    }

    /// Reads the JSON of a reply to `request`.
    ///
    /// # Errors
    /// `too_large`, `malformed`, and as [`Reply::check`].
    pub fn parse(bytes: &[u8], request: &Request) -> Result<Self, Refused> {
        let (id, reply) = Self::parse_any(bytes)?;
        if id != request.id() {
            return Err(Refusal::Malformed.because("a reply to another request"));
        }
        reply.check(request)?;
        Ok(reply)
    }

    /// Reads the JSON of a reply to any request, with that request's id.
    ///
    /// # Errors
    /// `too_large` or `malformed`.
    pub fn parse_any(bytes: &[u8]) -> Result<(RequestId, Self), Refused> {
        let read: Read = json::read_canonical(bytes, limits::REPLY_BYTES)?;
        Ok((read.request, read.reply))
    }

    /// The JSON that is sealed: canonical, and within the limits.
    ///
    /// # Errors
    /// `too_large`: a receiver would not read it.
    pub fn to_json(&self, request: RequestId) -> Result<Zeroizing<Vec<u8>>, Refused> {
        json::write(&Written { request, reply: self }, limits::REPLY_BYTES)
    }

    /// Whether the request has come to its end with this. If not, the same request is sent again under the same id.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Unavailable { .. } => false,
            Self::Refused { code } => code.is_final(),
            _ => true,
        }
    }

    /// Whether this can be an answer to `request`: of the kind that its verb has, with no item and no record more
    /// than were asked for. Both sides look, so that neither has to trust the other.
    ///
    /// # Errors
    /// `malformed`, `item_not_granted`, `too_large`.
    pub fn check(&self, request: &Request) -> Result<(), Refused> {
        match (self, request.ask()) {
            (Self::Found(found), Ask::Pull { page, .. }) => found.check(request.ticket(), page.limit),
            (Self::Unavailable { retry_after }, _) if !(1..=limits::RETRY_AFTER).contains(retry_after) => {
                Err(Refusal::Malformed.because("to be tried again after 1 to 3,600 seconds"))
            }
            (Self::Refused { .. } | Self::Unavailable { .. }, _)
            | (Self::NotFound {}, Ask::Pull { .. })
            | (Self::Verified {} | Self::NotVerified {}, Ask::Verify {})
            | (Self::Accepted {}, Ask::Withdraw { .. } | Ask::Submit { .. })
            | (Self::Status { .. }, Ask::Status { .. }) => Ok(()),
            _ => Err(Refusal::Malformed.because("a reply of another verb")),
        }
    }
}
