use chrono::NaiveDate;
use rusqlite::{Connection, params};

use crate::seed::{
    canary, lists,
    people::{Person, World},
};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into schooling values (null, ?1, ?2, ?3, ?4, ?5)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 16 && !person.foreign) {
        let mut draw = world.draw("school", index);
        let canary = canary::after(world.seed, "school", index);
        let stages = [(&lists::SCHOOLS[3..], 19), (&lists::SCHOOLS[..3], 23)];
        let count = if draw.percent(65) { 2 } else { 1 };
        for (schools, age) in &stages[..count] {
            let end = end(person, *age);
            let begun = end - chrono::Days::new(1_000) < world.today;
            if !begun || person.died.is_some_and(|died| died < end) {
                break;
            }
            let done = end <= world.today;
            let school = format!("{}{canary}", draw.one(schools));
            let on = done.then(|| end.to_string());
            insert.execute(params![person.number, school, !done, done, on])?;
        }
    }
    Ok(())
}

/// Schools end in February.
fn end(person: &Person, age: i32) -> NaiveDate {
    person.year_of_age(age) + chrono::Days::new(45)
}
