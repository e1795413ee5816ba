//! Gaon, Narae and Dasom: what a city knows of those who live in it.

use rusqlite::{Connection, params};

use super::list;
use crate::seed::{
    people::{Person, World},
    refunds, work,
};

pub(super) fn fill(world: &World, city: usize, to: &Connection) -> rusqlite::Result<()> {
    let here = || world.each().filter(move |(_, person)| world.home(person).city == city);
    let mut insert = to.prepare("insert into seals values (null, ?1, ?2)")?;
    for (index, person) in here().filter(|(_, person)| world.lives(person, 17) && !person.foreign) {
        insert.execute(params![person.number, world.draw("seal", index).percent(45)])?;
    }
    let mut insert = to.prepare("insert into levies values (null, ?1, ?2, ?3, ?4, ?5)")?;
    for (index, person) in here().filter(|(_, person)| world.lives(person, 19)) {
        levies(world, (index, person), &mut insert)?;
    }
    land(world, city, to)?;
    refunds::fill(world, here(), ("local-tax-refund", to))
}

fn levies(
    world: &World,
    (index, person): (usize, &Person),
    insert: &mut rusqlite::Statement,
) -> rusqlite::Result<()> {
    let home = world.home(person);
    let mut draw = world.draw("levies", index);
    for year in work::years(world) {
        insert.execute(params![person.number, year, "주민세", 11_000, 0])?;
        if home.owned && home.members[0] == index {
            let amount = draw.between(8, 300) * 10_000;
            insert.execute(params![person.number, year, "재산세(주택)", amount, 1])?;
        }
        if draw.percent(25) {
            let amount = draw.between(5, 60) * 10_000;
            insert.execute(params![person.number, year, "자동차세", amount, 1])?;
        }
    }
    Ok(())
}

fn land(world: &World, city: usize, to: &Connection) -> rusqlite::Result<()> {
    let mut parcel = to.prepare("insert into parcels values (?1, ?2, ?3, ?4)")?;
    let mut price = to.prepare("insert into land_prices values (?1, ?2, ?3)")?;
    for (place, home) in world.households.iter().enumerate().filter(|(_, home)| home.city == city) {
        let mut draw = world.draw("land use", place);
        let zone = *draw.one(&["제1종일반주거지역", "제2종일반주거지역", "준주거지역", "자연녹지지역"]);
        let green = zone == "자연녹지지역";
        let restrictions = if green { vec!["건폐율 20% 이하"] } else { vec![] };
        parcel.execute(params![home.parcel, zone, !green, list(&restrictions)])?;
        let mut amount = draw.between(300, 9_000) * 1_000;
        for year in work::years(world) {
            price.execute(params![home.parcel, year, amount])?;
            amount += amount * draw.between(0, 6) / 100;
        }
    }
    Ok(())
}
