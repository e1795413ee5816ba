//! The machine's clock and chance: the one place where they come in.

use chrono::{DateTime, Utc};
use domain::{clock::Clock, id::Chance};

/// The machine's time.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing here is safe; the process must not go on.
        getrandom::fill(bytes).expect("the operating system has random numbers");
    }
}
