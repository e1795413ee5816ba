//! Reads and checks the catalogue: TOML and CEL outside, `domain::service` inside.
//!
//! - [`load`] reads a folder and names every fault in it, with file and line.
//! - [`checks`] evaluates the rules (CEL) over typed values.
//! - [`mod@digest`] names a version by its content; [`mod@search`] says what a service is found by.
//!
//! The layout of the files is described in `docs/guides/add-a-service.md`.

pub mod checks;
pub mod digest;
mod fault;
mod read;
pub mod search;
mod toml_file;
pub mod value;

pub use digest::{Digest, catalogue_digest, digest};
pub use fault::Fault;
pub use read::load;
pub use search::search_text;
