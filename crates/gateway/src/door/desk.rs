//! Where a request is answered: with the papers that were in force when it came, whatever is read anew meanwhile.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use chrono::{DateTime, Utc};
use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    grant::Grant,
    holder::{Authorised, Duty, Opened, Verified, open_refusal},
    ids::ConsentId,
    log::Outcome,
    message::{Ask, Found, Reply},
    refusal::{Refusal, Refused},
    sign::{NonceWindow, Replays, Signed},
    subject::SubjectKey,
    verb::Verb,
};

use super::{Answer, Arrived, NoAnswer, Papers, Rooms, count};
use crate::log::{Kept, Note};

/// After how many seconds to try again, when the register, the inbox or the log does not answer.
const RETRY_AFTER: u32 = 5;
/// Not now.
pub(super) const UNAVAILABLE: Reply = Reply::Unavailable { retry_after: RETRY_AFTER };

/// The papers in force, and what they are held against.
pub(super) struct Desk {
    pub(super) papers: Papers,
    pub(super) rooms: Arc<Rooms>,
}

/// Takes the lock only to remember: signatures are checked side by side.
struct Received<'a>(&'a Mutex<NonceWindow>);

impl Replays for Received<'_> {
    fn admit(&mut self, signed: Signed<'_>, now: DateTime<Utc>) -> Result<(), Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).admit(signed, now)
    }
}

impl Desk {
    /// Answers a request of the exchange.
    pub(super) async fn answer(&self, request: &Arrived) -> Answer {
        let now = self.rooms.clock.now();
        match self.papers.receiver.verify(request, &mut Received(&self.rooms.received), now) {
            Ok(verified) => self.answer_verified(&verified, now).await,
            Err(rejected) => {
                let refused = rejected.refused;
                tracing::info!(client = rejected.sender().map(AgencyId::as_str), %refused, "refused");
                count(rejected.verb().map_or("none", Verb::name), refused.code.code());
                rejected.answer(now)
            }
        }
    }

    async fn answer_verified(&self, verified: &Verified<'_>, now: DateTime<Utc>) -> Answer {
        let verb = verified.verb().name();
        let rate = self.papers.clients.get(verified.sender()).map(|client| (client.per_second, 1));
        let in_time =
            rate.is_none_or(|rate| self.rooms.by_client.take(verified.sender(), rate, Instant::now()));
        let opened = if in_time { verified.open(now) } else { Err(Refusal::RateLimited.into()) };
        match opened {
            Ok(opened) => self.answer_opened(&opened, verb, now).await,
            Err(refused) => {
                tracing::info!(request = %verified.id(), client = %verified.sender(), %refused, "refused");
                count(verb, refused.code.code());
                verified.refuse(refused.code, now).unwrap_or_else(|_| open_refusal(refused.code))
            }
        }
    }

    async fn answer_opened(&self, opened: &Opened<'_>, verb: &'static str, now: DateTime<Utc>) -> Answer {
        let reply = self.decide(opened, now).await.unwrap_or_else(|error| error.reply(opened));
        let (reply, answer) = self.sealed(opened, reply);
        let (reply, answer) = match self.keep(opened, &reply).await {
            Ok(Kept::Same) => (reply, answer),
            // A refusal gives nothing, whatever was answered to an earlier try.
            Ok(Kept::Changed) if matches!(reply, Reply::Refused { .. }) => (reply, answer),
            Ok(Kept::Changed | Kept::Other) => self.sealed(opened, Reply::refused(Refusal::IdTaken)),
            Ok(Kept::Withdrawn) => self.sealed(opened, Reply::refused(Refusal::ConsentWithdrawn)),
            // What is not in the log does not leave.
            Err(error) => self.sealed(opened, error.reply(opened)),
        };
        count(verb, word(&reply));
        answer
    }

    /// What is answered: a refusal before anything is looked up, or what the register says.
    async fn decide(&self, opened: &Opened<'_>, now: DateTime<Utc>) -> Result<Reply, NoAnswer> {
        let authorised = self.authorise(opened, now)?;
        let known = self.rooms.log.fingerprint(opened.sender(), opened.id())?;
        let again = known.is_some();
        if known.is_some_and(|known| Ok(known) != self.fingerprint(opened).map(|own| own.to_string())) {
            return Err(Refused::from(Refusal::IdTaken).into());
        }
        self.look(opened, (&authorised, again)).await
    }

