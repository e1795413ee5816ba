//! What a pull costs over loopback, signed, sealed and logged, beside the same question as plain JSON:
//! `cargo run --release -p agencies --example pulls`. Prints a table, and fails when a limit is passed.

#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]
#![expect(dead_code, reason = "the tests use more of what they share with this")]

mod measure;
mod plain;
#[path = "../../tests/it/running.rs"]
mod running;
#[path = "../../tests/it/world.rs"]
mod world;

use std::{process::ExitCode, sync::Arc};

use agencies::Agencies;
use exchange::message::{Page, Reply};
use measure::{Figures, at_once, at_rate, median};
use plain::{Plain, PlainClient};
use running::Running;
use world::{World, id, person, pull_of};

// As the portal has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// People in the register, each with five records.
const PEOPLE: u32 = 10_000;
/// Runs, of which the median counts.
const RUNS: usize = 5;
/// Pulls of one run, and how many are on their way at once.
const PULLS: (u32, u32) = (4_000, 16);
/// The rate at which latency is measured, a second, and how many.
const RATE: (u32, u32) = (200, 2_000);

/// The limits: pulls a second, times the processor time of plain JSON, milliseconds.
const LIMITS: (f64, f64, f64) = (400.0, 3.0, 25.0);

fn number(of: u32) -> String {
    format!("900101-{:07}", 3_000_000 + of % PEOPLE)
}

fn register() -> String {
    format!(
        "create index incomes_by_person on incomes (resident_number, number);
         with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {PEOPLE})
         insert into residents select printf('900101-%07d', 3000000 + i), '김민지' from n;
         with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {PEOPLE} * 5)
         insert into incomes select 1000 + i, printf('900101-%07d', 3000000 + i / 5), 2021 + i % 5, i from n;"
    )
}

/// Asks the gateway as the portal does.
async fn pull(agencies: Arc<Agencies>, of: u32) {
    let target = person((&number(of), "김민지"));
    let request = pull_of(&agencies, ("nts", target), Page::first(20));
    let asked = agencies.ask(&id("nts"), &request).await;
    let Ok(Reply::Found(found)) = &asked.reply else { panic!("{:?}", asked.reply) };
    assert_eq!(found.records.len(), 5);
    kept(&asked);
}

/// Where the portal writes its half of the log. It is in PostgreSQL, beside what the pull is for, and measured there.
fn kept(asked: &agencies::Asked) {
    std::hint::black_box(asked);
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut world = World::new();
    let running = Running::with(&mut world, ("nts", &register())).await;
    let agencies = Arc::new(world.agencies());
    let plain = Plain::start(&world.at("nts.sqlite"), &world.at("plain.sqlite")).await;
    let client = Arc::new(PlainClient::to(plain.address));
    let ours = || {
        let agencies = Arc::clone(&agencies);
        move |of| pull(Arc::clone(&agencies), of)
    };
    let theirs = || {
        let (agencies, client) = (Arc::clone(&agencies), Arc::clone(&client));
        move |of| plain::ask(Arc::clone(&agencies), Arc::clone(&client), of)
    };
    // Connections, caches, pages of the registers.
    at_once((500, PULLS.1), ours()).await;
    at_once((500, PULLS.1), theirs()).await;
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let (pulls, cpu) = at_once(PULLS, ours()).await;
        let (plain, plain_cpu) = at_once(PULLS, theirs()).await;
        let (p50, p99) = at_rate(RATE, ours()).await;
        let (plain_p50, plain_p99) = at_rate(RATE, theirs()).await;
        runs.push(Figures { pulls, cpu, plain, plain_cpu, p50, p99, plain_p50, plain_p99 });
    }
    plain.finish().await;
    running.finish().await;
    report(&runs)
}

fn report(runs: &[Figures]) -> ExitCode {
    let row = |what: &str, ours: fn(&Figures) -> f64, plain: fn(&Figures) -> f64| {
        println!("| {what} | {} | {} |", median(runs, ours).1, median(runs, plain).1);
    };
    println!("| {} runs of {} | exchange | plain JSON |", runs.len(), PULLS.0);
    println!("| --- | --- | --- |");
    row("pulls a second, 16 at once", |run| run.pulls, |run| run.plain);
    row("processor time of both sides, µs a pull", |run| run.cpu, |run| run.plain_cpu);
    row("p50 at 200 a second, ms", |run| run.p50, |run| run.plain_p50);
    row("p99 at 200 a second, ms", |run| run.p99, |run| run.plain_p99);
    let (times, told) = median(runs, |run| run.cpu / run.plain_cpu);
    println!("| times the processor time | {told} | 1 |");
    let (pulls, p99) = (median(runs, |run| run.pulls).0, median(runs, |run| run.p99).0);
    if pulls >= LIMITS.0 && times <= LIMITS.1 && p99 <= LIMITS.2 {
        return ExitCode::SUCCESS;
    }
    println!("limits: {} a second, {} times, {} ms", LIMITS.0, LIMITS.1, LIMITS.2);
    ExitCode::FAILURE
}
