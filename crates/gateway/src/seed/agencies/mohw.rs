use chrono::Days;
use rusqlite::{Connection, params};

use super::list;
use crate::seed::{
    canary,
    draw::Draw,
    known::{KNOWN, place},
    people::{Person, World},
};

const TYPES: [&str; 5] = ["지체장애", "청각장애", "시각장애", "신장장애", "자폐성장애"];

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into citizens values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for (index, person) in world.each().filter(|(_, person)| person.died.is_none() && !person.foreign) {
        let mut draw = world.draw("welfare", index);
        let forced = index == place("in-need");
        // Whom tests ask for has what the role says, and nothing by chance.
        let other = index >= KNOWN.len();
        let disability = (forced || draw.percent(5) && other).then(|| disability(world, index, &mut draw));
        let receives = forced || draw.percent(4) && other;
        let since = draw.day(world.days_ago(3_000).max(person.born), world.days_ago(1));
        let kinds = receives.then(|| list(&["생계급여", "의료급여", "주거급여"][..draw.count(1, 3)]));
        let near = (!receives && draw.percent(2) && other).then_some("차상위 본인부담 경감");
        insert.execute(params![
            person.number,
            disability.as_ref().map(|found| found.0),
            disability.as_ref().map(|found| &found.1),
            kinds,
            receives.then(|| since.to_string()),
            near,
            near.map(|_| (world.today + Days::new(draw.between(30, 360))).to_string()),
            receives && world.lives(person, 19) && draw.percent(20),
            receives || disability.is_some() || world.lives(person, 65)
        ])?;
    }
    allowances(world, to)
}

fn disability(world: &World, index: usize, draw: &mut Draw) -> (&'static str, String) {
    let degree = if draw.percent(40) { "심한 장애" } else { "심하지 않은 장애" };
    let canary = canary::after(world.seed, "disability", index);
    (degree, format!("{}{canary}", draw.one(&TYPES)))
}

/// For each small child at home, to the mother, or to the father.
fn allowances(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into child_allowances values (null, ?1, ?2, ?3, ?4)")?;
    let small = |person: &Person| world.age(person) < 12 && world.days_ago(60) > person.born;
    for (_, child) in world.each().filter(|(_, person)| small(person)) {
        let Some(parent) = child.parents[1].or(child.parents[0]) else { continue };
        let months = (world.today - child.born).num_days() / 30;
        let receiving = world.age(child) < 8;
        let parent = &world.people[parent];
        insert.execute(params![parent.number, child.name, receiving, months.min(96)])?;
    }
    Ok(())
}
