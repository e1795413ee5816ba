use rusqlite::{Connection, params};

use crate::seed::{known::place, people::World, refunds, work};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut contribution = to.prepare("insert into contributions values (null, ?1, ?2, ?3, ?4)")?;
    let mut pension = to.prepare("insert into pensions values (null, ?1, ?2, ?3, ?4)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 18) {
        let jobs = work::jobs(world, index, person);
        let paid = work::contributions(world, &jobs);
        let months = paid.map_or(0, |(.., months, _)| months);
        if let Some((from, until, months, amount)) = paid {
            let period = format!("{} ~ {}", from.format("%Y-%m"), until.format("%Y-%m"));
            contribution.execute(params![person.number, period, months, amount])?;
        }
        let old = world.lives(person, 63) && months >= 120 || index == place("pensioner");
        let amount = old.then(|| 300_000 + months * 2_000);
        pension.execute(params![person.number, old, old.then_some("노령연금"), amount])?;
    }
    refunds::fill(world, world.each(), ("pension-contribution", to))
}
