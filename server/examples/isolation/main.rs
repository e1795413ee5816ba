//! What an agency that does everything wrong does to the pulls from another one: `bench/isolation.sh`. Prints a table, and
//! fails when a limit is passed.

#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]
#![expect(dead_code, reason = "the tests use more of what they share with this")]

#[path = "../../tests/it/browser.rs"]
mod browser;
#[path = "../pulls/measure.rs"]
mod measure;
#[path = "../../tests/it/portal.rs"]
mod portal;
#[path = "../../../crates/agencies/tests/it/running.rs"]
mod running;
#[path = "../pulls/setting.rs"]
mod setting;
#[path = "../../../crates/agencies/tests/it/stand_in.rs"]
mod stand_in;
#[path = "../../../crates/agencies/tests/it/world.rs"]
mod world;

use std::{process::ExitCode, time::Duration};

use measure::{at_rate, median, memory};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use server::{exchange::ask, state::Portal};
use setting::{Setting, citizen, pull};
use stand_in::{Mood, StandIn};
use world::{World, id};

/// As in the portal's program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs, of which the median counts.
const RUNS: usize = 5;
/// Pulls from the good agency, a second, and how many in a run.
const GOOD: (u32, u32) = (200, 1_000);
/// The same from the bad one.
const BAD: (u32, u32) = (50, 250);
/// What is to be slower by less than either: times, milliseconds.
const LIMITS: (f64, f64) = (1.2, 5.0);
/// How much memory may grow from the first run to the last, in megabytes.
const GROWTH: f64 = 16.0;

/// Ways of being bad, and whether the breaker has to open: what comes late is an answer.
const WAYS: [(&str, Mood, bool); 6] = [
    ("down", Mood::Honest, true),
    ("hangs", Mood::Hangs, true),
    ("slow", Mood::Slow(Duration::from_secs(2)), false),
    ("garbage", Mood::Garbage, true),
    ("mistaken", Mood::RepliesToAnother, true),
    ("floods", Mood::Floods, true),
];

/// An agency that is bad in one run; each run has its own, so that the breaker starts closed.
struct Bad {
    name: String,
    agency: StandIn,
}

/// What came of the runs beside one way of being bad.
#[derive(Default)]
struct Seen {
    p99: Vec<f64>,
    opened: usize,
    closed: bool,
}

async fn start_bad(world: &mut World, run: usize) -> Vec<Bad> {
    let mut all = Vec::new();
    for (way, mood, _) in WAYS {
        let name = format!("{way}-{run}");
        let mut agency = StandIn::start(world, (&name, ""), mood).await;
        if way == "down" {
            agency.down().await;
        }
        all.push(Bad { name, agency });
    }
    all
}

async fn ask_bad(portal: Portal, name: String) {
    let request = world::pull(portal.agencies.as_ref().unwrap(), &name);
    // Only that it was written down is sure.
    drop(ask(&portal, citizen(request.ticket()), &id(&name), &request).await.unwrap());
}

async fn good(portal: &Portal) -> f64 {
    let portal = portal.clone();
    at_rate(GOOD, move |of| pull(portal.clone(), of)).await.1
}

async fn beside(portal: &Portal, name: &str) -> f64 {
    let (asking, name) = (portal.clone(), name.to_owned());
    tokio::join!(good(portal), at_rate(BAD, move |_| ask_bad(asking.clone(), name.clone()))).0
}

/// Whether the breaker of an agency stands open, as operators see it.
fn is_open(metrics: &PrometheusHandle, name: &str) -> bool {
    let line = format!("madang_agency_breaker{{agency=\"{name}\"}} ");
    let text = metrics.render();
    let value = text.lines().find_map(|text| text.strip_prefix(&line)).expect("it was asked");
    value.parse::<f64>().unwrap() > 0.0
}

/// Mends an agency, and asks until its breaker is closed.
async fn mend((portal, metrics): (&Portal, &PrometheusHandle), bad: &mut Bad, way: &str) -> bool {
    bad.agency.turn(Mood::Honest);
    if way == "down" {
        bad.agency.up().await;
    }
    for _ in 0..600 {
        ask_bad(portal.clone(), bad.name.clone()).await;
        if !is_open(metrics, &bad.name) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    false
}

#[tokio::main]
async fn main() -> ExitCode {
    let metrics = PrometheusBuilder::new().install_recorder().unwrap();
    let mut world = World::new();
    let mut agencies = Vec::new();
    for run in 1..=RUNS {
        agencies.push(start_bad(&mut world, run).await);
    }
    let setting = Setting::start("bench_isolation", &mut world).await;
    let portal = setting.portal();
    good(&portal).await;
    let (mut alone, mut resident) = (Vec::new(), Vec::new());
    let mut seen: [Seen; WAYS.len()] = Default::default();
    for bad in &mut agencies {
        alone.push(good(&portal).await);
        for (bad, seen) in bad.iter().zip(&mut seen) {
            seen.p99.push(beside(&portal, &bad.name).await);
            seen.opened += usize::from(is_open(&metrics, &bad.name));
        }
        resident.push(memory().0);
    }
    let last = agencies.last_mut().unwrap();
    for ((bad, seen), (way, _, _)) in last.iter_mut().zip(&mut seen).zip(WAYS) {
        seen.closed = mend((&portal, &metrics), bad, way).await;
    }
    drop(agencies);
    setting.finish().await;
    report(&alone, &seen, &resident)
}

fn report(alone: &[f64], seen: &[Seen], resident: &[f64]) -> ExitCode {
    let (base, told) = median(alone, |p99| *p99);
    let limit = (base * LIMITS.0).max(base + LIMITS.1);
    let mut kept = true;
    println!("| beside an agency that is | p99 ms at 200 a second | breaker opened | closed again |");
    println!("| --- | --- | --- | --- |");
    println!("| not there | {told} | | |");
    for ((way, _, opens), seen) in WAYS.iter().zip(seen) {
        let (p99, told) = median(&seen.p99, |p99| *p99);
        let closed = if seen.closed { "yes" } else { "no" };
        println!("| {way} | {told} | {} of {} runs | {closed} |", seen.opened, seen.p99.len());
        kept &= p99 <= limit && seen.closed && (!opens || seen.opened == seen.p99.len());
    }
    let each: Vec<_> = resident.iter().map(|megabytes| format!("{megabytes:.1}")).collect();
    println!("resident MB after each run: {}; at most {:.1}", each.join(", "), memory().1);
    kept &= resident.last().unwrap() - resident.first().unwrap() <= GROWTH;
    if kept {
        return ExitCode::SUCCESS;
    }
    println!("limits: {limit:.2} ms, breaker open and closed again, {GROWTH} MB more");
    ExitCode::FAILURE
}
