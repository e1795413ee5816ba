//! What a request is about: a person or a thing.

use std::fmt;

use domain::resident_number::NotResidentNumber;
pub use domain::resident_number::ResidentNumber;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

/// Why something is not a target.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct TargetError(&'static str);

impl From<NotResidentNumber> for TargetError {
    fn from(_: NotResidentNumber) -> Self {
        Self("not a resident number")
    }
}

/// A person or a thing of a register. It travels sealed and is never logged; logs have the
/// [reference](crate::subject::SubjectRef) instead.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// A person, by number; the name tells a mistyped number apart.
    Person {
        /// The resident number.
        number: ResidentNumber,
        /// The name, as the register has it.
        name: PersonName,
    },
    /// A thing, by the number that its register gives it.
    Thing(Thing),
}

/// A person's name: 1 to 100 characters, no control characters, no blank at its ends. `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
pub struct PersonName(Zeroizing<String>);

impl PersonName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for PersonName {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let length = text.chars().count();
        if (1..=100).contains(&length) && text.trim() == text && !text.chars().any(char::is_control) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(TargetError("not a name"))
        }
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<name>")
    }
}

/// Which number names a thing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThingKind {
    /// A vehicle, by its plate: 4 to 12 characters without blanks.
    Plate,
    /// A parcel of land or the building on it, by its number of 19 digits.
    Parcel,
    /// A business, by its registration number of 10 digits.
    BusinessNumber,
    /// A corporation, by its registration number of 13 digits.
    CorporationNumber,
    /// A document or case of the holder, by its number: 1 to 60 letters, digits and hyphens.
    DocumentNumber,
}

impl ThingKind {
    /// The name on the wire.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Plate => "plate",
            Self::Parcel => "parcel",
            Self::BusinessNumber => "business_number",
            Self::CorporationNumber => "corporation_number",
            Self::DocumentNumber => "document_number",
        }
    }
}

/// A thing of a register; in JSON `{"kind":"plate","number":"12가3456"}`. `Debug` does not show the number.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawThing")]
pub struct Thing {
    kind: ThingKind,
    number: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawThing {
    kind: ThingKind,
    number: String,
}

impl Thing {
    /// The thing with this number.
    ///
    /// # Errors
    /// When the number does not have the form of its kind.
    pub fn new(kind: ThingKind, number: &str) -> Result<Self, TargetError> {
        let digits = |count| number.len() == count && number.bytes().all(|byte| byte.is_ascii_digit());
        let good = match kind {
            ThingKind::Plate => {
                (4..=12).contains(&number.chars().count()) && number.chars().all(char::is_alphanumeric)
            }
            ThingKind::Parcel => digits(19),
            ThingKind::BusinessNumber => digits(10),
            ThingKind::CorporationNumber => digits(13),
            ThingKind::DocumentNumber => {
                (1..=60).contains(&number.chars().count())
                    && number.chars().all(|c| c.is_alphanumeric() || c == '-')
            }
        };
        if good {
            Ok(Self { kind, number: number.to_owned() })
        } else {
            Err(TargetError("not the number of a thing"))
        }
    }

    /// Which number it is.
    pub const fn kind(&self) -> ThingKind {
        self.kind
    }

    /// The number, without hyphens where it consists of digits.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl TryFrom<RawThing> for Thing {
    type Error = TargetError;

    fn try_from(raw: RawThing) -> Result<Self, TargetError> {
        Self::new(raw.kind, &raw.number)
    }
}

impl fmt::Debug for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{:?}>", self.kind)
    }
}

/// A target on the wire. [`Target`] itself cannot be serialised, so that it gets into no log by accident.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum WireTarget {
    Person { number: Zeroizing<String>, name: Zeroizing<String> },
    Thing(Thing),
}

impl From<&Target> for WireTarget {
    fn from(target: &Target) -> Self {
        match target {
            Target::Person { number, name } => {
                Self::Person { number: Zeroizing::new(number.expose().to_owned()), name: name.0.clone() }
            }
            Target::Thing(thing) => Self::Thing(thing.clone()),
        }
    }
}

impl TryFrom<WireTarget> for Target {
    type Error = TargetError;

    fn try_from(wire: WireTarget) -> Result<Self, TargetError> {
        Ok(match wire {
            WireTarget::Person { number, name } => {
                Self::Person { number: number.parse()?, name: name.parse()? }
            }
            WireTarget::Thing(thing) => Self::Thing(thing),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_has_the_number_of_its_kind() {
        assert!(Thing::new(ThingKind::Plate, "12가3456").is_ok());
        assert!(Thing::new(ThingKind::Plate, "12 가3456").is_err());
        assert!(Thing::new(ThingKind::Parcel, "1111010100100010000").is_ok());
        assert!(Thing::new(ThingKind::BusinessNumber, "123-45-67890").is_err());
        assert!(Thing::new(ThingKind::CorporationNumber, "1101110000000").is_ok());
    }

    #[test]
    fn names_of_one_and_of_seventeen_syllables_are_names() {
        for good in ["김", "박하늘별님구름햇님보다사랑스러우리", "Kim Min Ji"] {
            assert!(good.parse::<PersonName>().is_ok(), "{good}");
        }
        for bad in ["", " 김", "김\n"] {
            assert!(bad.parse::<PersonName>().is_err());
        }
    }
}
