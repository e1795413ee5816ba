//! The gateway as an agency would run it: the program itself, in front of a register of its own, asked over the wire.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod attacks;
mod commands;
mod forged;
mod grants;
mod http2;
mod inbox;
mod log;
mod postgres;
mod pull;
mod reload;
mod running;
mod seed;
mod server;
mod withdraw;
mod world;
