//! An agency's own door in front of its register: answers requests of the exchange, and nothing else.
//!
//! What it may do stands in [`config`]. A request comes in through [`serve`], passes the [`door`] (the order of checks), is held against
//! [`rate`]s, looked up in the [`register`] or put into the [`inbox`], and written to the [`log`] before its answer leaves. [`keys`] are made and [`grants`]
//! signed by command; [`cli`] has the commands, [`system`] the clock and the chance. [`seed`] makes agencies that do not exist, to
//! try all of it with.

pub mod cli;
pub mod config;
pub mod door;
pub mod grants;
pub mod inbox;
pub mod keys;
pub mod log;
pub mod postgres;
pub mod rate;
pub mod register;
pub mod seed;
pub mod serve;
pub mod system;
