//! Counts tries before they are made.

use std::net::IpAddr;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use domain::{
    flaw::Fault,
    throttle::{Limit, PER_ACCOUNT, PER_ADDRESS, PER_SIGN_IN_NAME},
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

/// Counts one try each for the client's address and for `limited`, in a transaction of its own, so that a try
/// counts whatever becomes of it. The flaw that asks to wait belongs to `field`.
pub async fn count(
    portal: &Portal,
    address: IpAddr,
    limited: Count<'_>,
    field: &'static str,
) -> Result<(), Refusal> {
    let own = portal.key.hash(&format!("throttle:{}", limited.purpose), limited.of);
    count_keys(portal, &[(address_key(portal, address), &PER_ADDRESS), (own, limited.limit)], field).await
}

/// Counts one try for `limited` alone, where the address has been counted already.
pub async fn count_thing(portal: &Portal, limited: Count<'_>, field: &'static str) -> Result<(), Refusal> {
    let own = portal.key.hash(&format!("throttle:{}", limited.purpose), limited.of);
    count_keys(portal, &[(own, limited.limit)], field).await
}

/// Counts a try to sign in: for the client's address, strictly for that address and the contact together, and loosely for
/// the contact alone.
pub async fn count_sign_in(
    portal: &Portal,
    address: IpAddr,
    (purpose, contact): (&str, &str),
    field: &'static str,
) -> Result<(), Refusal> {
    let [pair, alone] = sign_in_keys(portal, address, purpose, contact);
    let keys =
        [(address_key(portal, address), &PER_ADDRESS), (pair, &PER_ACCOUNT), (alone, &PER_SIGN_IN_NAME)];
    count_keys(portal, &keys, field).await
}

fn sign_in_keys(portal: &Portal, address: IpAddr, purpose: &str, contact: &str) -> [Vec<u8>; 2] {
    let own = |of: &str| portal.key.hash(&format!("throttle:{purpose}"), of);
    [own(&format!("{} {contact}", network_of(address))), own(contact)]
}

/// Counts one try for the client's address alone.
pub async fn count_address(portal: &Portal, address: IpAddr, field: &'static str) -> Result<(), Refusal> {
    count_keys(portal, &[(address_key(portal, address), &PER_ADDRESS)], field).await
}

async fn count_keys(portal: &Portal, keys: &[(Vec<u8>, &Limit)], field: &'static str) -> Result<(), Refusal> {
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    for (key, limit) in keys {
        if let Some(until) = store::throttle::count_try(&mut tx, key, limit, now).await? {
            // What this try has counted so far is dropped with the transaction: waiting makes nothing worse.
            let seconds = u32::try_from(((until - now).num_milliseconds() + 999) / 1000).unwrap_or(1);
            let fault = if **limit == PER_ADDRESS {
                Fault::AddressWait { seconds }
            } else {
                Fault::WaitUntil { seconds }
            };
            return Err(Refusal::flaw(field, fault));
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets the tries of somebody who has succeeded, and takes the address's try back: an office where sixty people
/// sign in is no attack.
pub async fn forget_sign_in(
    portal: &Portal,
    address: IpAddr,
    (purpose, contact): (&str, &str),
) -> Result<(), Refusal> {
    let mut tx = portal.pool.begin().await?;
    // In the order in which they are counted, so that two never wait for each other.
    store::throttle::refund(&mut tx, &address_key(portal, address)).await?;
    for key in sign_in_keys(portal, address, purpose, contact) {
        store::throttle::forget(&mut tx, &key).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The same for something else that is limited.
pub async fn forget(portal: &Portal, address: IpAddr, purpose: &str, of: &str) -> Result<(), Refusal> {
    let key = portal.key.hash(&format!("throttle:{purpose}"), of);
    let mut tx = portal.pool.begin().await?;
    store::throttle::refund(&mut tx, &address_key(portal, address)).await?;
    store::throttle::forget(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(())
}

/// Tries that are few a day: of the client's address, and of what else is limited. A day begins at midnight in Korea.
pub struct DayTries {
    address: Vec<u8>,
    others: Vec<Vec<u8>>,
}

impl DayTries {
    /// Today's tries of `address` for `purpose`, and of each other thing for its own.
    pub fn of(portal: &Portal, address: IpAddr, purpose: &str, others: &[(&str, String)]) -> Self {
        let day = korean(portal.now()).date_naive();
        let key =
            |purpose: &str, of: &str| portal.key.hash(&format!("throttle:{purpose}"), &format!("{day} {of}"));
        Self {
            address: key(purpose, &network_of(address)),
            others: others.iter().map(|(purpose, of)| key(purpose, of)).collect(),
        }
    }

    /// Counts a try for each, or for none when one of them has to wait until tomorrow.
    pub async fn count(&self, portal: &Portal, limit: &Limit, field: &'static str) -> Result<(), Refusal> {
        let now = portal.now();
        let mut tx = portal.pool.begin().await?;
        for key in self.keys() {
            if store::throttle::count_try(&mut tx, key, limit, now).await?.is_some() {
                let seconds = seconds_of_today(now);
                let fault = if *key == self.address {
                    Fault::AddressWait { seconds }
                } else {
                    Fault::WaitUntil { seconds }
                };
                return Err(Refusal::flaw(field, fault));
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes the try back: it told nobody anything.
    pub async fn take_back(&self, portal: &Portal) -> Result<(), Refusal> {
        let mut tx = portal.pool.begin().await?;
        for key in self.keys() {
            store::throttle::refund(&mut tx, key).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes the address's try back, because it was no guess.
    pub async fn take_back_address(&self, portal: &Portal) -> Result<(), Refusal> {
        let mut db = portal.pool.acquire().await?;
        Ok(store::throttle::refund(&mut db, &self.address).await?)
    }

    /// Always in the same order, so that two never wait for each other.
    fn keys(&self) -> impl Iterator<Item = &Vec<u8>> {
        std::iter::once(&self.address).chain(&self.others)
    }
}

fn korean(now: DateTime<Utc>) -> DateTime<FixedOffset> {
    now.with_timezone(&FixedOffset::east_opt(9 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc)))
}

/// Until midnight in Korea.
fn seconds_of_today(now: DateTime<Utc>) -> u32 {
    let left = TimeDelta::days(1) - (korean(now).time() - NaiveTime::MIN);
    u32::try_from(left.num_seconds()).unwrap_or(1).max(1)
}

fn address_key(portal: &Portal, address: IpAddr) -> Vec<u8> {
    portal.key.hash("throttle:address", &network_of(address))
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
    fn a_day_ends_at_midnight_in_korea() {
        assert_eq!(seconds_of_today("2026-11-23T01:00:00Z".parse().unwrap()), 14 * 3600);
        assert_eq!(seconds_of_today("2026-11-23T14:59:59Z".parse().unwrap()), 1);
        assert_eq!(seconds_of_today("2026-11-23T15:00:00Z".parse().unwrap()), 24 * 3600);
    }

    #[test]
    fn a_household_counts_once() {
        let one: IpAddr = "2001:db8:1:2:aaaa::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:bbbb::2".parse().unwrap();
        assert_eq!(network_of(one), network_of(other));
        assert_eq!(network_of("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
