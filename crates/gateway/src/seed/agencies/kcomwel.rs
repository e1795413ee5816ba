use rusqlite::{Connection, params};

use super::list;
use crate::seed::{people::World, refunds, work};

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut employment = to.prepare("insert into employments values (null, ?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut accident = to.prepare("insert into accident_insurance values (null, ?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| world.age(person) >= 19) {
        let jobs = work::jobs(world, index, person);
        for job in &jobs {
            let until = job.until.map(|day| day.to_string());
            let days = (job.until.unwrap_or(world.today) - job.since).num_days();
            employment.execute(params![
                person.number,
                job.employer,
                job.since.to_string(),
                until,
                days,
                job.reason
            ])?;
        }
        let Some(job) = jobs.last() else { continue };
        let hurt = world.draw("accident", index).percent(4);
        let benefits = if hurt { vec!["휴업급여", "요양급여"] } else { vec![] };
        accident.execute(params![person.number, job.employer, list(&benefits)])?;
    }
    refunds::fill(world, world.each(), ("employment-accident-premium", to))
}
