use chrono::Days;
use rusqlite::{Connection, params};

use crate::seed::{known::place, people::World};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into soldiers values (null, ?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (index, person) in world.each() {
        if !person.male || person.foreign || world.age(person) < 18 {
            continue;
        }
        let mut draw = world.draw("soldier", index);
        let enlisted = draw.day(person.year_of_age(20), person.year_of_age(24));
        let discharged = enlisted + Days::new(548);
        let spared = draw.percent(8);
        let (kind, from, to, open) = match () {
            () if index == place("conscript") => ("현역 입영 대상", None, None, true),
            () if spared => ("전시근로역", None, None, false),
            () if enlisted > world.today => ("현역 입영 대상", None, None, true),
            () if discharged > world.today => ("현역 복무 중", Some(enlisted), None, true),
            () => ("예비역", Some(enlisted), Some(discharged), false),
        };
        let (from, to) = (from.map(|day| day.to_string()), to.map(|day| day.to_string()));
        insert.execute(params![person.number, person.name, kind, from, to, open])?;
    }
    Ok(())
}
