//! What one pull costs, step by step: `cargo run --release -p exchange --example cost`.

#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]
#![expect(dead_code, reason = "the tests use more of what they share with this")]

#[path = "../tests/it/world.rs"]
mod world;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use exchange::log::{Exchange, Head, Outcome};
use world::{World, found, now};

/// Prints the median and the best time of one call, over many short rounds, and gives the median. On a machine that does
/// other things as well, the best round comes nearest to what the call costs.
fn measure<T>(name: &str, mut call: impl FnMut() -> T) -> Duration {
    const CALLS: u32 = 50;
    let mut rounds: Vec<_> = (0..101)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(call());
            }
            start.elapsed() / CALLS
        })
        .collect();
    rounds.sort_unstable();
    let median = rounds[rounds.len() / 2];
    println!("{:>8.1} {:>8.1} µs  {name}", median.as_secs_f64() * 1e6, rounds[0].as_secs_f64() * 1e6);
    median
}

fn main() {
    let world = World::new();
    let request = world.pull();
    let sent = world.send(&request);
    let verified = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap();
    let opened = verified.open(now()).unwrap();
    let reply = found(request.ticket());
    let response = opened.reply(&reply, now(), &world.dice).unwrap();
    println!("request {} bytes, reply {} bytes", sent.http.body().len(), response.body().len());

    let total = measure("client: seal and sign the request", || world.send(&request))
        + measure("holder: verify the signature", || {
            world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap()
        })
        + measure("holder: open the seal, read the request", || verified.open(now()).unwrap())
        + measure("holder: ticket, subject and grant", || opened.authorise(&world, now()).is_ok())
        + measure("holder: seal and sign the reply", || opened.reply(&reply, now(), &world.dice).unwrap())
        + measure("client: verify and open the reply", || {
            sent.pending.open(&response, &world.keys, now()).unwrap()
        });
    let exchange = Exchange {
        request: request.id(),
        holder: "nts".parse().unwrap(),
        ticket: request.ticket().clone(),
        outcome: Outcome::from(&reply),
    };
    let head = Head::start(&"nts".parse().unwrap());
    let log = measure("each side: chain the log's entry", || head.append(exchange.clone(), now()).unwrap());
    println!("{:>8.1}          µs  a pull, both sides together", (total + 2 * log).as_secs_f64() * 1e6);
}
