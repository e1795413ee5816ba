use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// How many connections each client has. A proxy on this machine has as many as it likes: it stands for all.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    most: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection of a client; given back when it is dropped.
pub(super) struct Share(Shares, IpAddr);

impl Shares {
    pub(super) fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// A place for one more connection; none, when the client has its share.
    pub(super) fn take(&self, client: IpAddr) -> Option<Share> {
        let client = client.to_canonical();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client).or_default();
        if *count >= self.most && !client.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Share(self.clone(), client))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_share_and_takes_none_of_the_others() {
        let shares = Shares::new(2);
        let take = |client: &str| shares.take(client.parse().unwrap());
        let first = take("192.0.2.1").unwrap();
        let _second = take("::ffff:192.0.2.1").unwrap();
        assert!(take("192.0.2.1").is_none() && take("192.0.2.2").is_some());
        drop(first);
        assert!(take("192.0.2.1").is_some());
        let near: Vec<_> = (0..9).map(|_| take("127.0.0.1").unwrap()).collect();
        drop(near);
        assert_eq!(shares.counts.lock().unwrap().len(), 1);
    }
}
