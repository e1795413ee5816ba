//! The protocol as a whole: what passes, and what is refused.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod answers;
mod attacks;
mod garbage;
mod logs;
mod papers;
mod properties;
mod strict;
mod vectors;
mod world;
