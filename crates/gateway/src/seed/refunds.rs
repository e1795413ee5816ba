//! What people are owed and have not claimed.

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, params};

use super::{
    known::place,
    people::{Person, World},
};

/// Money that somebody is owed.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Where it comes from, as the catalogue names it.
    pub source: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Whole won, 10 to 30,000,000.
    pub amount: u64,
    /// Since when.
    pub since: NaiveDate,
    /// Until when it can be claimed.
    pub until: NaiveDate,
}

/// Each source with a reason and with the years after which the right ends.
const SOURCES: [(&str, &str, u64); 5] = [
    ("national-tax-refund", "국세 과오납", 5),
    ("local-tax-refund", "지방세 과오납", 5),
    ("health-insurance-premium", "건강보험료 과오납", 3),
    ("pension-contribution", "국민연금 과오납", 5),
    ("employment-accident-premium", "고용·산재보험료 과납", 3),
];

/// The table that every register with refunds has.
pub const TABLE: &str = "create table refunds (
    entry integer primary key, resident_number text not null, source text not null, reason text not null,
    amount integer not null, since text not null, claimable_until text not null, claimed integer not null);";

/// How many refunds somebody has whom tests ask for.
const MANY: usize = 60;

/// What somebody is owed: 30 of 100 people something, one of 1,000 more than 50 refunds.
pub fn refunds(world: &World, index: usize, person: &Person) -> Vec<Refund> {
    let mut draw = world.draw("refunds", index);
    let count = match draw.count(0, 999) {
        _ if index == place("many-refunds") => MANY,
        _ if index == place("deceased") => 4,
        _ if person.foreign || !world.lives(person, 19) && person.died.is_none() => 0,
        0 => draw.count(51, 120),
        // Of everybody 30 %: children are owed nothing.
        1..442 => draw.count(1, 3),
        _ => 0,
    };
    (0..count)
        .map(|_| {
            let (source, reason, years) = *draw.one(&SOURCES);
            // As many small ones as large ones, by their number of digits.
            let size = 10_u64.pow(u32::try_from(draw.count(1, 7)).unwrap_or(1));
            let amount = draw.between(size, (size * 10).min(30_000_000)) / 10 * 10;
            let since = draw.day(world.days_ago(years * 365 - 30), world.days_ago(1));
            Refund { source, reason, amount, since, until: since + Days::new(years * 365) }
        })
        .collect()
}

/// Fills the table with the refunds of one source.
///
/// # Errors
/// When it cannot be written.
pub fn fill<'a>(
    world: &World,
    people: impl Iterator<Item = (usize, &'a Person)>,
    (source, to): (&str, &Connection),
) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into refunds values (null, ?1, ?2, ?3, ?4, ?5, ?6, 0)")?;
    for (index, person) in people {
        for refund in refunds(world, index, person).iter().filter(|refund| refund.source == source) {
            insert.execute(params![
                person.number,
                refund.source,
                refund.reason,
                refund.amount,
                refund.since.to_string(),
                refund.until.to_string()
            ])?;
        }
    }
    Ok(())
}
