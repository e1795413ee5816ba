//! Identifiers of the exchange. `domain::service` has those of agencies, kinds and items.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::id::Chance;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct IdError(&'static str);

macro_rules! uuids {
    ($($(#[doc = $doc:expr])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// A UUID of version 7 (RFC 9562), written in lower case with hyphens and in no other way.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id.
            pub fn mint(now: DateTime<Utc>, chance: &dyn Chance) -> Self {
                Self(domain::id::mint(now, chance))
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl TryFrom<Uuid> for $name {
            type Error = IdError;

            fn try_from(id: Uuid) -> Result<Self, IdError> {
                if id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122 {
                    Ok(Self(id))
                } else {
                    Err(IdError("not a UUID of version 7"))
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let id = Uuid::try_parse(text).map_err(|_| IdError("not a UUID"))?;
                if id.to_string() == text { Self::try_from(id) } else { Err(IdError("a UUID in another form")) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

uuids! {
    /// One request. A retry carries the same id, so that it counts once.
    RequestId;
    /// A ticket.
    TicketId;
    /// A petition, from its first draft on.
    CaseId;
    /// A consent.
    ConsentId;
    /// A grant.
    GrantId;
    /// An offline package, opened once.
    PackageId;
    /// An officer or citizen, by the pseudonymous id of the asking side.
    PersonId;
}

macro_rules! slugs {
    ($($(#[doc = $doc:expr])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// Lower-case letters, digits and single hyphens, starting with a letter; at most 60 characters.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(domain::service::ServiceId);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::str::FromStr for $name {
            type Err = domain::service::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

slugs! {
    /// A key, unique among the keys of everybody who takes part, such as `nts-sign-2026`.
    KeyId;
    /// What records are asked for, such as `move-in-report`: as a rule the service of the catalogue.
    PurposeId;
    /// A form that an agency's inbox takes, such as `address-correction`.
    FormId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_7_in_one_form() {
        let good = "019dab3e-7c00-7abc-8def-0123456789ab";
        assert_eq!(good.parse::<RequestId>().unwrap().to_string(), good);
        for bad in [
            "019DAB3E-7C00-7ABC-8DEF-0123456789AB",
            "019dab3e7c007abc8def0123456789ab",
            "{019dab3e-7c00-7abc-8def-0123456789ab}",
            "019dab3e-7c00-4abc-8def-0123456789ab",
            "00000000-0000-0000-0000-000000000000",
            "",
        ] {
            assert!(bad.parse::<RequestId>().is_err(), "{bad}");
        }
    }
}
