//! One request to one agency: within its time, its slots and its breaker; again where that helps, twice where it is slow.

use std::{pin::pin, time::Duration};

use domain::{clock::Clock, id::Chance};
use exchange::{
    client::Sender,
    keys::KeyRing,
    log::Outcome,
    message::{Reply, Request},
    refusal::Refusal,
    sign::Evidence,
    verb::Verb,
};
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    asked::{AskError, Asked},
    count,
    partner::{Partner, Way},
    retry,
    xroad::Receipt,
};

/// A request on its way.
pub(crate) struct Asking<'a> {
    pub sender: &'a Sender,
    /// What agencies sign with.
    pub keys: &'a KeyRing,
    pub partner: &'a Partner,
    pub request: &'a Request,
    pub clock: &'a dyn Clock,
    pub chance: &'a dyn Chance,
    pub started: Instant,
    pub deadline: Instant,
}

/// What came of one copy.
pub(crate) struct Tried {
    pub reply: Result<Reply, AskError>,
    pub sent: bool,
    pub evidence: Option<Evidence>,
    pub receipt: Option<Receipt>,
    /// Of the reply.
    pub proof: Option<Evidence>,
}

impl Tried {
    pub const fn unsent(error: AskError) -> Self {
        Self { reply: Err(error), sent: false, evidence: None, proof: None, receipt: None }
    }

    /// Whether no other copy could bring a better reply.
    const fn settled(&self) -> bool {
        matches!(&self.reply, Ok(reply) if !matches!(reply, Reply::Refused { .. } | Reply::Unavailable { .. }))
    }
}

impl Asking<'_> {
    /// Asks, and counts what came of it.
    pub async fn ask(&self) -> Asked {
        let asked = self.admitted().await;
        count::asked(self, &asked);
        asked
    }

    async fn admitted(&self) -> Asked {
        let Some(pass) = self.partner.breaker.admit() else { return Asked::unsent(AskError::Open) };
        // Half of the time is left for the agency itself.
        let until = self.started + (self.deadline - self.started) / 2;
        let Some(_slot) = self.partner.slots.take(until).await else { return Asked::unsent(AskError::Busy) };
        self.partner.pace().asked();
        let tried = self.tries().await;
        if let Some(well) = well(&tried.reply) {
            pass.report(well);
        }
        let outcome = tried.reply.as_ref().map_or(Outcome::NoReply {}, Outcome::from);
        let Tried { reply, sent, evidence, proof, receipt } = tried;
        Asked { reply, outcome, sent, evidence, proof, receipt }
    }

    /// Asks until there is a reply, or trying again does not help.
    async fn tries(&self) -> Tried {
        let (mut sent, mut evidence) = (false, None);
        for number in 0.. {
            let mut tried = self.copies().await;
            sent |= tried.sent;
            evidence = tried.evidence.take().or(evidence);
            let wait = self.wait(&tried.reply, number).filter(|wait| Instant::now() + *wait < self.deadline);
            let Some(wait) = wait.filter(|_| self.partner.pace().retry.take()) else {
                return Tried { sent, evidence, ..tried };
            };
            count::copy(self.partner, "retry");
            sleep(wait).await;
        }
        Tried::unsent(AskError::TimedOut)
    }

    /// How long to wait before the next try; none, if there is to be none.
    fn wait(&self, reply: &Result<Reply, AskError>, number: u32) -> Option<Duration> {
        let least = match reply {
            Ok(Reply::Unavailable { retry_after }) => Duration::from_secs((*retry_after).into()),
            // It is replayed, when somebody on the way sent the message a second time and the copy was first.
            Err(AskError::Unreachable(_) | AskError::Refused { status: 502..=504, .. })
            | Ok(Reply::Refused { code: Refusal::Replayed }) => Duration::ZERO,
            // A gateway that was started anew refuses what was signed before; so does one whose clock is ahead.
            Err(AskError::Refused { hint: Some(Refusal::Expired), .. }) => Duration::from_secs(1),
            _ => return None,
        };
        (number < retry::TRIES).then(|| least + retry::wait(number, self.chance))
    }

    /// One copy; a second, signed anew, when the reply to the first is slow.
    async fn copies(&self) -> Tried {
        let started = Instant::now();
        let mut first = pin!(self.once());
        if let Some(after) = self.hedge_after() {
            tokio::select! {
                biased;
                tried = &mut first => return self.timed(started, tried),
                () = sleep_until(started + after) => {}
            }
            if let Some(_slot) = self.partner.slots.spare().filter(|_| self.partner.pace().hedge.take()) {
                count::copy(self.partner, "hedge");
                let mut second = pin!(self.once());
                let tried = tokio::select! {
                    tried = &mut first => if tried.settled() { tried } else { better(tried, second.await) },
                    tried = &mut second => if tried.settled() { tried } else { better(first.await, tried) },
                };
                return self.timed(started, tried);
            }
        }
        self.timed(started, first.await)
    }

    /// When a copy would be sent: only of what changes nothing at the agency, and only within the time.
    fn hedge_after(&self) -> Option<Duration> {
        let twice = matches!(self.request.ticket().verb, Verb::Verify | Verb::Pull | Verb::Status);
        let direct = matches!(self.partner.way, Way::Direct(_));
        let after = self.partner.pace().hedge.after(self.partner.limits.hedge)?;
        (twice && direct && Instant::now() + after < self.deadline).then_some(after)
    }

    fn timed(&self, started: Instant, tried: Tried) -> Tried {
        if tried.reply.is_ok() {
            self.partner.pace().hedge.replied(started.elapsed());
        }
        tried
    }

    async fn once(&self) -> Tried {
        match &self.partner.way {
            Way::Direct(direct) => direct.once(self).await,
            Way::XRoad(xroad) => xroad.once(self).await,
            Way::Offline(_) => Tried::unsent(AskError::Offline),
        }
    }
}

/// Of two copies that came to an end, the one to go on with.
fn better(one: Tried, other: Tried) -> Tried {
    if other.settled() || one.reply.is_err() { other } else { one }
}

/// Whether the agency is well; none, where it is not its fault.
const fn well(reply: &Result<Reply, AskError>) -> Option<bool> {
    match reply {
        Ok(_) => Some(true),
        Err(AskError::TimedOut | AskError::Unreachable(_) | AskError::Untrusted(_)) => Some(false),
        Err(AskError::Refused { status, .. }) => Some(*status < 500),
        Err(
            AskError::Unknown | AskError::Offline | AskError::Unsendable(_) | AskError::Busy | AskError::Open,
        ) => None,
    }
}
