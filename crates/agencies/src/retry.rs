//! Whether and when a request that failed is sent again, so that many that fail together do not come back together.

use std::time::Duration;

use domain::id::Chance;

/// How often one request is sent again, at most.
pub const TRIES: u32 = 2;
/// The first wait is shorter than this, each further one may be twice as long.
const WAIT: Duration = Duration::from_millis(50);
/// What one request saves up for further tries, in tenths of one.
const SAVED: u32 = 1;
/// One further try, in the same unit.
const TRY: u32 = 10;
/// So many can be saved up; also what is there at the start.
const MOST: u32 = 10 * TRY;

/// How many further tries an agency may still be asked: one for ten requests, and some for the start.
#[derive(Debug)]
pub struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST)
    }
}

impl Budget {
    /// A request is about to be asked.
    pub fn asked(&mut self) {
        self.0 = (self.0 + SAVED).min(MOST);
    }

    /// Whether a further try may be made; it is spent then.
    pub fn take(&mut self) -> bool {
        let left = self.0.checked_sub(TRY);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// How long to wait before further try number `number` (from 0): any time up to the limit is as likely as any other.
pub fn wait(number: u32, chance: &dyn Chance) -> Duration {
    let mut bytes = [0; 4];
    chance.fill(&mut bytes);
    let part = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
    (WAIT * 2_u32.pow(number.min(10))).mul_f64(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Chance for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_grow_and_are_spread() {
        assert_eq!(wait(0, &Fixed(0)), Duration::ZERO);
        assert_eq!(wait(0, &Fixed(255)), WAIT);
        assert_eq!(wait(1, &Fixed(255)), 2 * WAIT);
        assert!(wait(1, &Fixed(128)) < 2 * WAIT);
    }

    #[test]
    fn further_tries_are_one_in_ten_after_the_first_ten() {
        let mut budget = Budget::default();
        assert_eq!((0..20).filter(|_| budget.take()).count(), 10);
        let taken = (0..100).filter(|_| {
            budget.asked();
            budget.take()
        });
        assert_eq!(taken.count(), 10);
    }
}
