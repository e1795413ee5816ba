//! The portal's clock.

use chrono::{DateTime, Utc};
use domain::clock::Clock;

/// The machine's time.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
