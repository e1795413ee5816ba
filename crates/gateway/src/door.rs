//! The one door of the exchange. The order of checks is the protocol's: a request is verified, then opened, then
//! authorised, and only then does anybody look into the register.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use chrono::{DateTime, Utc};
use domain::{clock::Clock, id::Chance, service::AgencyId};
use exchange::{
    holder::{Authorised, Duty, Opened, Verified, open_refusal},
    ids::GrantId,
    log::{Exchange, Outcome},
    message::{Ask, Found, Reply},
    refusal::{Refusal, Refused},
    sign::{NonceWindow, Replays, Signed},
};

use crate::{
    config::Config,
    log::{Kept, Log},
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
    /// A gateway that has received nothing yet.
    pub fn new(config: Config, log: Log, clock: Box<dyn Clock>, chance: Box<dyn Chance>) -> Self {
        let register = Arc::new(Register::new(&config.register, config.kinds.clone(), config.query_time));
        let received = Mutex::new(NonceWindow::new(clock.now(), REMEMBERED));
        let (by_client, by_grant) = (Rates::default(), Rates::default());
        Self { config, register, log, received, by_client, by_grant, clock, chance }
    }

    /// Answers a request of the exchange.
    pub async fn answer(&self, request: &Arrived) -> Answer {
        let now = self.clock.now();
        match self.config.receiver.verify(request, &mut Received(&self.received), now) {
            Ok(verified) => self.answer_verified(&verified, now).await,
            Err(refused) => refuse_stranger(refused),
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
        let reply = self.decide(opened, now).await;
        let (reply, answer) = self.sealed(opened, reply);
        let (reply, answer) = match self.keep(opened, &reply).await {
            Ok(Kept::Same) => (reply, answer),
            Ok(Kept::Other) => self.sealed(opened, Reply::refused(Refusal::Replayed)),
            // What is not in the log does not leave.
            Err(error) => {
                tracing::error!(request = %opened.id(), %error, "not logged, and so not answered");
                self.sealed(opened, UNAVAILABLE)
            }
        };
        count(verb, word(&reply));
        answer
    }

    /// What is answered: a refusal before anything is looked up, or what the register says.
    async fn decide(&self, opened: &Opened<'_>, now: DateTime<Utc>) -> Reply {
        let found = match self.authorise(opened, now) {
            Ok(authorised) => self.look(&authorised).await,
            Err(refused) => Err(refused.into()),
        };
        found.unwrap_or_else(|error| match error {
            RegisterError::Refused(refused) => {
                tracing::info!(request = %opened.id(), client = %opened.sender(), %refused, "refused");
                Reply::refused(refused.code)
            }
            error => {
                tracing::error!(request = %opened.id(), %error, "not answered");
                UNAVAILABLE
            }
        })
    }

    fn authorise<'a>(
        &'a self,
        opened: &'a Opened<'a>,
        now: DateTime<Utc>,
    ) -> Result<Authorised<'a>, Refused> {
        let client = self.config.clients.get(opened.sender()).ok_or(Refusal::UnknownClient)?;
        let duty = Duty { grants: &self.config.grants, subjects: &client.subjects, consent_withdrawn: false };
        let authorised = opened.authorise(duty, now)?;
        let grant = authorised.grant();
        if !self.by_grant.take(&grant.id, (grant.per_minute, 60), Instant::now()) {
            return Err(Refusal::RateLimited.because("more requests a minute than granted"));
        }
        Ok(authorised)
    }

    async fn look(&self, authorised: &Authorised<'_>) -> Result<Reply, RegisterError> {
        let about = (authorised.ticket(), authorised.target());
        match authorised.ask() {
            Ask::Verify {} => Ok(if self.register.verify(about).await? {
                Reply::Verified {}
            } else {
                Reply::NotVerified {}
            }),
            Ask::Pull { parameters, page } => {
                // The register says so not earlier than it is asked.
                let as_of = self.clock.now().into();
                let rows = self.register.pull(about, parameters, page).await?;
                if rows.records.is_empty() && page.after.is_none() {
                    return Ok(Reply::NotFound {});
                }
                Ok(Reply::Found(Found::new(authorised.ticket(), as_of, rows.records, rows.next)?))
            }
            Ask::Submit { .. } | Ask::Status { .. } | Ask::Withdraw { .. } => {
                Err(Refusal::VerbNotGranted.because("this gateway does not offer the verb").into())
            }
        }
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
    async fn keep(&self, opened: &Opened<'_>, reply: &Reply) -> Result<Kept, crate::log::LogError> {
        let for_now =
            matches!(reply, Reply::Unavailable { .. } | Reply::Refused { code: Refusal::RateLimited });
        if for_now {
            return Ok(Kept::Same);
        }
        let exchange = Exchange {
            request: opened.id(),
            holder: self.config.receiver.agency.clone(),
            ticket: opened.ticket().clone(),
            outcome: Outcome::from(reply),
        };
        self.log.keep(exchange, opened.evidence().clone()).await
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
