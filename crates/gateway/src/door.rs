//! The one door of the exchange. The order of checks is the protocol's: a request is verified, then opened, then
//! authorised, and only then does anybody look into the register.

mod submissions;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use chrono::{DateTime, Utc};
use domain::{clock::Clock, id::Chance, service::AgencyId};
use exchange::{
    digest::Digest,
    grant::Grant,
    holder::{Authorised, Duty, Opened, Verified, open_refusal},
    ids::{ConsentId, GrantId},
    log::Outcome,
    message::{Ask, Found, Reply},
    refusal::{Refusal, Refused},
    sign::{NonceWindow, Replays, Signed},
    subject::SubjectKey,
    target::Target,
    verb::Verb,
};
use thiserror::Error;

use crate::{
    config::Config,
    inbox::{Inbox, InboxError},
    log::{Kept, Log, LogError, Note},
    rate::Rates,
    register::{Register, RegisterError},
};

/// How many requests of one client are remembered until they have run out: at most 70 seconds' worth.
const REMEMBERED: usize = 100_000;
/// After how many seconds to try again, when the register or the log does not answer.
const RETRY_AFTER: u32 = 5;

/// A request as it arrived.
pub type Arrived = http::Request<Vec<u8>>;
/// An answer as it leaves.
pub type Answer = http::Response<Vec<u8>>;

/// The gateway while it runs.
pub struct Gateway {
    /// What it may do.
    pub config: Config,
    /// Where it looks.
    pub register: Arc<Register>,
    inbox: Option<Inbox>,
    log: Log,
    received: Mutex<NonceWindow>,
    by_client: Rates<AgencyId>,
    by_grant: Rates<GrantId>,
    clock: Box<dyn Clock>,
    chance: Box<dyn Chance>,
}

/// Takes the lock only to remember: signatures are checked side by side.
struct Received<'a>(&'a Mutex<NonceWindow>);

impl Replays for Received<'_> {
    fn admit(&mut self, signed: Signed<'_>, now: DateTime<Utc>) -> Result<(), Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).admit(signed, now)
    }
}

impl Gateway {
    /// A gateway that goes on where the one before it, with the same log, stopped.
    pub fn new(config: Config, log: Log, clock: Box<dyn Clock>, chance: Box<dyn Chance>) -> Self {
        let register = Arc::new(Register::new(&config.register, config.kinds.clone(), config.query_time));
        let inbox = config.inbox.as_ref();
        let inbox = inbox.map(|place| Inbox::new(place, config.forms.clone(), config.query_time));
        let received = Mutex::new(log.received(REMEMBERED, clock.now()));
        let (by_client, by_grant) = (Rates::default(), Rates::default());
        Self { config, register, inbox, log, received, by_client, by_grant, clock, chance }
    }

    /// Answers a request of the exchange.
    pub async fn answer(&self, request: &Arrived) -> Answer {
        let now = self.clock.now();
        match self.config.receiver.verify(request, &mut Received(&self.received), now) {
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
        let rate = self.config.clients.get(verified.sender()).map(|client| (client.per_second, 1));
        let in_time = rate.is_none_or(|rate| self.by_client.take(verified.sender(), rate, Instant::now()));
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
        let known = self.log.fingerprint(opened.sender(), opened.id())?;
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
            && !self.by_grant.take(&grant.id, (grant.per_minute, 60), Instant::now())
        {
            return Err(Refusal::RateLimited.because("more requests a minute than granted").into());
        }
        Ok(authorised)
    }

    fn fingerprint(&self, opened: &Opened<'_>) -> Result<Digest, Refused> {
        opened.fingerprint(self.subjects(opened.sender()).ok_or(Refusal::UnknownClient)?)
    }

    async fn look(
        &self,
        opened: &Opened<'_>,
        (authorised, again): (&Authorised<'_>, bool),
    ) -> Result<Reply, NoAnswer> {
        let about = (authorised.ticket(), authorised.target());
        match authorised.ask() {
            Ask::Verify {} => Ok(if self.register.verify(about).await? {
                Reply::Verified {}
            } else {
                Reply::NotVerified {}
            }),
            // Who does not know the name that belongs to the number learns nothing about the person.
            Ask::Pull { .. } if self.names(authorised) && !self.register.verify(about).await? => {
                Ok(Reply::NotFound {})
            }
            Ask::Pull { parameters, page } => {
                // The register says so not earlier than it is asked.
                let as_of = self.clock.now().into();
                let rows = self.register.pull(about, parameters, page).await?;
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

    /// Whether the register can tell whose number it is.
    fn names(&self, authorised: &Authorised<'_>) -> bool {
        let kind = self.config.kinds.get(&authorised.ticket().kind);
        matches!(authorised.target(), Target::Person { .. }) && kind.is_some_and(|kind| kind.verify.is_some())
    }

    /// The reply as it leaves, and what it is in the end: what may not leave becomes a refusal.
    fn sealed(&self, opened: &Opened<'_>, reply: Reply) -> (Reply, Answer) {
        let now = self.clock.now();
        let seal = |reply: &Reply| opened.reply(reply, now, self.chance.as_ref());
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
        Ok(self.log.keep(note).await?)
    }
}

impl Duty for Gateway {
    type Error = NoAnswer;

    fn grants(&self) -> &[Grant] {
        &self.config.grants
    }

    fn subjects(&self, client: &AgencyId) -> Option<&SubjectKey> {
        self.config.clients.get(client).map(|client| &client.subjects)
    }

    fn withdrawn(&self, client: &AgencyId, consent: ConsentId) -> Result<bool, NoAnswer> {
        Ok(self.log.withdrawn(client, consent)?)
    }
}

/// Why a request is not answered as it was meant.
#[derive(Debug, Error)]
pub enum NoAnswer {
    /// It is not to be answered.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The register does not answer.
    #[error(transparent)]
    Register(RegisterError),
    /// The inbox does not answer.
    #[error(transparent)]
    Inbox(InboxError),
    /// The log cannot be read or written. What is not in the log does not leave.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<RegisterError> for NoAnswer {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(refused) => Self::Refused(refused),
            error => Self::Register(error),
        }
    }
}

impl From<InboxError> for NoAnswer {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Refused(refused) => Self::Refused(refused),
            error => Self::Inbox(error),
        }
    }
}

impl NoAnswer {
    /// What the client is told; the cause stays here.
    fn reply(&self, opened: &Opened<'_>) -> Reply {
        match self {
            Self::Refused(refused) => {
                tracing::info!(request = %opened.id(), client = %opened.sender(), %refused, "refused");
                Reply::refused(refused.code)
            }
            error => {
                tracing::error!(request = %opened.id(), %error, "not answered");
                UNAVAILABLE
            }
        }
    }
}

const UNAVAILABLE: Reply = Reply::Unavailable { retry_after: RETRY_AFTER };

/// A refusal for somebody who is not known to be who they say. The cause stays here.
pub fn refuse_stranger(refused: Refused) -> Answer {
    tracing::info!(%refused, "refused");
    count("none", refused.code.code());
    open_refusal(refused.code)
}

fn count(verb: &'static str, outcome: &'static str) {
    metrics::counter!("madang_gateway_requests_total", "verb" => verb, "outcome" => outcome).increment(1);
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
