//! The portal as a whole, over its way in, on a PostgreSQL database of each test's own.

mod access;
mod accounts;
mod bad_input;
mod boot;
mod browser;
mod catalogue;
mod messages;
mod plans;
mod portal;
mod sessions;
mod throttling;
