//! A button that shows and hides the password that is typed.

use domain::text::Locale;
use leptos::prelude::*;

use crate::words::ui as words;

/// A button that shows and hides the password in the control with the id `input`.
#[island]
pub fn RevealPassword(
    /// The id of the control.
    input: String,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (shown, set_shown) = signal(None::<bool>);
    Effect::new(move || set_ready.set(true));
    let id = input.clone();
    let show = move |show: bool| {
        if let Some(control) = document().get_element_by_id(&id) {
            // An element that refuses the attribute just stays as it is.
            let _ = control.set_attribute("type", if show { "text" } else { "password" });
            set_shown.set(Some(show));
        }
    };
    let toggle = {
        let show = show.clone();
        move |_| show(shown.get_untracked() != Some(true))
    };
    // Sent as a password, or else browsers would offer it again as a text that was typed before.
    Effect::new(move || {
        let show = show.clone();
        let _ = window_event_listener(leptos::ev::submit, move |_| {
            if shown.get_untracked() == Some(true) {
                show(false);
            }
        });
    });
    let visible = move || shown.get() == Some(true);
    view! {
        <button
            class="reveal"
            type="button"
            hidden=move || !ready.get()
            aria-controls=input
            aria-label=move || if visible() { words::hide_password_long(locale) } else { words::show_password_long(locale) }
            on:click=toggle
        >
            {move || if visible() { words::hide_password(locale) } else { words::show_password(locale) }}
        </button>
        <span class="sr-only" role="status">
            {move || match shown.get() {
                None => "",
                Some(true) => words::password_shown(locale),
                Some(false) => words::password_hidden(locale),
            }}
        </span>
    }
}
