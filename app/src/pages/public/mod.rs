//! Pages that anybody may see.

pub mod design;
pub mod error;
pub mod home;
pub mod line;
pub mod reading;
pub mod search;
pub mod service;
pub mod services;
pub mod start;
mod terms;
pub mod topics;
