use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

/// All but the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why something is not an address.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("not identifiers of X-Road with slashes between them: letters, digits and '()+,-.=?")]
pub struct AddressError;

/// Identifiers of X-Road from the instance on: of a member or subsystem that asks, or of a service.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address(Vec<String>);

impl Address {
    /// How many identifiers it has.
    pub const fn parts(&self) -> usize {
        self.0.len()
    }
}

impl FromStr for Address {
    type Err = AddressError;

    /// The form without percent-encoding, with the characters of section 4.8.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "'()+,-.=?".contains(c);
        let good = |part: &str| {
            (1..=255).contains(&part.len()) && part.chars().all(allowed) && !part.trim_matches('.').is_empty()
        };
        let parts: Vec<_> = text.split('/').map(str::to_owned).collect();
        if parts.iter().all(|part| good(part)) { Ok(Self(parts)) } else { Err(AddressError) }
    }
}

impl fmt::Display for Address {
    /// As it travels: each identifier percent-encoded on its own (section 4.2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, self.0.iter().map(String::as_str))
    }
}

/// A path below a service, without a slash at its start: its parts are percent-encoded, one by one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Path(Vec<String>);

impl FromStr for Path {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let good = |part: &str| !part.chars().any(char::is_control) && part != "." && part != "..";
        let parts: Vec<_> = text.split('/').map(str::to_owned).collect();
        if !text.starts_with('/') && text.len() <= 500 && parts.iter().all(|part| good(part)) {
            Ok(Self(parts))
        } else {
            Err(AddressError)
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, self.0.iter().map(String::as_str))
    }
}

fn write_parts<'a>(f: &mut fmt::Formatter<'_>, parts: impl Iterator<Item = &'a str>) -> fmt::Result {
    for (number, part) in parts.enumerate() {
        let slash = if number == 0 { "" } else { "/" };
        write!(f, "{slash}{}", utf8_percent_encode(part, ENCODED))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_identifier_is_encoded_on_its_own() {
        let address: Address = "KR/GOV/12(3)/land?/Query=1".parse().unwrap();
        assert_eq!(address.to_string(), "KR/GOV/12%283%29/land%3F/Query%3D1");
        assert_eq!(address.parts(), 5);
        for bad in
            ["", "KR//1", "KR/GOV/..", "KR/GOV/1 2", "KR/GOV/가", "KR/GOV/1%2F2", "/KR/GOV", "KR/GOV/1;2"]
        {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
        assert_eq!("v1/find it".parse::<Path>().unwrap().to_string(), "v1/find%20it");
        assert!("v1/../admin".parse::<Path>().is_err() && "/v1".parse::<Path>().is_err());
    }
}
