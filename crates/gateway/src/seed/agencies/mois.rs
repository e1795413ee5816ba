use rusqlite::{Connection, params};

use crate::seed::{
    draw::Draw,
    known::place,
    lists,
    people::{CITIES, Person, World},
};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    residents(world, to)?;
    former_addresses(world, to)?;
    contacts(world, to)?;
    local_taxpayers(world, to)
}

fn residents(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into residents values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    let mut write = |person: &Person| {
        let home = world.home(person);
        insert.execute(params![
            person.number,
            person.name,
            person.born.to_string(),
            person.household,
            person.relation,
            home.address,
            home.moved_in.max(person.born).to_string(),
            (person.male && world.age(person) >= 19).then_some(if world.age(person) < 24 {
                "미필"
            } else {
                "군필"
            }),
            person.died.map(|day| day.to_string()),
        ])
    };
    // By household, so that its members stand in their order.
    for home in &world.households {
        for person in home.members.iter().map(|member| &world.people[*member]).filter(|one| !one.foreign) {
            write(person)?;
        }
    }
    for (_, person) in world.each().filter(|(_, person)| person.died.is_some()) {
        write(person)?;
    }
    Ok(())
}

fn former_addresses(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into former_addresses values (?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| !person.foreign) {
        let home = world.home(person);
        let mut draw = world.draw("former addresses", index);
        let moved = index == place("moved-yesterday");
        let (mut from, count) = (person.born, draw.count(0, 3).max(usize::from(moved)));
        let left = home.moved_in.pred_opt().unwrap_or(home.moved_in);
        for number in 0..count {
            if from >= left {
                break;
            }
            let city = if moved && number + 1 == count { 0 } else { draw.count(0, CITIES.len() - 1) };
            insert.execute(params![person.number, from.to_string(), address(&mut draw, city)])?;
            from = draw.day(from.succ_opt().unwrap_or(from), left);
        }
        insert.execute(params![person.number, home.moved_in.max(person.born).to_string(), home.address])?;
    }
    Ok(())
}

fn address(draw: &mut Draw, city: usize) -> String {
    format!("{} {} {}", CITIES[city].1, draw.one(&lists::STREETS), draw.count(1, 180))
}

/// Nobody can be reached at any of them: no such numbers are given out, and `.example` is no domain.
fn contacts(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into contacts values (null, ?1, ?2, ?3, ?4)")?;
    for (index, person) in world.each().filter(|(_, person)| world.lives(person, 14)) {
        let mut draw = world.draw("contacts", index);
        let (mobile, email) = match index {
            _ if index == place("no-contact") => (false, false),
            _ if index == place("mail-only") => (false, true),
            _ if index < crate::seed::known::KNOWN.len() => (true, true),
            _ => (draw.percent(92), draw.percent(55)),
        };
        insert.execute(params![
            person.number,
            person.name,
            mobile.then(|| format!("010-0000-{:04}", index % 10_000)),
            email.then(|| format!("person{index}@mail.example")),
        ])?;
    }
    Ok(())
}

fn local_taxpayers(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into local_taxpayers values (null, ?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 19) {
        let arrears = super::arrears(&mut world.draw("local arrears", index), index);
        insert.execute(params![person.number, person.name, arrears])?;
    }
    Ok(())
}
