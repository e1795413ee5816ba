//! When a slow reply is asked for a second time: rarely, and only when it is slower than nearly all before it.

use std::{collections::VecDeque, time::Duration};

/// How many replies the measure is taken from.
const REPLIES: usize = 128;
/// With fewer, nobody knows yet what is slow.
const ENOUGH: usize = 20;
/// What one request saves up for copies, in thousandths of a copy: one copy for each twenty requests.
const SAVED: u32 = 50;
/// One copy, in the same unit.
const COPY: u32 = 1_000;
/// So many copies can be saved up.
const MOST: u32 = 5 * COPY;

/// How long replies of one agency take, and how many copies may still be sent.
#[derive(Debug, Default)]
pub struct Hedge {
    took: VecDeque<Duration>,
    saved: u32,
}

impl Hedge {
    /// A request is about to be asked.
    pub fn asked(&mut self) {
        self.saved = (self.saved + SAVED).min(MOST);
    }

    /// A reply came after this time.
    pub fn replied(&mut self, took: Duration) {
        if self.took.len() == REPLIES {
            self.took.pop_front();
        }
        self.took.push_back(took);
    }

    /// After how long a copy is sent: when 95 of 100 replies would be there, but not before `least`. None, while that is
    /// not known.
    pub fn after(&self, least: Duration) -> Option<Duration> {
        if self.took.len() < ENOUGH {
            return None;
        }
        let mut sorted: Vec<_> = self.took.iter().copied().collect();
        let (_, p95, _) = sorted.select_nth_unstable(self.took.len() * 95 / 100);
        Some(least.max(*p95))
    }

    /// Whether a copy may be sent; it is spent then.
    pub fn take(&mut self) -> bool {
        let left = self.saved.checked_sub(COPY);
        self.saved = left.unwrap_or(self.saved);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_slow_is_known_after_twenty_replies() {
        let mut hedge = Hedge::default();
        for millis in 1..20 {
            hedge.replied(Duration::from_millis(millis));
            assert_eq!(hedge.after(Duration::ZERO), None);
        }
        hedge.replied(Duration::from_millis(20));
        assert_eq!(hedge.after(Duration::ZERO), Some(Duration::from_millis(20)));
        assert_eq!(hedge.after(Duration::from_millis(50)), Some(Duration::from_millis(50)));
        for _ in 0..REPLIES {
            hedge.replied(Duration::from_millis(1));
        }
        assert_eq!(hedge.after(Duration::ZERO), Some(Duration::from_millis(1)));
    }

    proptest! {
        #[test]
        fn copies_are_never_more_than_one_in_twenty(events in prop::collection::vec(any::<bool>(), 0..2_000)) {
            let (mut hedge, mut asked, mut copies) = (Hedge::default(), 0, 0);
            for ask in events {
                if ask {
                    hedge.asked();
                    asked += 1;
                } else if hedge.take() {
                    copies += 1;
                }
                prop_assert!(copies * 20 <= asked);
            }
        }
    }
}
