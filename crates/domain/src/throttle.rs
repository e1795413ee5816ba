//! How long to wait after too many tries.

use chrono::TimeDelta;

/// What is limited, and how strictly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// Tries that cost nothing.
    pub free: u32,
    /// The wait after the first try beyond them; it doubles with each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// Tries are forgotten after this much quiet.
    pub forget_after: TimeDelta,
}

/// Passwords and codes tried for one account.
pub const PER_ACCOUNT: Limit = Limit {
    free: 5,
    first_wait: TimeDelta::seconds(30),
    longest_wait: TimeDelta::minutes(15),
    forget_after: TimeDelta::hours(1),
};

/// Sign-ins, sign-ups and resets from one address: generous, because a library or an office shares one.
pub const PER_ADDRESS: Limit = Limit {
    free: 60,
    first_wait: TimeDelta::seconds(10),
    longest_wait: TimeDelta::minutes(5),
    forget_after: TimeDelta::minutes(15),
};

/// Messages sent to one contact.
pub const PER_CONTACT: Limit = Limit {
    free: 4,
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::minutes(30),
    forget_after: TimeDelta::hours(2),
};

impl Limit {
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
}
