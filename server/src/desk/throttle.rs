//! Counts tries before they are made.

use std::net::IpAddr;

use domain::{
    flaw::Fault,
    throttle::{Limit, PER_ADDRESS},
};

use super::Refusal;
use crate::state::Portal;

/// Something that is limited: what it is, whose it is, and how strictly.
pub struct Count<'a> {
    /// Keeps the counts of different things apart.
    pub purpose: &'a str,
    /// A contact or an address; only its keyed hash is stored.
    pub of: &'a str,
    /// How strictly.
    pub limit: &'a Limit,
}

/// Counts one try each for the client's address and for `count`, in a transaction of its own, so that a try
/// counts whatever becomes of it. The flaw that asks to wait belongs to `field`.
pub async fn count(
    portal: &Portal,
    address: IpAddr,
    count: Count<'_>,
    field: &'static str,
) -> Result<(), Refusal> {
    let now = portal.now();
    let network = network_of(address);
    let keys = [
        (portal.key.hash("throttle:address", &network), &PER_ADDRESS),
        (portal.key.hash(&format!("throttle:{}", count.purpose), count.of), count.limit),
    ];
    let mut tx = portal.pool.begin().await?;
    for (key, limit) in keys {
        if let Some(until) = store::throttle::count_try(&mut tx, &key, limit, now).await? {
            // What this try has counted so far is dropped with the transaction: waiting makes nothing worse.
            let seconds = u32::try_from(((until - now).num_milliseconds() + 999) / 1000).unwrap_or(1);
            return Err(Refusal::flaw(field, Fault::WaitUntil { seconds }));
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets the tries of somebody who has succeeded.
pub async fn forget(portal: &Portal, purpose: &str, of: &str) -> Result<(), Refusal> {
    let key = portal.key.hash(&format!("throttle:{purpose}"), of);
    let mut db = portal.pool.acquire().await?;
    store::throttle::forget(&mut db, &key).await?;
    Ok(())
}

/// One household usually has a whole /64 of IPv6, so that is what is counted.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_counts_once() {
        let one: IpAddr = "2001:db8:1:2:aaaa::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:bbbb::2".parse().unwrap();
        assert_eq!(network_of(one), network_of(other));
        assert_eq!(network_of("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
