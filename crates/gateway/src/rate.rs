//! How often may be asked: a bucket for each client, and one for each grant.

use std::{collections::HashMap, hash::Hash, sync::Mutex, time::Instant};

/// Buckets by name. Each holds a second's or a minute's worth and fills up steadily.
#[derive(Debug)]
pub struct Rates<K>(Mutex<HashMap<K, Bucket>>);

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl<K> Default for Rates<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> Rates<K> {
    /// Takes one from the bucket of `key`, which holds `size` and is refilled in `seconds`. False when it is empty.
    pub fn take(&self, key: &K, (size, seconds): (u32, u32), now: Instant) -> bool {
        let size = f64::from(size);
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let bucket = buckets.entry(key.clone()).or_insert(Bucket { left: size, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * size / f64::from(seconds)).min(size);
        bucket.at = now;
        if bucket.left < 1.0 {
            return false;
        }
        bucket.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let (rates, start) = (Rates::default(), Instant::now());
        let take =
            |key: &'static str, millis| rates.take(&key, (2, 1), start + Duration::from_millis(millis));
        assert!(take("a", 0) && take("a", 0) && !take("a", 0));
        assert!(take("b", 0));
        assert!(!take("a", 400) && take("a", 600) && !take("a", 600));
    }
}
