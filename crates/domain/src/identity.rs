//! Verification of identity: what the resident register is asked for it, and on which ground. The portal's tickets and the
//! register's grant say the same, because both take it from here.

use chrono::TimeDelta;

use crate::throttle::Limit;

/// The kind of record that has the contact of a person. It is not in the catalogue: no petition needs it.
pub const KIND: &str = "resident-contact";
/// The item with the mobile number, `010-1234-5678`; it may be missing.
pub const MOBILE: &str = "mobile";
/// The item with the e-mail address; it may be missing.
pub const EMAIL: &str = "email";
/// What the portal says it asks for.
pub const PURPOSE: &str = "identity";
/// The statute that the look-up stands on. Law and article are unverified.
pub const LAW: &str = "전자정부법";
/// Its article.
pub const ARTICLE: &str = "10";

/// Tries a day for an account, for a number, and for an address. A count belongs to one Korean day, so nothing of it is
/// forgotten before that day is over.
pub const PER_DAY: Limit = Limit {
    free: 5,
    first_wait: TimeDelta::days(1),
    longest_wait: TimeDelta::days(1),
    drain: TimeDelta::days(2),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_free_and_the_sixth_waits_for_another_day() {
        let waits: Vec<i64> = (1..=7).map(|n| PER_DAY.wait_after(n).num_hours()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 24, 24]);
        let began: chrono::DateTime<chrono::Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        assert_eq!(PER_DAY.drained(5, began, began + TimeDelta::hours(24)).0, 5);
    }
}
