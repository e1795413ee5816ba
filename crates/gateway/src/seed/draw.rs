//! Chance that can be repeated: a stream of its own for each purpose and person, so that registers can be filled side by
//! side and still agree.

use chrono::{Days, NaiveDate};

/// A stream of draws.
pub struct Draw(fastrand::Rng);

impl Draw {
    /// The stream of one purpose and one person or thing. The same three give the same stream.
    pub fn of(seed: u64, purpose: &str, index: usize) -> Self {
        // FNV-1a: nobody has to be surprised, streams only have to differ.
        let named = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut first = fastrand::Rng::with_seed(seed ^ named);
        Self(fastrand::Rng::with_seed(first.u64(..) ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// True in so many of 100 cases.
    pub fn percent(&mut self, cases: u32) -> bool {
        self.0.u32(0..100) < cases
    }

    /// True in one of so many cases.
    pub fn one_in(&mut self, cases: u32) -> bool {
        self.0.u32(0..cases) == 0
    }

    /// A whole number, both ends included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.u64(least..=most.max(least))
    }

    /// The same for things that are counted.
    pub fn count(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most.max(least))
    }

    /// One of them.
    ///
    /// # Panics
    /// When there is none.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.usize(0..of.len())]
    }

    /// A day, both ends included; `from`, when `to` is before it.
    pub fn day(&mut self, from: NaiveDate, to: NaiveDate) -> NaiveDate {
        let span = u64::try_from((to - from).num_days()).unwrap_or(0);
        from.checked_add_days(Days::new(self.0.u64(0..=span))).unwrap_or(from)
    }
}
