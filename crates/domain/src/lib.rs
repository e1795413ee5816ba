//! The vocabulary and the rules of the portal: no I/O, no clock of its own, compiles to wasm.

pub mod account;
pub mod actor;
pub mod clock;
pub mod flaw;
pub mod id;
pub mod identity;
pub mod policy;
pub mod resident_number;
pub mod service;
pub mod text;
pub mod throttle;
