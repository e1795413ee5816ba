use rusqlite::{Connection, params};

use crate::seed::{
    known::{KNOWN, place},
    people::World,
};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into licences values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (index, person) in world.each().filter(|(_, person)| world.lives(person, 19)) {
        let mut draw = world.draw("licence", index);
        if !draw.percent(72) && index != place("mother") {
            continue;
        }
        let class = if draw.percent(12) {
            "1종 대형"
        } else {
            *draw.one(&["1종 보통", "2종 보통", "2종 보통"])
        };
        // No office has the code 99.
        let number = format!("99-{:02}-{index:06}-10", draw.between(10, 25));
        let expires = draw.day(world.days_ago(120), world.today + chrono::Days::new(3_400));
        let other = index >= KNOWN.len();
        let suspended = draw.percent(2) && other;
        let points = if draw.percent(15) && other { draw.between(1, 12) * 5 } else { 0 };
        let valid = !suspended && expires >= world.today;
        insert.execute(params![
            person.number,
            class,
            number,
            expires.to_string(),
            valid,
            points,
            suspended
        ])?;
    }
    Ok(())
}
