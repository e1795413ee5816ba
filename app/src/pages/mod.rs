//! The pages: functions from a view value to a view.

pub mod account;
pub mod public;
pub mod sandbox;
pub mod staff;
