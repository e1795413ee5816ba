//! What a pull costs over loopback by the portal's own way, signed, sealed and logged on both sides, beside the same
//! question as plain JSON: `bench/pulls.sh`, which gives it PostgreSQL's process. Prints a table, and fails when a limit
//! is passed.

#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]
#![expect(dead_code, reason = "the tests use more of what they share with this")]

#[path = "../../tests/it/browser.rs"]
mod browser;
mod measure;
mod plain;
#[path = "../../tests/it/portal.rs"]
mod portal;
#[path = "../../../crates/agencies/tests/it/running.rs"]
mod running;
mod setting;
#[path = "../../../crates/agencies/tests/it/world.rs"]
mod world;

use std::{process::ExitCode, sync::Arc};

use measure::{Used, at_once, at_rate, median};
use plain::{Plain, PlainClient};
use server::{desk::exchange_log, state::Portal};
use setting::{Setting, pull};
use tokio::task::JoinSet;
use world::World;

/// As in the portal's program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs, of which the median counts.
const RUNS: usize = 5;
/// Pulls of one run, and how many are on their way at once.
const PULLS: (u32, u32) = (4_000, 16);
/// The rate at which latency is measured, a second, and how many.
const RATE: (u32, u32) = (200, 1_000);

/// The limits: pulls a second, times the processor time of plain JSON, milliseconds.
const LIMITS: (f64, f64, f64) = (400.0, 3.0, 25.0);

/// What one way of asking gave in one run: a second, microseconds a pull, milliseconds.
struct Figures {
    pulls: f64,
    used: Used,
    p50: f64,
    p99: f64,
}

/// Both ways, and the same requests.
struct Bench {
    setting: Setting,
    client: Arc<PlainClient>,
    postmaster: u32,
}

impl Bench {
    fn ours(&self) -> impl Fn(u32) -> Asking + Clone + Send + 'static {
        let portal = self.setting.portal();
        move |of| Box::pin(pull(portal.clone(), of))
    }

    fn theirs(&self) -> impl Fn(u32) -> Asking + Clone + Send + 'static {
        let (portal, client) = (self.setting.portal(), Arc::clone(&self.client));
        move |of| Box::pin(plain::ask(portal.clone(), Arc::clone(&client), of))
    }

    /// With the chain sealed meanwhile, and to its end.
    async fn run_ours(&self) -> Figures {
        let portal = self.setting.portal();
        let before = Used::so_far(self.postmaster);
        let pulls = sealing(&portal, at_once(PULLS, self.ours())).await;
        let used = (Used::so_far(self.postmaster) - before).each(PULLS.0);
        let (p50, p99) = sealing(&portal, at_rate(RATE, self.ours())).await;
        Figures { pulls, used, p50, p99 }
    }

    async fn run_theirs(&self) -> Figures {
        let before = Used::so_far(self.postmaster);
        let pulls = at_once(PULLS, self.theirs()).await;
        let used = (Used::so_far(self.postmaster) - before).each(PULLS.0);
        let (p50, p99) = at_rate(RATE, self.theirs()).await;
        // Nobody seals these.
        sqlx::query("truncate exchanges").execute(&self.setting.portal.owner).await.unwrap();
        Figures { pulls, used, p50, p99 }
    }

    /// What it costs to take one pull into the chain.
    async fn chain(&self) -> Used {
        at_once(PULLS, self.ours()).await;
        let before = Used::so_far(self.postmaster);
        seal_all(&self.setting.portal()).await;
        (Used::so_far(self.postmaster) - before).each(PULLS.0)
    }
}

type Asking = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn sealing<T>(portal: &Portal, work: impl Future<Output = T>) -> T {
    let mut sealer = JoinSet::new();
    sealer.spawn(exchange_log::keep_sealing(portal.clone()));
    let done = work.await;
    sealer.shutdown().await;
    seal_all(portal).await;
    done
}

async fn seal_all(portal: &Portal) {
    while exchange_log::seal(portal).await.unwrap() > 0 {}
}

#[tokio::main]
async fn main() -> ExitCode {
    let postmaster = std::env::args().nth(1).expect("the process of PostgreSQL").parse().unwrap();
    let mut world = World::new();
    let setting = Setting::start("bench_pulls", &mut world).await;
    let plain = Plain::start(&world.at("nts.sqlite"), &world.at("plain.sqlite")).await;
    let bench = Bench { setting, client: Arc::new(PlainClient::to(plain.address)), postmaster };
    // Connections, caches, pages of the registers.
    let warm_up = (500, PULLS.1);
    sealing(&bench.setting.portal(), at_once(warm_up, bench.ours())).await;
    at_once(warm_up, bench.theirs()).await;
    sqlx::query("truncate exchanges").execute(&bench.setting.portal.owner).await.unwrap();
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push((bench.run_ours().await, bench.run_theirs().await));
    }
    let chain = bench.chain().await;
    let portal = bench.setting.portal();
    let verified = exchange_log::verify(&portal, None, |_| {}).await.unwrap();
    assert_eq!((verified.waiting.requests, verified.unproved), (0, 0));
    plain.finish().await;
    bench.setting.finish().await;
    report(&runs, chain)
}

fn report(runs: &[(Figures, Figures)], chain: Used) -> ExitCode {
    let row = |what: &str, figure: fn(&Figures) -> f64| {
        let (ours, plain) = (median(runs, |run| figure(&run.0)).1, median(runs, |run| figure(&run.1)).1);
        println!("| {what} | {ours} | {plain} |");
    };
    println!("| {} runs of {} | exchange | plain JSON |", runs.len(), PULLS.0);
    println!("| --- | --- | --- |");
    row("pulls a second, 16 at once", |run| run.pulls);
    row("processor time, µs a pull", |run| run.used.all());
    row("of it portal and agency", |run| run.used.process);
    row("of it PostgreSQL", |run| run.used.postgres);
    println!(
        "| of it the chain, once: both, PostgreSQL | {:.0}, {:.0} | none |",
        chain.all(),
        chain.postgres
    );
    row("p50 at 200 a second, ms", |run| run.p50);
    row("p99 at 200 a second, ms", |run| run.p99);
    let (times, told) = median(runs, |run| run.0.used.all() / run.1.used.all());
    println!("| times the processor time | {told} | 1 |");
    let (pulls, p99) = (median(runs, |run| run.0.pulls).0, median(runs, |run| run.0.p99).0);
    if pulls >= LIMITS.0 && times <= LIMITS.1 && p99 <= LIMITS.2 {
        return ExitCode::SUCCESS;
    }
    println!("limits: {} a second, {} times, {} ms", LIMITS.0, LIMITS.1, LIMITS.2);
    ExitCode::FAILURE
}
