//! The ticket: who asks, for whom, for which petition, what, why and on which ground.
//!
//! It travels sealed inside the request; its digest travels in a header that the request's signature covers
//! (`exchange-ticket`). So the ticket, the signature base and the signature together prove, without the rest of the
//! message, who asked for what: both sides can keep it on its own.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::service::{AgencyId, ItemId, RecordKindId};
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    ids::{CaseId, ConsentId, PersonId, PurposeId, TicketId},
    json, limits,
    moment::Moment,
    refusal::{Refusal, Refused},
    subject::SubjectRef,
    verb::Verb,
};

/// What must be true before anybody looks into a register.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Its name.
    pub id: TicketId,
    /// The agency or portal that asks.
    pub client: AgencyId,
    /// Who acts there.
    pub actor: Actor,
    /// The person or thing it is about, by keyed reference.
    pub subject: SubjectRef,
    /// The petition, or the case that becomes one.
    pub case: CaseId,
    /// What may be done with it.
    pub verb: Verb,
    /// The kind of record.
    pub kind: RecordKindId,
    /// The items of that kind: at least one, at most 200.
    pub items: BTreeSet<ItemId>,
    /// What for.
    pub purpose: PurposeId,
    /// On which ground.
    pub ground: Ground,
    /// Since when it holds.
    pub issued: Moment,
    /// From when on it holds no more.
    pub expires: Moment,
}

/// Who acts at the asking side.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Actor {
    /// An officer, by pseudonymous id.
    Officer(PersonId),
    /// The citizen, by pseudonymous id.
    Citizen(PersonId),
    /// A machine, without anybody having asked at that moment.
    System {},
}

/// The ground of a look-up.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ground {
    /// The person agreed.
    Consent {
        /// Which consent.
        id: ConsentId,
        /// When it was given.
        given: Moment,
    },
    /// A statute allows it without consent.
    Statute(Statute),
}

impl Ground {
    /// The consent it stands on, if any: the one to look up among those withdrawn.
    pub const fn consent(&self) -> Option<ConsentId> {
        match self {
            Self::Consent { id, .. } => Some(*id),
            Self::Statute(_) => None,
        }
    }
}

/// A place in a statute: its name (1 to 200 characters) and the article (1 to 40 characters).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "RawStatute")]
pub struct Statute {
    law: String,
    article: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStatute {
    law: String,
    article: String,
}

impl Statute {
    /// A place in a statute.
    ///
    /// # Errors
    /// `malformed`, when one of the two is empty, too long or has control characters.
    pub fn new(law: &str, article: &str) -> Result<Self, Refused> {
        let good = |text: &str, max| {
            (1..=max).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        if good(law, 200) && good(article, 40) {
            Ok(Self { law: law.to_owned(), article: article.to_owned() })
        } else {
            Err(Refusal::Malformed.because("a statute without a name or article"))
        }
    }
}

impl TryFrom<RawStatute> for Statute {
    type Error = Refused;

    fn try_from(raw: RawStatute) -> Result<Self, Refused> {
        Self::new(&raw.law, &raw.article)
    }
}

impl Ticket {
    /// Reads a ticket on its own.
    ///
    /// # Errors
    /// `too_large` or `malformed`; also when it is not in its canonical form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let ticket: Self = json::read_canonical(bytes, limits::TICKET_BYTES)?;
        ticket.check()?;
        Ok(ticket)
    }

    /// Whether it is complete in itself.
    pub(crate) fn check(&self) -> Result<(), Refused> {
        if self.items.is_empty() || self.items.len() > limits::ITEMS {
            return Err(Refusal::Malformed.because("a ticket has from 1 to 200 items"));
        }
        if self.expires <= self.issued {
            return Err(Refusal::Malformed.because("a ticket expires after it is issued"));
        }
        Ok(())
    }

    /// The bytes that both sides keep and digest: JSON in the form of RFC 8785.
    ///
    /// # Errors
    /// Never, for a ticket; see [`Ticket::parse`] for what is refused on the way in.
    pub fn canonical(&self) -> Result<Vec<u8>, Refused> {
        json::canonical(self)
    }

    /// The digest of the [canonical](Self::canonical) bytes.
    ///
    /// # Errors
    /// As [`Ticket::canonical`].
    pub fn digest(&self) -> Result<Digest, Refused> {
        Ok(Digest::of(&self.canonical()?))
    }

    /// Whether it holds at `now`.
    ///
    /// # Errors
    /// `ticket_expired`.
    pub fn in_force(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        let now = Moment::from(now);
        if now < self.issued {
            return Err(Refusal::TicketExpired.because("the ticket was issued after this instant"));
        }
        if now >= self.expires {
            return Err(Refusal::TicketExpired.because("the ticket has run out"));
        }
        Ok(())
    }
}
