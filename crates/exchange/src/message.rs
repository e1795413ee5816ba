//! What is said inside the sealed body: requests and replies.

mod reply;
mod request;

pub use reply::{Found, Reply, SubmissionState};
pub use request::{Ask, Page, PageKey, Parameters, Period, Request};
