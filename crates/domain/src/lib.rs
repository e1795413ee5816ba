//! The vocabulary and the rules of the portal: no I/O, no clock of its own, compiles to wasm.

pub mod service;
pub mod text;
