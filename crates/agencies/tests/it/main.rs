//! The portal's client against a real gateway, and against one that does everything wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod file;
mod gateways;
mod hostile;
mod packages;
mod running;
mod security_server;
mod stand_in;
mod world;
mod xroad;
