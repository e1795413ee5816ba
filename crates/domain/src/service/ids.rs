use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest id, in characters.
const MAX_LENGTH: usize = 60;

/// Why a string is not an id.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum IdError {
    /// Not of the form `move-in-report`.
    #[error("an id has lower-case letters, digits and single hyphens, and starts with a letter")]
    Kebab,
    /// Not of the form `moved_on`.
    #[error("a name has lower-case letters, digits and single underscores, and starts with a letter")]
    Snake,
    /// Too long.
    #[error("an id has at most 60 characters")]
    Length,
}

fn check(text: &str, joint: char, malformed: IdError) -> Result<(), IdError> {
    if text.len() > MAX_LENGTH {
        return Err(IdError::Length);
    }
    let parts_are_good = text.split(joint).all(|part| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if parts_are_good && text.starts_with(|c: char| c.is_ascii_lowercase()) { Ok(()) } else { Err(malformed) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $joint:literal, $malformed:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                check(text, $joint, IdError::$malformed)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text, $joint, IdError::$malformed)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// A service, such as `move-in-report`: its file's name and its place in addresses.
    ServiceId, '-', Kebab
);
id!(
    /// A kind of record, such as `building-ledger`.
    RecordKindId, '-', Kebab
);
id!(
    /// An agency, such as `nts`.
    AgencyId, '-', Kebab
);
id!(
    /// A type of agency, such as `city`.
    AgencyTypeId, '-', Kebab
);
id!(
    /// A department, unique in its agency.
    DepartmentId, '-', Kebab
);
id!(
    /// A topic, such as `tax`.
    CategoryId, '-', Kebab
);
id!(
    /// A turn of life, such as `moving`.
    LifeEventId, '-', Kebab
);
id!(
    /// A check, unique in its service.
    CheckId, '-', Kebab
);
id!(
    /// A source of un-refunded money.
    RefundSourceId, '-', Kebab
);
id!(
    /// A field of a form, unique in its service; `answer.<this>` in an expression.
    FieldId, '_', Snake
);
id!(
    /// An item of a record, unique in its kind; `record.<need>.<this>` in an expression.
    ItemId, '_', Snake
);

id!(
    /// A record that a service needs, unique in the service; `record.<this>.<item>` in an expression. A service may
    /// need one kind twice, such as the incomes of two people.
    NeedId, '_', Snake
);

impl From<&RecordKindId> for NeedId {
    /// The usual name of a need: its kind, without hyphens, where one would be a minus.
    fn from(kind: &RecordKindId) -> Self {
        Self(kind.0.replace('-', "_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_lower_case_slug() {
        for good in ["nts", "move-in-report", "a1-2"] {
            assert_eq!(good.parse::<ServiceId>().unwrap().as_str(), good);
        }
        for bad in ["", "-", "a-", "-a", "a--b", "A", "a_b", "1a", "가온", "a b", "a/../b"] {
            assert_eq!(bad.parse::<ServiceId>(), Err(IdError::Kebab), "{bad}");
        }
        assert_eq!("a".repeat(61).parse::<ServiceId>(), Err(IdError::Length));
        assert_eq!("a-b".parse::<FieldId>(), Err(IdError::Snake));
        assert!("a_b".parse::<ItemId>().is_ok());
    }

    #[test]
    fn a_need_is_named_like_its_kind_without_hyphens() {
        let kind = "building-ledger".parse().unwrap();
        assert_eq!(NeedId::from(&kind).as_str(), "building_ledger");
    }
}
