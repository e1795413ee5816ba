use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};

use super::Receiver;
use crate::{
    grant::{self, Grant},
    headers,
    ids::RequestId,
    message::{Ask, Reply, Request},
    moment::Moment,
    refusal::{Refusal, Refused},
    seal::ReplyKey,
    sign::{Evidence, RequestHead},
    subject::SubjectKey,
    target::Target,
    ticket::Ticket,
};

/// A request that was read. Its ticket can be seen and logged; its target not yet.
pub struct Opened<'a> {
    pub(super) receiver: &'a Receiver,
    pub(super) head: RequestHead,
    pub(super) signature: String,
    pub(super) evidence: Evidence,
    pub(super) request: Request,
    pub(super) reply_key: ReplyKey,
}

/// What the holder knows and a request is held against.
#[derive(Clone, Copy)]
pub struct Duty<'a> {
    /// The grants of this holder; grants of other holders count for nothing.
    pub grants: &'a [Grant],
    /// The secret shared with the sender.
    pub subjects: &'a SubjectKey,
    /// Whether the consent that the ticket stands on ([`Ticket::ground`]) was withdrawn.
    pub consent_withdrawn: bool,
}

/// A request that may be done, under a grant.
pub struct Authorised<'a> {
    request: &'a Request,
    grant: &'a Grant,
}

impl Opened<'_> {
    /// Who sent it.
    pub const fn sender(&self) -> &AgencyId {
        &self.head.from
    }

    /// Its id: a retry has the same, and counts once.
    pub const fn id(&self) -> RequestId {
        self.head.id
    }

    /// Its ticket, for the log and for looking up the consent.
    pub const fn ticket(&self) -> &Ticket {
        self.request.ticket()
    }

    /// What proves that it was sent, for the log.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Whether it may be done.
    ///
    /// # Errors
    /// `ticket_expired`, `ticket_mismatch`, `unknown_client`, `kind_not_granted`, `verb_not_granted`, `item_not_granted`,
    /// `purpose_not_granted`, `no_ground`, `consent_withdrawn`. Answer with [`Opened::reply`].
    pub fn authorise<'b>(&'b self, duty: Duty<'b>, now: DateTime<Utc>) -> Result<Authorised<'b>, Refused> {
        let ticket = self.ticket();
        let skew = self.receiver.window.skew;
        // The sender's clock may be ahead of ours when it issues a ticket, never when one has run out.
        let issued_ahead = ticket.issued > Moment::from(now) && ticket.issued <= Moment::from(now).plus(skew);
        ticket.in_force(if issued_ahead { ticket.issued.instant() } else { now })?;
        self.request.check_subject(duty.subjects)?;
        let grant = grant::find(duty.grants, &self.receiver.agency, ticket, now)?;
        // Taking a consent back, and asking what became of something, must go on when the consent is gone.
        let needs_consent = !matches!(self.request.ask(), Ask::Withdraw { .. } | Ask::Status { .. });
        if duty.consent_withdrawn && needs_consent {
            return Err(Refusal::ConsentWithdrawn.into());
        }
        Ok(Authorised { request: &self.request, grant })
    }

    /// Signs and seals a reply, after a look at whether it is one to this request.
    ///
    /// # Errors
    /// As [`Reply::check`]: nothing leaves that was not asked for. `too_large`, when the page has to be smaller.
    pub fn reply(
        &self,
        reply: &Reply,
        now: DateTime<Utc>,
        chance: &dyn Chance,
    ) -> Result<http::Response<Vec<u8>>, Refused> {
        reply.check(&self.request)?;
        let json = zeroize::Zeroizing::new(reply.to_json(self.id())?);
        let body = self.reply_key.seal(&json, chance)?;
        let parts = (http::StatusCode::OK, headers::SEALED);
        self.receiver.sign_reply((&self.head, &self.signature), parts, body, now)
    }
}

impl<'a> Authorised<'a> {
    /// The person or thing to look up.
    pub const fn target(&self) -> &'a Target {
        self.request.target()
    }

    /// What to do.
    pub const fn ask(&self) -> &'a Ask {
        self.request.ask()
    }

    /// The ticket: its kind, and the items to give.
    pub const fn ticket(&self) -> &'a Ticket {
        self.request.ticket()
    }

    /// The grant it is done under; its rate limit is the gateway's to keep.
    pub const fn grant(&self) -> &'a Grant {
        self.grant
    }
}
