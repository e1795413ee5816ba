//! Instants on the wire: whole seconds in UTC.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// An instant in whole seconds; in JSON `2026-11-22T09:00:00Z` and nothing else.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(DateTime<Utc>);

const FORM: &str = "%Y-%m-%dT%H:%M:%SZ";

impl Moment {
    /// The instant with this number of seconds since 1970, in the years 1970 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        const YEAR_10000: i64 = 253_402_300_800;
        DateTime::from_timestamp(seconds, 0).filter(|_| (0..YEAR_10000).contains(&seconds)).map(Self)
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// As the clock's type.
    pub fn instant(self) -> DateTime<Utc> {
        self.0
    }

    /// The moment so much later.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self(self.0.checked_add_signed(delta).unwrap_or(self.0))
    }
}

impl From<DateTime<Utc>> for Moment {
    /// Drops the fraction of a second.
    fn from(instant: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or_default())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format(FORM).fmt(f)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = chrono::NaiveDateTime::parse_from_str(&text, FORM).map_err(|_| "not an instant")?;
        let moment = Self::from_seconds(read.and_utc().timestamp()).ok_or("an instant out of range")?;
        // chrono also reads `2026-1-2…` and leap seconds.
        if moment.to_string() == text { Ok(moment) } else { Err("an instant in another form") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_one_form() {
        let good = "2026-11-22T09:00:00Z";
        assert_eq!(Moment::try_from(good.to_owned()).unwrap().to_string(), good);
        for bad in [
            "2026-11-22T09:00:00+00:00",
            "2026-11-22T09:00:00.0Z",
            "2026-11-22 09:00:00Z",
            "2026-1-22T09:00:00Z",
            "2026-11-22T09:00:60Z",
            "+12026-11-22T09:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-02-30T00:00:00Z",
            "",
        ] {
            assert!(Moment::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
