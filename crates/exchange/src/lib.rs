//! The protocol by which records are asked for and given, pure: no I/O, no clock and no chance of its own.
//!
//! What is said: [`message`] (requests, replies), with a [`ticket`] about a [`target`], and [`value`]s of items.
//! Who may: [`mod@grant`], by [`keys`] that come from [`mod@key_file`]s. How it travels: [`seal`]ed and [`sign`]ed; [`client`] asks, [`holder`] answers. What stays:
//! [`log`]. By hand instead of by wire: [`mod@package`]. Why not: [`refusal`]. Written down for others in
//! `docs/exchange.md`.
//!
//! Everything that comes from outside is bounded ([`limits`]) before it is read, and read strictly.

pub mod client;
pub mod digest;
pub mod grant;
pub mod headers;
pub mod holder;
pub mod ids;
mod json;
pub mod key_file;
pub mod keys;
pub mod limits;
pub mod log;
pub mod message;
pub mod moment;
pub mod origin;
pub mod package;
pub mod refusal;
pub mod seal;
pub mod sign;
pub mod subject;
pub mod target;
pub mod ticket;
pub mod value;
pub mod verb;
