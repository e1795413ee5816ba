//! The pages, one function each: from a view value to a view.

pub mod public;
