//! The pages: from view values to HTML, with no SQL and no HTTP. Only [`islands`] and the [`words`] they
//! speak are compiled for the browser as well.

#[cfg(feature = "ssr")]
pub mod form;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod ui;
pub mod words;

/// Prepares this crate for waking islands.
#[cfg(feature = "hydrate")]
pub fn hydrate_islands() {
    leptos::mount::hydrate_islands();
}
