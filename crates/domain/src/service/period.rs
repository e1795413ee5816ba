use std::{fmt, num::NonZeroU16, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::Text;

/// A length of time as the law writes it; the clock counts each unit by its own rule.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Length {
    /// At once: three working hours.
    Immediate,
    /// Working hours.
    Hours(NonZeroU16),
    /// Days; the clock takes up to five of them as working hours.
    Days(NonZeroU16),
    /// Calendar weeks.
    Weeks(NonZeroU16),
    /// Calendar months.
    Months(NonZeroU16),
    /// Calendar years.
    Years(NonZeroU16),
}

/// Why a text is not a length of time.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum LengthError {
    /// Not of the form `3 days`.
    #[error("write `immediate`, or a number and a unit such as `3 days` (hours, days, weeks, months, years)")]
    Form,
    /// Zero, or longer than ten years.
    #[error("a period is at least 1 and at most 10 years")]
    Range,
}

impl Length {
    /// Roughly how many days it is, to compare lengths of different units; never for the clock.
    pub fn rough_days(self) -> u32 {
        match self {
            Self::Immediate => 0,
            Self::Hours(n) => u32::from(n.get()) / 8,
            Self::Days(n) => u32::from(n.get()),
            Self::Weeks(n) => u32::from(n.get()) * 7,
            Self::Months(n) => u32::from(n.get()) * 30,
            Self::Years(n) => u32::from(n.get()) * 365,
        }
    }
}

impl FromStr for Length {
    type Err = LengthError;

    fn from_str(text: &str) -> Result<Self, LengthError> {
        const LONGEST_IN_DAYS: u32 = 3650;
        if text == "immediate" {
            return Ok(Self::Immediate);
        }
        let (number, unit) = text.split_once(' ').ok_or(LengthError::Form)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(LengthError::Form);
        }
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "hour" => Self::Hours,
            "day" => Self::Days,
            "week" => Self::Weeks,
            "month" => Self::Months,
            "year" => Self::Years,
            _ => return Err(LengthError::Form),
        };
        let length = unit(number.parse().map_err(|_| LengthError::Range)?);
        if length.rough_days() > LONGEST_IN_DAYS { Err(LengthError::Range) } else { Ok(length) }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::Immediate => return f.write_str("immediate"),
            Self::Hours(n) => (n, "hour"),
            Self::Days(n) => (n, "day"),
            Self::Weeks(n) => (n, "week"),
            Self::Months(n) => (n, "month"),
            Self::Years(n) => (n, "year"),
        };
        write!(f, "{number} {unit}{}", if number.get() == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Length {
    type Error = LengthError;

    fn try_from(text: String) -> Result<Self, LengthError> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.to_string()
    }
}

/// How long an agency may take.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The rule itself.
    pub rule: PeriodRule,
    /// What a citizen should know beside it.
    pub note: Option<Text>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}

/// The forms a period takes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PeriodRule {
    /// One length for every petition, with the whole length it may grow to in named cases.
    Fixed {
        /// The period.
        length: Length,
        /// The longest it may become, such as "30 days, up to 60".
        up_to: Option<Length>,
    },
    /// Between two lengths, by a measure such as the scale of a building.
    Range {
        /// The shortest.
        from: Length,
        /// The longest.
        to: Length,
        /// What decides.
        by: Text,
    },
    /// Nothing that a clock can count without an officer: the note says what applies.
    Special,
}

impl Period {
    /// The length the clock counts at filing: the fixed one, or the longest of a range; none when it is special.
    pub fn counted(&self) -> Option<Length> {
        match self.rule {
            PeriodRule::Fixed { length, .. } => Some(length),
            PeriodRule::Range { to, .. } => Some(to),
            PeriodRule::Special => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_as_it_is_read() {
        for text in ["immediate", "4 hours", "1 day", "30 days", "2 weeks", "1 month", "6 months", "10 years"]
        {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_length_is_at_least_one_and_at_most_ten_years() {
        for text in ["0 days", "4000 days", "99999 days", "11 years"] {
            assert_eq!(text.parse::<Length>(), Err(LengthError::Range), "{text}");
        }
        for text in ["", "3", "days", "3  days", "-3 days", "+3 days", "three days", "3 fortnights"] {
            assert_eq!(text.parse::<Length>(), Err(LengthError::Form), "{text}");
        }
    }
}
