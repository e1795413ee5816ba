//! The server: a map.
//!
//! - [`cli`] reads the command, [`config`] the settings; [`boot`] starts what they ask for.
//! - [`web`] is the way in: from HTTP to a use case, from a view value to a page.
//! - [`desk`] has the use cases, [`jobs`] what happens beside the requests.
//! - [`database`], [`exchange`], [`messaging`], [`password`], [`vault`], [`chance`], [`clock`] are the ports.

pub mod boot;
pub mod chance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod desk;
pub mod exchange;
pub mod jobs;
mod keyboard;
pub mod messaging;
pub mod password;
pub mod state;
pub mod telemetry;
pub mod vault;
pub mod web;
