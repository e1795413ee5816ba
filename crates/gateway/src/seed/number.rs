//! Resident numbers that no living person has.
//!
//! The seventh digit tells sex and century of birth. Those of the sandbox say 9 or 0, born in the 1800s, and for
//! foreigners, whose digits know no such century, 5 or 6 with a year from 00 to 06, born from 1900 to 1906. Nobody born
//! before 1907 is alive. Birth dates in the registers are later ones with the same six digits, so that ages look as they
//! should; the digit alone shows that the number is made up.

use chrono::{Datelike as _, NaiveDate};

/// How many numbers there are for one birth date and sex, and so how many people there can be.
pub const MOST: usize = 1_000_000;

/// The number of the person with this index, born on a day other than 29 February: 1800 and 1900 did not have it.
/// Foreigners are born from 2000 to 2006. No two indexes below [`MOST`] share their last six digits.
pub fn number(born: NaiveDate, (male, foreign): (bool, bool), index: usize) -> String {
    let century = match (male, foreign) {
        (true, false) => 9,
        (false, false) => 0,
        (true, true) => 5,
        (false, true) => 6,
    };
    // The factor has no divisor in common with 1,000,000: every index gets other digits.
    let last = (index * 368_787 + 104_729) % MOST;
    format!("{:02}{:02}{:02}-{century}{last:06}", born.year() % 100, born.month(), born.day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The birth date as a number says it, by the digits in force.
    fn said(number: &str) -> Option<NaiveDate> {
        let digits = |range: std::ops::Range<usize>| number[range].parse::<u32>().ok();
        let century = match &number[7..8] {
            "9" | "0" => 1800,
            "1" | "2" | "5" | "6" => 1900,
            _ => 2000,
        };
        let year = century + i32::try_from(digits(0..2)?).ok()?;
        NaiveDate::from_ymd_opt(year, digits(2..4)?, digits(4..6)?)
    }

    proptest! {
        #[test]
        fn no_number_can_be_a_living_persons(
            day in (1927_i32..2027, 1_u32..=12, 1_u32..=28), male: bool, foreign: bool, index in 0..MOST
        ) {
            let year = if foreign { 2000 + day.0 % 7 } else { day.0 };
            let born = NaiveDate::from_ymd_opt(year, day.1, day.2).unwrap();
            let number = number(born, (male, foreign), index);
            let said = said(&number).expect("a real day");
            prop_assert!(said.year() < 1907, "{}", number);
            prop_assert_eq!(&number[..6], &born.format("%y%m%d").to_string());
            prop_assert!(number.parse::<exchange::target::ResidentNumber>().is_ok());
        }

        #[test]
        fn no_two_people_share_a_number(one in 0..MOST, other in 0..MOST) {
            let born = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
            let number = |index| number(born, (true, false), index);
            prop_assert_eq!(one == other, number(one) == number(other));
        }
    }
}
