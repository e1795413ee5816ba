use rusqlite::{Connection, params};

use super::{land, list};
use crate::seed::{people::World, work::business};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    persons(world, to)?;
    relations(world, to)?;
    land_registry(world, to)?;
    companies(world, to)
}

fn persons(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into persons values (null, ?1, ?2, ?3, ?4, ?5)")?;
    for (_, person) in world.each().filter(|(_, person)| !person.foreign) {
        let custody = person.guardian.map(|guardian| format!("후견인 {}", world.people[guardian].name));
        insert.execute(params![
            person.number,
            person.name,
            person.born.to_string(),
            person.died.map(|day| day.to_string()),
            custody
        ])?;
    }
    Ok(())
}

fn relations(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut parents = to.prepare("insert into parents values (?1, ?2, ?3)")?;
    let mut marriages = to.prepare("insert into marriages values (?1, ?2, ?3, ?4)")?;
    for (_, person) in world.each() {
        for (place, parent) in person.parents.iter().enumerate() {
            if let Some(parent) = parent {
                parents.execute(params![person.number, world.people[*parent].number, place])?;
            }
        }
        if let Some((partner, since)) = person.spouse {
            let partner = &world.people[partner];
            let ended = person.died.or(partner.died).map(|day| day.to_string());
            marriages.execute(params![person.number, partner.number, since.to_string(), ended])?;
        }
    }
    Ok(())
}

fn land_registry(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into land_registry values (?1, ?2, ?3)")?;
    for (place, home) in world.households.iter().enumerate() {
        let mortgages = land::mortgages(world, place);
        insert.execute(params![home.parcel, land::owner(world, place).0, list(&mortgages)])?;
    }
    Ok(())
}

fn companies(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into companies values (?1, ?2, ?3, ?4)")?;
    for (index, person) in world.each() {
        let Some(business) = business(world, index, person) else { continue };
        let Some(number) = business.corporation else { continue };
        let capital = world.draw("capital", index).between(1, 500) * 1_000_000;
        let officers = list(&[format!("대표이사 {}", person.name)]);
        insert.execute(params![number, business.name, officers, capital])?;
    }
    Ok(())
}
