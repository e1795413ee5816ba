//! The portal's client for agencies: asks their gateways, and believes nothing that is not signed.
//!
//! [`Agencies`] is read from one [`file`](Agencies::read) and asked; [`Asked`] is what came of it.

mod agencies;
mod asked;
mod file;
mod partner;

pub use agencies::Agencies;
pub use asked::{AskError, Asked};
pub use toml_file::Fault;
