use chrono::Datelike as _;
use rusqlite::{Connection, params};

use crate::seed::{people::World, refunds, work};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    taxpayers(world, to)?;
    incomes(world, to)?;
    businesses(world, to)?;
    refunds::fill(world, world.each(), ("national-tax-refund", to))
}

fn taxpayers(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into taxpayers values (null, ?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 19) {
        let arrears = super::arrears(&mut world.draw("national arrears", index), index);
        insert.execute(params![person.number, person.name, arrears])?;
    }
    Ok(())
}

fn incomes(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into incomes values (null, ?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 20) {
        let jobs = work::jobs(world, index, person);
        for year in work::years(world) {
            if let Some(income) = work::income(&jobs, year) {
                insert.execute(params![person.number, year, income])?;
            }
        }
    }
    Ok(())
}

fn businesses(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into businesses values (null, ?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut base = to.prepare("insert into vat_bases values (null, ?1, ?2, ?3, ?4, ?5)")?;
    for (index, person) in world.each() {
        let Some(business) = work::business(world, index, person) else { continue };
        insert.execute(params![
            business.number,
            person.number,
            business.name,
            business.trade,
            business.opened.to_string(),
            business.closed.map(|day| day.to_string())
        ])?;
        let open =
            |year| business.opened.year() < year && business.closed.is_none_or(|day| day.year() > year);
        let mut draw = world.draw("vat", index);
        for year in work::years(world).into_iter().filter(|year| open(*year)) {
            let amount = draw.between(10, 2_000) * 100_000;
            let period = format!("{year}-01-01 ~ {year}-12-31");
            base.execute(params![business.number, person.number, year, period, amount])?;
        }
    }
    Ok(())
}
