//! The resident number: a unique identifier that the law lets nobody keep in clear.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::flaw::Fault;

/// Digits before the hyphen: the birth date.
pub const BIRTH_DIGITS: u32 = 6;
/// Digits after it.
pub const SERIAL_DIGITS: u32 = 7;

/// Something is not written as a resident number is.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("not a resident number")]
pub struct NotResidentNumber;

/// A resident number, `900101-1234567`: six digits of the birth date, a hyphen, seven digits. The check digit is not
/// looked at: numbers given since October 2020 have none.
///
/// `Debug` and `Display` show `900101-1******`, and it cannot be serialised. The bytes are wiped when it goes.
#[derive(Clone, Eq, PartialEq)]
pub struct ResidentNumber(Zeroizing<String>);

impl ResidentNumber {
    /// The number of the two halves, each parsed by [`parse_half`].
    ///
    /// # Errors
    /// [`NotResidentNumber`], where a half has another length.
    pub fn of_halves(birth: &str, serial: &str) -> Result<Self, NotResidentNumber> {
        Zeroizing::new(format!("{birth}-{serial}")).parse()
    }

    /// The number in clear, for the register that is asked, the seal and the keyed hash. Never log it, never use it as a
    /// key.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ResidentNumber {
    type Err = NotResidentNumber;

    fn from_str(text: &str) -> Result<Self, NotResidentNumber> {
        let bytes = text.as_bytes();
        let digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
        if bytes.len() == 14 && bytes[6] == b'-' && digits(&bytes[..6]) && digits(&bytes[7..]) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(NotResidentNumber)
        }
    }
}

impl fmt::Display for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}******", &self.0[..8])
    }
}

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One half of a resident number as a person typed it: `count` digits, blanks and hyphens around them dropped.
///
/// # Errors
/// [`Fault::Empty`] or [`Fault::Digits`].
pub fn parse_half(raw: &str, count: u32) -> Result<Zeroizing<String>, Fault> {
    // Pasted text may be long; nothing beyond this can be right.
    let mut half = Zeroizing::new(String::with_capacity(200));
    let typed = raw.trim().chars().take(50).nfkc().filter(|c| !c.is_whitespace() && *c != '-');
    half.extend(typed.take(50));
    match half.len() {
        0 => Err(Fault::Empty),
        n if n == count as usize && half.bytes().all(|byte| byte.is_ascii_digit()) => Ok(half),
        _ => Err(Fault::Digits { count }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_resident_number_is_never_shown_whole() {
        let number: ResidentNumber = "900101-1234567".parse().unwrap();
        assert_eq!(format!("{number} {number:?}"), "900101-1****** 900101-1******");
        for bad in
            ["", "9001011234567", "900101-123456", "900101-12345678", "90010a-1234567", "９00101-1234567"]
        {
            assert!(bad.parse::<ResidentNumber>().is_err(), "{bad}");
        }
    }

    #[test]
    fn halves_are_taken_as_people_type_them() {
        for raw in ["900101", " 900101 ", "900101-", "90 01 01", "９００１０１"] {
            assert_eq!(parse_half(raw, 6).unwrap().as_str(), "900101", "{raw}");
        }
        assert_eq!(parse_half(" - ", 6), Err(Fault::Empty));
        for raw in ["90010", "9001011", "9001o1", "900101-1234567", "１２"] {
            assert_eq!(parse_half(raw, 6), Err(Fault::Digits { count: 6 }), "{raw}");
        }
        let whole = ResidentNumber::of_halves("900101", "1234567").unwrap();
        assert_eq!(whole.expose(), "900101-1234567");
        assert!(ResidentNumber::of_halves("90010", "11234567").is_err());
    }

    proptest! {
        #[test]
        fn two_halves_that_parse_are_a_number(birth in ".{0,20}", serial in ".{0,20}") {
            if let (Ok(birth), Ok(serial)) = (parse_half(&birth, BIRTH_DIGITS), parse_half(&serial, SERIAL_DIGITS)) {
                prop_assert!(ResidentNumber::of_halves(&birth, &serial).is_ok());
            }
        }

        #[test]
        fn the_last_six_digits_are_shown_nowhere(number in "[0-9]{6}-[0-9]{7}") {
            let parsed: ResidentNumber = number.parse().unwrap();
            prop_assert_eq!(format!("{parsed:?}"), format!("{}******", &number[..8]));
        }
    }
}
