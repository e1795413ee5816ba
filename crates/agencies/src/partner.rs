//! An agency as the file describes it, and what is remembered of it while the portal runs.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::service::{AgencyId, RecordKindId};
use exchange::{moment::Moment, seal::SealingPublic, subject::SubjectKey};

use crate::{
    breaker::{Rule, Shared},
    direct::Direct,
    hedge::Hedge,
    retry::Budget,
    slots::Slots,
    xroad::XRoad,
};

/// An agency, and how it is asked.
pub(crate) struct Partner {
    pub agency: AgencyId,
    pub way: Way,
    pub subject: SubjectKey,
    pub kinds: BTreeSet<RecordKindId>,
    pub limits: Limits,
    pub breaker: Shared,
    pub slots: Slots,
    pace: Mutex<Pace>,
}

/// How an agency is reached.
pub(crate) enum Way {
    Direct(Box<Direct>),
    XRoad(Box<XRoad>),
    /// With the keys that packages are sealed to.
    Offline(Vec<SealTo>),
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

/// What further copies of requests may cost.
#[derive(Default)]
pub(crate) struct Pace {
    pub hedge: Hedge,
    pub retry: Budget,
}

impl Pace {
    /// A request is about to be asked.
    pub fn asked(&mut self) {
        self.hedge.asked();
        self.retry.asked();
    }
}

impl Partner {
    pub fn new(agency: AgencyId, way: Way, subject: SubjectKey, limits: Limits) -> Self {
        let (breaker, slots) = (Shared::new(Rule::default()), Slots::new(limits.concurrency));
        Self { agency, way, subject, kinds: BTreeSet::new(), limits, breaker, slots, pace: Mutex::default() }
    }

    /// The keys that something can be sealed to for it.
    pub fn seal(&self) -> &[SealTo] {
        match &self.way {
            Way::Direct(direct) => &direct.seal,
            Way::XRoad(_) => &[],
            Way::Offline(seal) => seal,
        }
    }

    pub fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key to seal to, and its time.
pub(crate) struct SealTo {
    pub key: SealingPublic,
    pub from: Moment,
    pub until: Moment,
}

impl SealTo {
    /// The newest key to seal to that is in force.
    pub fn newest(keys: &[Self], now: DateTime<Utc>) -> Option<&SealingPublic> {
        let now = Moment::from(now);
        let in_force = keys.iter().filter(|seal| seal.from <= now && now < seal.until);
        in_force.max_by_key(|seal| seal.from).map(|seal| &seal.key)
    }
}
