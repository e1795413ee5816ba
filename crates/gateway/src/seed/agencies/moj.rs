use chrono::Days;
use rusqlite::{Connection, params};

use crate::seed::{known::place, people::World};

const STATUSES: [&str; 5] = ["D-2 유학", "D-4 일반연수", "E-9 비전문취업", "F-4 재외동포", "F-2 거주"];

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut foreigner = to.prepare("insert into foreigners values (null, ?1, ?2, ?3, ?4, ?5)")?;
    let mut traveller = to.prepare("insert into travellers values (null, ?1, ?2)")?;
    let mut movement = to.prepare("insert into movements values (?1, ?2, ?3)")?;
    for (index, person) in world.each() {
        let mut draw = world.draw("border", index);
        traveller.execute(params![person.number, person.name])?;
        if person.foreign {
            let status = if index == place("foreigner") { STATUSES[0] } else { *draw.one(&STATUSES) };
            let until = world.today + Days::new(draw.between(30, 900));
            let address = &world.home(person).address;
            foreigner.execute(params![person.number, person.name, status, until.to_string(), address])?;
        }
        let last = person.died.unwrap_or(world.today).min(world.days_ago(1));
        let mut out = person.foreign || draw.percent(40);
        let mut day = draw.day(last - Days::new(3_000), last).max(person.born);
        // A foreigner has come in, and stays.
        if person.foreign {
            movement.execute(params![person.number, day.to_string(), "입국"])?;
            out = false;
        }
        for _ in 0..draw.count(1, 4) {
            let back = day + Days::new(draw.between(2, 40));
            if !out || day > last || back > last && person.died.is_some() {
                break;
            }
            movement.execute(params![person.number, day.to_string(), "출국"])?;
            if back > last {
                break;
            }
            movement.execute(params![person.number, back.to_string(), "입국"])?;
            day = back + Days::new(draw.between(10, 900));
        }
    }
    Ok(())
}
