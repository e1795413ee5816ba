use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};

use super::{Duty, Receiver};
use crate::{
    digest::Digest,
    grant::{self, Grant},
    ids::RequestId,
    log::{Exchange, Outcome},
    message::{Ask, Reply, Request},
    moment::Moment,
    refusal::{Refusal, Refused},
    seal::ReplyKey,
    sign::{Evidence, Noted, RequestHead},
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
    pub(super) noted: Noted,
    pub(super) request: Request,
    pub(super) reply_key: ReplyKey,
}

/// A request that may be done.
pub struct Authorised<'a> {
    request: &'a Request,
    grant: Option<&'a Grant>,
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

    /// Of a withdrawal, since when its ticket's consent holds no more.
    pub const fn withdrawal(&self) -> Option<Moment> {
        match self.request.ask() {
            Ask::Withdraw { withdrawn, .. } => Some(*withdrawn),
            _ => None,
        }
    }

    /// What proves that it was sent, for the log.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What is kept of it so that it is not let through again after a restart.
    pub const fn noted(&self) -> &Noted {
        &self.noted
    }

    /// What tells this request from any other under the same id; `key` is the secret shared with the sender.
    ///
    /// # Errors
    /// Never, for a request that could be read.
    pub fn fingerprint(&self, key: &SubjectKey) -> Result<Digest, Refused> {
        self.request.fingerprint(key)
    }

    /// What is logged when `reply` is the answer.
    pub fn exchange(&self, reply: &Reply) -> Exchange {
        Exchange {
            request: self.id(),
            holder: self.receiver.agency.clone(),
            ticket: self.ticket().clone(),
            outcome: Outcome::from(reply),
        }
    }

    /// Whether it may be done. A consent is withdrawn without a grant: what was given can always be taken back.
    ///
    /// # Errors
    /// What `duty` fails with, and
    /// `ticket_expired`, `ticket_mismatch`, `unknown_client`, `kind_not_granted`, `verb_not_granted`, `item_not_granted`,
    /// `purpose_not_granted`, `no_ground`, `consent_withdrawn`. Answer with [`Opened::reply`].
    pub fn authorise<'b, D: Duty>(
        &'b self,
        duty: &'b D,
        now: DateTime<Utc>,
    ) -> Result<Authorised<'b>, D::Error> {
        let ticket = self.ticket();
        let refused = |code: Refusal| Refused::from(code);
        let skew = self.receiver.window.skew;
        // The sender's clock may be ahead of ours when it issues a ticket, never when one has run out.
        let issued_ahead = ticket.issued > Moment::from(now) && ticket.issued <= Moment::from(now).plus(skew);
        ticket.in_force(if issued_ahead { ticket.issued.instant() } else { now })?;
        let subjects = duty.subjects(self.sender()).ok_or(refused(Refusal::UnknownClient))?;
        self.request.check_subject(subjects)?;
        if let Some(withdrawn) = self.withdrawal() {
            if withdrawn > Moment::from(now).plus(skew) {
                return Err(Refusal::Malformed.because("a consent withdrawn in the future").into());
            }
            return Ok(Authorised { request: &self.request, grant: None });
        }
        let grant = grant::find(duty.grants(), &self.receiver.agency, ticket, now).map_err(refused)?;
        // Asking what became of something must go on when the consent is gone.
        let needed = ticket.ground.consent().filter(|_| !matches!(self.request.ask(), Ask::Status { .. }));
        if let Some(consent) = needed
            && duty.withdrawn(self.sender(), consent)?
        {
            return Err(refused(Refusal::ConsentWithdrawn).into());
        }
        Ok(Authorised { request: &self.request, grant: Some(grant) })
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
        let json = reply.to_json(self.id())?;
        let body = self.reply_key.seal(&json, chance)?;
        let outcome = self.exchange(reply).digest()?;
        self.receiver.sign_sealed((&self.head, &self.signature), body, outcome, now)
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

    /// The grant it is done under; its rate limit is the gateway's to keep. A withdrawal needs none.
    pub const fn grant(&self) -> Option<&'a Grant> {
        self.grant
    }
}
