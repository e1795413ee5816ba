//! Prints `tests/vectors.json`: `cargo run -p exchange --example vectors > crates/exchange/tests/vectors.json`.

#![expect(clippy::unwrap_used, reason = "fixed values that a test has looked at")]
#![expect(dead_code, reason = "the tests use more of what they share with this")]

#[path = "../tests/it/vectors.rs"]
mod vectors;
#[path = "../tests/it/world.rs"]
mod world;

fn main() {
    println!("{}", serde_json::to_string_pretty(&vectors::make()).unwrap());
}
