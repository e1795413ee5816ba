//! The portal as a whole, over its way in, on a PostgreSQL database of each test's own.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is not as it has to be")]
#![expect(clippy::disallowed_methods, reason = "tests start tasks and read their own variables")]

mod access;
mod accounts;
mod bad_input;
mod boot;
mod browser;
mod catalogue;
mod exchanges;
mod identity;
mod identity_limits;
mod jobs;
mod kept;
mod leaks;
mod messages;
mod plans;
mod portal;
mod register;
mod sandbox;
mod sessions;
mod throttling;
mod vault;
