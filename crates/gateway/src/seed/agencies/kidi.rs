use chrono::Days;
use rusqlite::{Connection, params};

use super::molit;
use crate::seed::{known::place, people::World};

/// A fleet is insured as a whole, elsewhere.
pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into insurances values (null, ?1, ?2, ?3, ?4)")?;
    for (owner, vehicle) in molit::each(world).filter(|(owner, _)| *owner != place("many-records")) {
        let mut draw = world.draw("vehicle's insurance", vehicle);
        let most = if draw.percent(96) { 360 } else { 800 };
        let from = draw.day(world.days_ago(most), world.days_ago(1));
        let until = from + Days::new(365);
        let plate = molit::plate(vehicle);
        insert.execute(params![world.people[owner].number, plate, from.to_string(), until.to_string()])?;
    }
    Ok(())
}
