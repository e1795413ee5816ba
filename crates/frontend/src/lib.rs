//! The islands, as wasm.
