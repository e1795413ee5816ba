use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, params};

use crate::seed::{people::World, refunds, work};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insured = to.prepare("insert into insured values (null, ?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut premium = to.prepare("insert into premiums values (null, ?1, ?2, ?3, ?4)")?;
    let mut check = to.prepare("insert into health_checks values (null, ?1, ?2, ?3, ?4)")?;
    for (index, person) in world.each() {
        let jobs = work::jobs(world, index, person);
        let employed = jobs.last().filter(|job| job.until.is_none());
        let child = world.age(person) < 20;
        let dependant = employed.is_none() && (child || person.spouse.is_some());
        let kind = if employed.is_some() || dependant { "직장가입자" } else { "지역가입자" };
        let since = employed.map(|job| job.since).or(jobs.last().and_then(|job| job.until));
        let since = since.unwrap_or(if child { person.born } else { person.year_of_age(20) });
        let alive = person.died.is_none();
        insured.execute(params![
            person.number,
            person.name,
            alive,
            kind,
            dependant,
            since.min(world.today).to_string()
        ])?;
        let mut draw = world.draw("insurance", index);
        for year in work::years(world) {
            let over = NaiveDate::from_ymd_opt(year, 12, 31)
                .is_some_and(|end| person.died.is_some_and(|day| day < end));
            if dependant || child || over || since.year() > year && employed.is_some() {
                continue;
            }
            let pay = work::income(&jobs, year).unwrap_or(6_000_000);
            let period = format!("{year}-01 ~ {year}-12");
            premium.execute(params![person.number, year, period, pay * 35 / 10_000 * 10])?;
        }
        if alive && !child && draw.percent(60) {
            let day = draw.day(world.days_ago(900), world.days_ago(3));
            check.execute(params![person.number, day.to_string(), draw.percent(97), draw.percent(98)])?;
        }
    }
    refunds::fill(world, world.each(), ("health-insurance-premium", to))
}
