use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    digest::Digest,
    ids::{ConsentId, FormId, RequestId},
    json, limits,
    moment::Moment,
    refusal::{Refusal, Refused},
    subject::{SubjectKey, SubjectRef},
    target::{Target, WireTarget},
    ticket::Ticket,
    value::{Day, Record},
    verb::Verb,
};

/// A request, complete and consistent in itself: its ticket names its verb, and covers what it sends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    id: RequestId,
    ticket: Ticket,
    target: Target,
    ask: Ask,
}

/// A verb with what it needs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Does the name belong to the number? The target is a person.
    Verify {},
    /// The ticket's items of the ticket's kind.
    Pull {
        /// Which part of the register.
        #[serde(default, skip_serializing_if = "Parameters::is_empty")]
        parameters: Parameters,
        /// Which part of the answer.
        page: Page,
    },
    /// A consent holds no more: nothing is given on it from now on. The ticket's ground is that consent.
    Withdraw {
        /// Which consent.
        consent: ConsentId,
        /// Since when.
        withdrawn: Moment,
    },
    /// Something for the agency's inbox; never written to the register by a machine.
    Submit {
        /// Which form.
        form: FormId,
        /// The answers; each is an item of the ticket.
        content: Record,
    },
    /// What became of a submission.
    Status {
        /// The id of the request that submitted it.
        submission: RequestId,
    },
}

impl Ask {
    /// The verb.
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Verify {} => Verb::Verify,
            Self::Pull { .. } => Verb::Pull,
            Self::Withdraw { .. } => Verb::Withdraw,
            Self::Submit { .. } => Verb::Submit,
            Self::Status { .. } => Verb::Status,
        }
    }
}

/// Which part of a register is asked for. What is left out is not narrowed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// One calendar year, 1900 to 2999.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// A period, both days included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

impl Parameters {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A period of days, both included.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day, not before the first.
    pub to: Day,
}

/// A page of an answer, by key: what comes after a record, never a number of records to skip.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The key that the page before ended with; none for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PageKey>,
    /// How many records at most, 1 to 1,000.
    pub limit: u16,
}

impl Page {
    /// The first page.
    pub const fn first(limit: u16) -> Self {
        Self { after: None, limit }
    }
}

/// Where a page ends: opaque to the client, 1 to 200 visible ASCII characters.
#[derive(Clone, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageKey(String);

impl PageKey {
    /// The key as the holder gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<page key>")
    }
}

impl TryFrom<String> for PageKey {
    type Error = &'static str;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        let good = (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(Self(key)) } else { Err("not a page key") }
    }
}

impl From<PageKey> for String {
    fn from(key: PageKey) -> Self {
        key.0
    }
}

#[derive(Serialize)]
struct Written<'a> {
    id: RequestId,
    ticket: &'a Ticket,
    target: WireTarget,
    ask: &'a Ask,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    id: RequestId,
    // Left out is a refusal of its own.
    ticket: Option<Ticket>,
    target: WireTarget,
    ask: Ask,
}

impl Request {
    /// A request.
    ///
    /// # Errors
    /// `ticket_mismatch`, when the ticket is for another verb or does not cover what is submitted;
    /// `malformed`, when something is out of its range.
    pub fn new(id: RequestId, ticket: Ticket, target: Target, ask: Ask) -> Result<Self, Refused> {
        ticket.check()?;
        if ticket.verb != ask.verb() {
            return Err(Refusal::TicketMismatch.because("the ticket is for another verb"));
        }
        check_ask(&ask, &ticket, &target)?;
        Ok(Self { id, ticket, target, ask })
    }

    /// Reads the JSON of a request.
    ///
    /// # Errors
    /// `too_large`, `malformed`, `no_ticket`, and as [`Request::new`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let read: Read = json::read(bytes, limits::REQUEST_BYTES)?;
        let ticket = read.ticket.ok_or(Refusal::NoTicket)?;
        let target =
            read.target.try_into().map_err(|_| Refusal::Malformed.because("not a person or thing"))?;
        let request = Self::new(read.id, ticket, target, read.ask)?;
        json::check_canonical(&request.to_json()?, bytes)?;
        Ok(request)
    }

    /// The JSON that is sealed: canonical, and within the limits. It has the person's number in clear.
    ///
    /// # Errors
    /// `too_large`: a receiver would not read it.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let written =
            Written { id: self.id, ticket: &self.ticket, target: (&self.target).into(), ask: &self.ask };
        json::write(&written, limits::REQUEST_BYTES)
    }

    /// Its id; a retry has the same.
    pub const fn id(&self) -> RequestId {
        self.id
    }

    /// The ticket.
    pub const fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The person or thing it is about.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// What is asked.
    pub const fn ask(&self) -> &Ask {
        &self.ask
    }

    /// What tells this request from any other under the same id, to whoever has `key`: a keyed digest of all that is in
    /// it. Without the key it says nothing about the person, so it may be kept beside a log.
    ///
    /// # Errors
    /// `too_large`, for a request that could not be sent.
    pub fn fingerprint(&self, key: &SubjectKey) -> Result<Digest, Refused> {
        Ok(key.digest(&[b"madang-request-1\0", &self.to_json()?]))
    }

    /// Whether the ticket was issued for this person or thing.
    ///
    /// # Errors
    /// `ticket_mismatch`.
    pub(crate) fn check_subject(&self, key: &SubjectKey) -> Result<(), Refused> {
        if SubjectRef::of(key, &self.target) == self.ticket.subject {
            Ok(())
        } else {
            Err(Refusal::TicketMismatch.because("the ticket was issued for another person or thing"))
        }
    }
}

fn check_ask(ask: &Ask, ticket: &Ticket, target: &Target) -> Result<(), Refused> {
    let malformed = |cause| Err(Refusal::Malformed.because(cause));
    match ask {
        Ask::Verify {} if !matches!(target, Target::Person { .. }) => malformed("only a person is verified"),
        Ask::Pull { page, .. } if !(1..=limits::PAGE_RECORDS).contains(&page.limit) => {
            malformed("a page has from 1 to 1,000 records")
        }
        Ask::Pull { parameters, .. } if parameters.year.is_some_and(|year| !(1900..3000).contains(&year)) => {
            malformed("a year out of range")
        }
        Ask::Pull { parameters, .. } if parameters.period.is_some_and(|period| period.to < period.from) => {
            malformed("a period that ends before it begins")
        }
        Ask::Withdraw { consent, .. } if ticket.ground.consent() != Some(*consent) => {
            Err(Refusal::TicketMismatch
                .because("the ticket stands on another consent than the one withdrawn"))
        }
        Ask::Submit { content, .. } if content.is_empty() => malformed("nothing is submitted"),
        Ask::Submit { content, .. } if !content.keys().all(|item| ticket.items.contains(item)) => {
            Err(Refusal::TicketMismatch.because("something is submitted that the ticket does not name"))
        }
        _ => Ok(()),
    }
}
