use serde::{Deserialize, Serialize};

use super::ValueError;

/// A decimal number as digits, in JSON a string such as `"-12.50"`: at most 20 digits before and 10 after the point,
/// no leading zero, no exponent, never minus zero. Zeros at the end are kept: they tell how exact it is.
#[derive(Clone, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(String);

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

impl Decimal {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Decimal {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let (whole, fraction) =
            digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        let all_digits = |part: &str, max| {
            (1..=max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let good = all_digits(whole, 20)
            && fraction.is_none_or(|fraction| all_digits(fraction, 10))
            && (whole == "0" || !whole.starts_with('0'))
            && (!text.starts_with('-') || digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')));
        if good { Ok(Self(text)) } else { Err(ValueError("not a decimal number")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_one_form() {
        for good in ["0", "0.0", "-0.5", "12.50", "-3", "12345678901234567890.0123456789"] {
            assert!(Decimal::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-",
            ".5",
            "5.",
            "00",
            "01.5",
            "-0",
            "-0.0",
            "1e3",
            "+1",
            "1,5",
            "1.2.3",
            "٣",
            "12345678901234567890123",
        ] {
            assert!(Decimal::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