    fn authorise<'a>(
        &'a self,
        opened: &'a Opened<'a>,
        now: DateTime<Utc>,
    ) -> Result<Authorised<'a>, NoAnswer> {
        let authorised = opened.authorise(self, now)?;
        if let Some(grant) = authorised.grant()
            && !self.rooms.by_grant.take(&grant.id, (grant.per_minute, 60), Instant::now())
        {
            return Err(Refusal::RateLimited.because("more requests a minute than granted").into());
        }
        Ok(authorised)
    }

    pub(super) fn fingerprint(&self, opened: &Opened<'_>) -> Result<Digest, Refused> {
        opened.fingerprint(self.subjects(opened.sender()).ok_or(Refusal::UnknownClient)?)
    }

    async fn look(
        &self,
        opened: &Opened<'_>,
        (authorised, again): (&Authorised<'_>, bool),
    ) -> Result<Reply, NoAnswer> {
        let about = (authorised.ticket(), authorised.target());
        match authorised.ask() {
            Ask::Verify {} => Ok(if self.rooms.register.verify(about).await? {
                Reply::Verified {}
            } else {
                Reply::NotVerified {}
            }),
            // Who does not know the name that belongs to the number learns nothing about the person.
            Ask::Pull { .. }
                if self.rooms.register.names(about) && !self.rooms.register.verify(about).await? =>
            {
                Ok(Reply::NotFound {})
            }
            Ask::Pull { parameters, page } => {
                // The register says so not earlier than it is asked.
                let as_of = self.rooms.clock.now().into();
                let rows = self.rooms.register.pull(about, parameters, page).await?;
                if rows.records.is_empty() && page.after.is_none() {
                    return Ok(Reply::NotFound {});
                }
                Ok(Reply::Found(Found::new(authorised.ticket(), as_of, rows.records, rows.next)?))
            }
            // It is kept with its entry in the log.
            Ask::Withdraw { .. } => Ok(Reply::Accepted {}),
            Ask::Submit { form, content } => self.submit(opened, about, (form, content), again).await,
            Ask::Status { submission } => self.status(*submission, about.0).await,
        }
    }

    /// The reply as it leaves, and what it is in the end: what may not leave becomes a refusal.
    fn sealed(&self, opened: &Opened<'_>, reply: Reply) -> (Reply, Answer) {
        let now = self.rooms.clock.now();
        let seal = |reply: &Reply| opened.reply(reply, now, self.rooms.chance.as_ref());
        match seal(&reply) {
            Ok(answer) => (reply, answer),
            Err(refused) => {
                tracing::error!(request = %opened.id(), %refused, "the reply may not leave");
                let reply = Reply::refused(refused.code);
                let answer = seal(&reply).unwrap_or_else(|_| open_refusal(refused.code));
                (reply, answer)
            }
        }
    }

    /// Logs what became of a request. What has not come to an end is only counted: the client asks again under the same
    /// id, and what comes of it then stands in the log, once.
    async fn keep(&self, opened: &Opened<'_>, reply: &Reply) -> Result<Kept, NoAnswer> {
        if !Outcome::from(reply).is_logged() {
            return Ok(Kept::Same);
        }
        let withdrawn = opened.withdrawal().filter(|_| *reply == (Reply::Accepted {}));
        let note = Note {
            exchange: opened.exchange(reply),
            evidence: opened.evidence().clone(),
            fingerprint: self.fingerprint(opened)?,
            noted: opened.noted().clone(),
            withdrawn,
        };
        Ok(self.rooms.log.keep(note).await?)
    }
}

impl Duty for Desk {
    type Error = NoAnswer;

    fn grants(&self) -> &[Grant] {
        &self.papers.grants
    }

    fn subjects(&self, client: &AgencyId) -> Option<&SubjectKey> {
        self.papers.clients.get(client).map(|client| &client.subjects)
    }

    fn withdrawn(&self, client: &AgencyId, consent: ConsentId) -> Result<bool, NoAnswer> {
        Ok(self.rooms.log.withdrawn(client, consent)?)
    }
}

const fn word(reply: &Reply) -> &'static str {
    match reply {
        Reply::Found(_) => "found",
        Reply::NotFound {} => "not_found",
        Reply::Refused { code } => code.code(),
        Reply::Unavailable { .. } => "unavailable",
        Reply::Verified {} => "verified",
        Reply::NotVerified {} => "not_verified",
        Reply::Accepted {} => "accepted",
        Reply::Status { .. } => "status",
    }
}
