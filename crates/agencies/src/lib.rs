//! The portal's client for agencies: asks their gateways, and believes nothing that is not signed.
//!
//! [`Agencies`] is read from one [file](Agencies::read) and asked; [`Asked`] is what came of it. Inside, each agency is a
//! `partner` with `slots`, a [`breaker`] and a pace (`hedge`, `retry`) of its own. `ask` is the way of one request;
//! `direct` is the exchange over a `wire`; `xroad` is another protocol; [`offline`] is by hand. Counted in `count`.

mod agencies;
mod ask;
mod asked;
pub mod breaker;
mod count;
mod direct;
mod file;
mod hedge;
pub mod offline;
mod partner;
mod retry;
mod slots;
mod wire;
mod xroad;

pub use agencies::Agencies;
pub use asked::{AskError, Asked};
pub use toml_file::Fault;
pub use xroad::Receipt;
