//! Rates, latencies, processor time and memory.

use std::{
    fs,
    ops::Sub,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// The median, and the same with the best and the worst, for a table.
pub fn median<R>(runs: &[R], figure: impl Fn(&R) -> f64) -> (f64, String) {
    let mut all: Vec<_> = runs.iter().map(figure).collect();
    all.sort_by(f64::total_cmp);
    let middle = all[all.len() / 2];
    (middle, format!("{middle:.2} ({:.2}–{:.2})", all[0], all[all.len() - 1]))
}

/// Asks so often, with so many on their way at once; gives how many a second.
pub async fn at_once<F>((count, at_once): (u32, u32), ask: impl Fn(u32) -> F + Clone + Send + 'static) -> f64
where
    F: Future<Output = ()> + Send,
{
    let next = Arc::new(AtomicU32::new(0));
    let start = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (next, ask) = (Arc::clone(&next), ask.clone());
        workers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                // Not in order, so that the register is read here and there.
                ask(number.wrapping_mul(7_919)).await;
            }
        });
    }
    workers.join_all().await;
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// Asks at this rate, whether replies come or not; gives median and 99th percentile in milliseconds, counted from when the
/// request was due.
pub async fn at_rate<F>(
    (rate, count): (u32, u32),
    ask: impl Fn(u32) -> F + Clone + Send + 'static,
) -> (f64, f64)
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut asking = JoinSet::new();
    for number in 0..count {
        let due = start + Duration::from_secs(1) * number / rate;
        tokio::time::sleep_until(due.into()).await;
        let ask = ask.clone();
        asking.spawn(async move {
            ask(number.wrapping_mul(7_919)).await;
            due.elapsed().as_secs_f64() * 1e3
        });
    }
    let mut took = asking.join_all().await;
    took.sort_by(f64::total_cmp);
    (took[took.len() / 2], took[took.len() * 99 / 100])
}

/// Processor time, user and system, in microseconds.
#[derive(Clone, Copy)]
pub struct Used {
    /// Of this process, in which both sides are.
    pub process: f64,
    /// Of PostgreSQL's processes.
    pub postgres: f64,
}

impl Used {
    /// What they have used so far; `postmaster` is the process that started PostgreSQL's others.
    pub fn so_far(postmaster: u32) -> Self {
        let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children")).unwrap();
        // Four of the postmaster: its own, and what those used that have ended.
        let living: f64 = children.split_whitespace().map(|child| ticks(child, 2)).sum();
        let postgres = living + ticks(&postmaster.to_string(), 4);
        Self { process: ticks("self", 2), postgres }
    }

    /// For one of so many pulls.
    pub fn each(self, pulls: u32) -> Self {
        let pulls = f64::from(pulls);
        Self { process: self.process / pulls, postgres: self.postgres / pulls }
    }

    /// Together.
    pub fn all(self) -> f64 {
        self.process + self.postgres
    }
}

impl Sub for Used {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { process: self.process - other.process, postgres: self.postgres - other.postgres }
    }
}

/// The first times of `/proc/<process>/stat`, in microseconds; none of a process that has ended meanwhile.
fn ticks(process: &str, times: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The second field is a name in brackets; counted from behind it, the 12th to 15th are the times, in hundredths of a
    // second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(times).map(|field| field.parse::<f64>().unwrap() * 1e4).sum()
}

/// This process's resident memory and the most it ever was, in megabytes.
pub fn memory() -> (f64, f64) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    };
    (of("VmRSS:"), of("VmHWM:"))
}
