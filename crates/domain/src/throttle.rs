//! How long to wait after too many tries.

use chrono::{DateTime, TimeDelta, Utc};

/// What is limited, and how strictly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// Tries that cost nothing.
    pub free: u32,
    /// The wait after the first try beyond them; it doubles with each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// One try is forgotten for each of these.
    pub drain: TimeDelta,
}

/// Passwords and codes tried for one account.
pub const PER_ACCOUNT: Limit = Limit {
    free: 5,
    first_wait: TimeDelta::seconds(30),
    longest_wait: TimeDelta::minutes(15),
    drain: TimeDelta::minutes(12),
};

/// Passwords tried for one account from anywhere: looser, because whoever guesses from elsewhere must not keep its owner out.
pub const PER_SIGN_IN_NAME: Limit = Limit {
    free: 40,
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::minutes(15),
    drain: TimeDelta::minutes(2),
};

/// Sign-ins, sign-ups and resets from one address: generous, because a library or an office shares one.
pub const PER_ADDRESS: Limit = Limit {
    free: 60,
    first_wait: TimeDelta::seconds(10),
    longest_wait: TimeDelta::minutes(5),
    drain: TimeDelta::seconds(10),
};

/// Messages sent to one contact.
pub const PER_CONTACT: Limit = Limit {
    free: 4,
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::minutes(30),
    drain: TimeDelta::minutes(30),
};

impl Limit {
    /// What is left of `tries` at `now`, and the instant up to which forgetting has been settled.
    pub fn drained(&self, tries: u32, settled: DateTime<Utc>, now: DateTime<Utc>) -> (u32, DateTime<Utc>) {
        let gone = (now - settled).num_milliseconds().max(0) / self.drain.num_milliseconds().max(1);
        let gone = i32::try_from(gone).unwrap_or(i32::MAX);
        let left = tries.saturating_sub(gone.unsigned_abs());
        // With nothing left there is nothing to carry over.
        if left == 0 { (0, now) } else { (left, settled + self.drain * gone) }
    }

    /// The wait that `count` tries earn.
    pub fn wait_after(&self, count: u32) -> TimeDelta {
        let Some(beyond) = count.checked_sub(self.free + 1) else { return TimeDelta::zero() };
        let doubled = self.first_wait.checked_mul(1 << beyond.min(20)).unwrap_or(self.longest_wait);
        doubled.min(self.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_free_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=13).map(|n| PER_ACCOUNT.wait_after(n).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(PER_ACCOUNT.wait_after(u32::MAX).num_seconds(), 900);
    }

    #[test]
    fn tries_are_forgotten_one_by_one_however_often_one_looks() {
        let began: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let (mut tries, mut settled) = (6, began);
        for second in 1..=25 {
            (tries, settled) = PER_ADDRESS.drained(tries, settled, began + TimeDelta::seconds(second));
        }
        assert_eq!(tries, 4);
        assert_eq!(PER_ADDRESS.drained(tries, settled, began + TimeDelta::hours(1)).0, 0);
        assert_eq!(
            PER_ADDRESS.drained(3, began, began - TimeDelta::hours(1)).0,
            3,
            "a clock set back forgets nothing"
        );
    }
}
