//! Rates, latencies and processor time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// What one run gave: a second, microseconds, milliseconds.
pub struct Figures {
    pub pulls: f64,
    pub cpu: f64,
    pub plain: f64,
    pub plain_cpu: f64,
    pub p50: f64,
    pub p99: f64,
    pub plain_p50: f64,
    pub plain_p99: f64,
}

/// The median, and the same with the best and the worst, for a table.
pub fn median(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> (f64, String) {
    let mut all: Vec<_> = runs.iter().map(figure).collect();
    all.sort_by(f64::total_cmp);
    let middle = all[all.len() / 2];
    (middle, format!("{middle:.2} ({:.2}–{:.2})", all[0], all[all.len() - 1]))
}

/// Asks so often, with so many on their way at once; gives how many a second, and microseconds of processor time each.
pub async fn at_once<F>(
    (count, at_once): (u32, u32),
    ask: impl Fn(u32) -> F + Clone + Send + 'static,
) -> (f64, f64)
where
    F: Future<Output = ()> + Send,
{
    let next = Arc::new(AtomicU32::new(0));
    let (cpu, start) = (processor_time(), Instant::now());
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
    let took = start.elapsed();
    let cpu = processor_time().saturating_sub(cpu);
    (f64::from(count) / took.as_secs_f64(), cpu.as_secs_f64() * 1e6 / f64::from(count))
}

/// Asks at this rate, whether replies come or not; gives median and 99th percentile in milliseconds, counted from when the
/// request was due.
pub async fn at_rate<F>(
    (rate, count): (u32, u32),
    ask: impl Fn(u32) -> F + Clone + Send + 'static,
) -> (f64, f64)
where
    F: Future<Output = ()> + Send,
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

/// What this process has used so far, in all its threads: user and system time of `/proc/self/stat`, in hundredths of a
/// second.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The second field is a name in brackets; counted from behind it, the 12th and 13th are the times.
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
