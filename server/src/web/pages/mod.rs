//! The handlers, by noun: GET loads a view value and renders it; POST parses the form, calls the use case, and answers
//! 303 when it is done or 422 with the same page when something is wrong.

mod account;
mod identity;
mod preferences;
mod public;
mod reset;
mod sandbox;
pub mod sign_in;
mod sign_up;
mod staff;

use axum::Router;

use super::{assets, doors::Doors, health};
use crate::state::Portal;

/// Every door with its handler: pages, and what no session is asked for.
pub fn routers(portal: &Portal) -> (Router<Portal>, Router<Portal>) {
    let doors = Doors::new(portal)
        .get_plain("/health/live", health::live)
        .get_plain("/health/ready", health::ready)
        .get_plain("/metrics", health::metrics)
        .get("/sandbox/messages", sandbox::messages);
    let doors = public::mount(doors);
    let doors = preferences::mount(doors);
    let doors = sign_up::mount(doors);
    let doors = sign_in::mount(doors);
    let doors = reset::mount(doors);
    let doors = account::mount(doors);
    let doors = identity::mount(doors);
    let (pages, plain) = staff::mount(doors).into_routers();
    (pages, plain.nest("/assets", assets::router()))
}
