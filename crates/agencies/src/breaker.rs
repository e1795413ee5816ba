//! Leaves an agency alone after failures, and finds out carefully whether it is well again.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// When to stop asking, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// So many failures open it, if they are at least half of the last results.
    pub failures: usize,
    /// Only results that are younger count.
    pub window: Duration,
    /// How long nothing is asked at first; each probe that fails doubles it.
    pub pause: Duration,
    /// How long nothing is asked at most.
    pub longest: Duration,
}

impl Default for Rule {
    fn default() -> Self {
        let (window, pause, longest) =
            (Duration::from_secs(30), Duration::from_secs(2), Duration::from_mins(1));
        Self { failures: 5, window, pause, longest }
    }
}

/// Whether the agency is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// As usual.
    Closed,
    /// Not before this instant.
    Open(Instant),
    /// One request finds out.
    Probing,
}

/// The permission to ask once. What is reported with it counts only as long as the breaker has not changed since.
#[derive(Debug, Eq, PartialEq)]
pub struct Pass {
    epoch: u64,
}

/// The breaker of one agency. It has no clock of its own.
#[derive(Debug)]
pub struct Breaker {
    rule: Rule,
    state: State,
    /// When, and whether it was good; at most twice as many as the failures that open.
    recent: VecDeque<(Instant, bool)>,
    pause: Duration,
    /// Grows with each change of state.
    epoch: u64,
}

impl Breaker {
    /// A closed one.
    pub const fn new(rule: Rule) -> Self {
        Self { rule, state: State::Closed, recent: VecDeque::new(), pause: rule.pause, epoch: 0 }
    }

    /// Whether the agency is asked.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Permission to ask; none while it is open, or while another request finds out whether it can be closed.
    pub fn admit(&mut self, now: Instant) -> Option<Pass> {
        match self.state {
            State::Closed => {}
            State::Open(until) if until <= now => self.change(State::Probing),
            State::Open(_) | State::Probing => return None,
        }
        Some(Pass { epoch: self.epoch })
    }

    /// Reports what came of it.
    pub fn report(&mut self, pass: Pass, good: bool, now: Instant) {
        if pass.epoch != self.epoch {
            return;
        }
        match (self.state, good) {
            (State::Probing, true) => {
                self.pause = self.rule.pause;
                self.recent.clear();
                self.change(State::Closed);
            }
            (State::Probing, false) => {
                self.pause = (self.pause * 2).min(self.rule.longest);
                self.change(State::Open(now + self.pause));
            }
            (State::Closed, _) => self.remember(good, now),
            (State::Open(_), _) => {}
        }
    }

    /// Gives a permission back that was not used to its end. If it was the one that should find out, another may.
    pub fn give_back(&mut self, pass: Pass, now: Instant) {
        if pass.epoch == self.epoch && self.state == State::Probing {
            self.change(State::Open(now));
        }
    }

    fn remember(&mut self, good: bool, now: Instant) {
        self.recent.push_back((now, good));
        while self.recent.len() > 2 * self.rule.failures
            || self.recent.front().is_some_and(|(at, _)| *at + self.rule.window < now)
        {
            self.recent.pop_front();
        }
        let failures = self.recent.iter().filter(|(_, good)| !good).count();
        if failures >= self.rule.failures && 2 * failures >= self.recent.len() {
            self.change(State::Open(now + self.pause));
        }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.epoch += 1;
    }
}

/// A breaker that many requests share.
pub(crate) struct Shared(Mutex<Breaker>);

/// A permission that gives itself back when the request is dropped.
pub(crate) struct Held<'a> {
    breaker: &'a Shared,
    pass: Option<Pass>,
}

impl Shared {
    pub fn new(rule: Rule) -> Self {
        Self(Mutex::new(Breaker::new(rule)))
    }

    pub fn admit(&self) -> Option<Held<'_>> {
        let pass = self.lock().admit(Instant::now())?;
        Some(Held { breaker: self, pass: Some(pass) })
    }

    pub fn state(&self) -> State {
        self.lock().state()
    }

    fn lock(&self) -> MutexGuard<'_, Breaker> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held<'_> {
    pub fn report(mut self, good: bool) {
        if let Some(pass) = self.pass.take() {
            self.breaker.lock().report(pass, good, Instant::now());
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.breaker.lock().give_back(pass, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests;
