//! Identifiers: UUID version 7 (RFC 9562, section 5.7) in types that cannot be mixed up.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where unpredictable bytes come from; a parameter, so that tests can repeat a run.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// A version 7 UUID: ordered by the instant it was minted at, to the millisecond.
pub fn mint(now: DateTime<Utc>, chance: &dyn Chance) -> Uuid {
    let mut random = [0; 10];
    chance.fill(&mut random);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[doc = $doc:expr])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id.
            pub fn mint(now: DateTime<Utc>, chance: &dyn Chance) -> Self {
                Self(mint(now, chance))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A citizen's account, and the key that every row about that person carries.
    CitizenId;
    /// An officer's account.
    OfficerId;
    /// A message to a person.
    MessageId;
    /// An entry of the audit log.
    EventId;
    /// The public name of a session, by which its holder can end it.
    SessionHandle;
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
    fn ids_are_version_7_and_sort_by_time() {
        let earlier = DateTime::from_timestamp_millis(1_000).unwrap();
        let later = DateTime::from_timestamp_millis(2_000).unwrap();
        let (first, second) = (mint(earlier, &Fixed(255)), mint(later, &Fixed(0)));
        assert_eq!(first.get_version_num(), 7);
        assert!(first < second);
    }
}
