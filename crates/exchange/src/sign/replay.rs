use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::service::AgencyId;

use super::Nonce;
use crate::{
    moment::Moment,
    refusal::{Refusal, Refused},
};

/// What tells one signed request from all others.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// Who signed it.
    pub sender: &'a AgencyId,
    /// Its nonce.
    pub nonce: Nonce,
    /// When it was signed.
    pub created: Moment,
    /// Until when it would be accepted: so long it has to be remembered.
    pub until: Moment,
}

/// What a holder keeps of a request that it let through, beside its log and for as long as it would be accepted, so that
/// nothing is let through again after a restart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Noted {
    /// Who signed it.
    pub sender: AgencyId,
    /// Its nonce.
    pub nonce: Nonce,
    /// Until when it would be accepted.
    pub until: Moment,
}

impl From<Signed<'_>> for Noted {
    fn from(signed: Signed<'_>) -> Self {
        Self { sender: signed.sender.clone(), nonce: signed.nonce, until: signed.until }
    }
}

/// Remembers which requests were received. Asked only after a signature was found good, so that strangers cannot fill
/// the memory.
pub trait Replays {
    /// Remembers `signed`.
    ///
    /// # Errors
    /// `replayed`, when it was remembered before; another refusal, when it cannot be remembered. It is refused then too:
    /// what cannot be remembered could be replayed.
    fn admit(&mut self, signed: Signed<'_>, now: DateTime<Utc>) -> Result<(), Refused>;
}

/// Remembers in memory, for each sender a bounded number: who floods shuts out only itself.
#[derive(Debug)]
pub struct NonceWindow {
    started: Moment,
    per_sender: usize,
    senders: HashMap<AgencyId, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    nonces: HashSet<Nonce>,
    by_time: BTreeSet<(Moment, Nonce)>,
}

impl NonceWindow {
    /// A window that remembers from `started` on, for a holder that cannot have received anything before, or has lost what
    /// it noted. What was signed earlier is refused as `expired`: the sender signs anew, and is served. A holder that keeps
    /// what it admitted goes on with [`NonceWindow::resume`].
    pub fn new(started: DateTime<Utc>, per_sender: usize) -> Self {
        Self { started: started.into(), per_sender, senders: HashMap::new() }
    }

    /// A window that goes on where a process before it stopped: `noted` is what that one let through ([`Noted`]), at least
    /// all of it that has not run out. What was signed before the start is served, if it is not among that.
    pub fn resume(noted: impl IntoIterator<Item = Noted>, per_sender: usize) -> Self {
        let mut window = Self::new(DateTime::UNIX_EPOCH, per_sender);
        for Noted { sender, nonce, until } in noted {
            let seen = window.senders.entry(sender).or_default();
            seen.nonces.insert(nonce);
            seen.by_time.insert((until, nonce));
        }
        window
    }

    /// How many nonces are remembered.
    pub fn remembered(&self) -> usize {
        self.senders.values().map(|seen| seen.nonces.len()).sum()
    }
}

impl Replays for NonceWindow {
    fn admit(&mut self, signed: Signed<'_>, now: DateTime<Utc>) -> Result<(), Refused> {
        if signed.created < self.started {
            return Err(Refusal::Expired.because("signed before this process began to remember"));
        }
        if !self.senders.contains_key(signed.sender) {
            self.senders.insert(signed.sender.clone(), Seen::default());
        }
        let Some(seen) = self.senders.get_mut(signed.sender) else { return Err(Refusal::RateLimited.into()) };
        seen.forget(now.into());
        if seen.nonces.contains(&signed.nonce) {
            return Err(Refusal::Replayed.into());
        }
        if seen.nonces.len() >= self.per_sender {
            return Err(
                Refusal::RateLimited.because("more requests within the window than can be remembered")
            );
        }
        seen.nonces.insert(signed.nonce);
        seen.by_time.insert((signed.until, signed.nonce));
        Ok(())
    }
}

impl Seen {
    /// Forgets what would be refused as expired by now.
    fn forget(&mut self, now: Moment) {
        while let Some((until, nonce)) = self.by_time.first().copied() {
            if until > now {
                break;
            }
            self.by_time.pop_first();
            self.nonces.remove(&nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn memory_is_bounded_and_the_old_is_forgotten() {
        let start = DateTime::from_timestamp(1_000, 0).unwrap();
        let (one, two): (AgencyId, AgencyId) = ("one".parse().unwrap(), "two".parse().unwrap());
        let mut window = NonceWindow::new(start, 2);
        let mut admit = |sender: &AgencyId, byte, at: DateTime<Utc>| {
            let created = Moment::from(at);
            let until = created.plus(TimeDelta::seconds(10));
            let result = window.admit(Signed { sender, nonce: Nonce([byte; 16]), created, until }, at);
            (result.map_err(|refused| refused.code), window.remembered())
        };
        assert_eq!(admit(&one, 1, start), (Ok(()), 1));
        assert_eq!(admit(&one, 1, start), (Err(Refusal::Replayed), 1));
        assert_eq!(admit(&one, 2, start), (Ok(()), 2));
        assert_eq!(admit(&one, 3, start), (Err(Refusal::RateLimited), 2));
        assert_eq!(admit(&two, 1, start), (Ok(()), 3));
        assert_eq!(admit(&one, 3, start + TimeDelta::seconds(10)), (Ok(()), 2));
        assert_eq!(admit(&one, 4, start - TimeDelta::seconds(1)).0, Err(Refusal::Expired));
    }
}
