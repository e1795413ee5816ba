//! What people work, earn and are owed: asked for by several agencies, and so drawn in one place.

use chrono::{Datelike as _, Days, NaiveDate};

use super::{
    canary,
    draw::Draw,
    known::place,
    lists,
    people::{Person, World},
};

/// A job that somebody has or had.
#[derive(Clone, Debug)]
pub struct Job {
    /// The firm, with a canary in some.
    pub employer: String,
    /// The first day.
    pub since: NaiveDate,
    /// The last day; none while it goes on.
    pub until: Option<NaiveDate>,
    /// Why it ended.
    pub reason: Option<&'static str>,
    /// What it pays a year, in won.
    pub pay: u64,
}

const REASONS: [&str; 4] = ["개인 사정으로 퇴사", "계약 기간 만료", "경영상 해고", "정년"];

/// Somebody's jobs, in order; none after death.
pub fn jobs(world: &World, index: usize, person: &Person) -> Vec<Job> {
    let mut draw = world.draw("jobs", index);
    let end = person.died.unwrap_or(world.today);
    let forced = [place("mother"), place("left-work")].contains(&index);
    let start = person.year_of_age(20);
    let mut since = draw.day(start, start + Days::new(3_000));
    if (!forced && draw.percent(25)) || index == place("representative") {
        return Vec::new();
    }
    let retired = person.year_of_age(62).min(end);
    let (mut jobs, mut pay) = (Vec::new(), draw.between(24_000_000, 48_000_000));
    while since < retired && jobs.len() < 5 {
        let last = since + Days::new(draw.between(200, 5_000));
        let goes_on = last >= retired || jobs.len() == 4;
        let until = if goes_on { (retired < world.today).then_some(retired) } else { Some(last) };
        let reason =
            until.map(|until| if until == person.year_of_age(62) { "정년" } else { *draw.one(&REASONS) });
        jobs.push(Job { employer: employer(world, &mut draw, index), since, until, reason, pay });
        if goes_on {
            break;
        }
        since = last + Days::new(draw.between(10, 700));
        pay += pay * draw.between(0, 30) / 100;
    }
    known(world, (index, person), jobs)
}

/// Those whom tests ask for have a job, or have just left one.
fn known(world: &World, (index, person): (usize, &Person), mut jobs: Vec<Job>) -> Vec<Job> {
    if ![place("mother"), place("left-work")].contains(&index) {
        return jobs;
    }
    let left = index == place("left-work");
    let since = person.year_of_age(26);
    jobs.retain(|job| job.until.is_some_and(|until| until < since));
    jobs.push(Job {
        employer: employer(world, &mut world.draw("known employer", index), index),
        since,
        until: left.then(|| world.days_ago(20)),
        reason: left.then_some("계약 기간 만료"),
        pay: 42_000_000,
    });
    jobs
}

fn employer(world: &World, draw: &mut Draw, index: usize) -> String {
    let canary = canary::after(world.seed, "employer", index);
    format!("{}{}{canary}", draw.one(&lists::FIRMS), draw.one(&lists::TRADES))
}

/// What somebody earned in a year, in won; none without work in it.
pub fn income(jobs: &[Job], year: i32) -> Option<u64> {
    let days = |job: &Job| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?.max(job.since);
        let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
        let last = job.until.map_or(last, |until| until.min(last));
        u64::try_from((last - first).num_days() + 1).ok()
    };
    let earned: u64 = jobs.iter().filter_map(|job| Some(job.pay * days(job)? / 366)).sum();
    (earned > 0).then_some(earned / 10 * 10)
}

/// For how many months somebody worked, and what they paid for their pension, in won.
pub fn contributions(world: &World, jobs: &[Job]) -> Option<(NaiveDate, NaiveDate, u64, u64)> {
    let (first, last) = (jobs.first()?, jobs.last()?);
    let months = |job: &Job| {
        let until = job.until.unwrap_or(world.today);
        u64::try_from((until - job.since).num_days() / 30).unwrap_or(0)
    };
    let paid = jobs.iter().map(|job| months(job) * (job.pay / 12 * 45 / 1000)).sum();
    let until = last.until.unwrap_or(world.today);
    Some((first.since, until, jobs.iter().map(months).sum(), paid))
}

/// A business of somebody's own.
#[derive(Clone, Debug)]
pub struct Business {
    /// Ten digits; no tax office has the code 000.
    pub number: String,
    /// The company's number, 13 digits; no registry office has the code 0000.
    pub corporation: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub trade: &'static str,
    /// Since when.
    pub opened: NaiveDate,
    /// Until when.
    pub closed: Option<NaiveDate>,
}

/// Somebody's business, if there is one.
pub fn business(world: &World, index: usize, person: &Person) -> Option<Business> {
    let forced = [place("representative"), place("many-records")].contains(&index);
    let mut draw = world.draw("business", index);
    if !forced && (!draw.percent(8) || !world.lives(person, 25) || person.foreign) {
        return None;
    }
    let opened = draw.day(person.year_of_age(23), world.days_ago(60));
    let corporate = index == place("representative") || (!forced && draw.percent(20));
    let closed = (!forced && draw.percent(15)).then(|| draw.day(opened, world.days_ago(5)));
    let trade = *draw.one(&lists::TRADES);
    let canary = canary::after(world.seed, "business", index);
    Some(Business {
        number: format!("000{index:07}"),
        corporation: corporate.then(|| format!("0000{index:09}")),
        name: format!("{}{trade}{canary}", draw.one(&lists::FIRMS)),
        trade,
        opened,
        closed,
    })
}

/// The last years for which there are figures, the latest last.
pub fn years(world: &World) -> [i32; 3] {
    let year = world.today.year();
    [year - 3, year - 2, year - 1]
}
