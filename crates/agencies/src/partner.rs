//! An agency as the file describes it.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};
use domain::service::{AgencyId, RecordKindId};
use exchange::{keys::KeyRing, moment::Moment, origin::Origin, seal::SealingPublic, subject::SubjectKey};

/// An agency, and how it is asked.
pub(crate) struct Partner {
    pub agency: AgencyId,
    pub way: Way,
    /// What it signs replies with.
    pub keys: KeyRing,
    /// What requests to it are sealed to.
    pub seal: Vec<SealTo>,
    pub subject: SubjectKey,
    pub kinds: BTreeSet<RecordKindId>,
    pub limits: Limits,
}

/// How an agency is reached.
pub(crate) enum Way {
    Direct(Origin),
    Offline,
}

/// A key to seal to, and its time.
pub(crate) struct SealTo {
    pub key: SealingPublic,
    pub from: Moment,
    pub until: Moment,
}

/// How long, and how many at once.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// From the first byte to the last, all tries together.
    pub whole: Duration,
    pub connect: Duration,
    pub concurrency: usize,
    /// Slow replies are not asked for a second time before this.
    pub hedge: Duration,
}

impl Partner {
    /// The newest key in force.
    pub fn sealing(&self, now: DateTime<Utc>) -> Option<&SealingPublic> {
        let now = Moment::from(now);
        let in_force = self.seal.iter().filter(|seal| seal.from <= now && now < seal.until);
        in_force.max_by_key(|seal| seal.from).map(|seal| &seal.key)
    }
}
