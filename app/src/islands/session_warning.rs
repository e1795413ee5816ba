//! Says that the session is about to end, and keeps it when asked to.

use domain::text::Locale;
use leptos::html::Dialog;
use leptos::prelude::*;

use crate::words::ui::session as words;

/// How long before the end the warning comes, in seconds. A short session is warned of at its half.
#[cfg(feature = "hydrate")]
const WARN_SECONDS: i32 = 180;

/// How far the session has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Quiet,
    #[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "time passes in the browser"))]
    /// So many seconds are left, rounded so that screen readers are not told every second.
    Ending(i32),
    Over,
}

impl Phase {
    #[cfg(any(feature = "hydrate", test))]
    fn at(seconds_left: i32, warn: i32) -> Self {
        match seconds_left {
            ..=0 => Self::Over,
            1..=60 => Self::Ending((seconds_left + 9) / 10 * 10),
            _ if seconds_left <= warn => Self::Ending((seconds_left + 59) / 60 * 60),
            _ => Self::Quiet,
        }
    }
}

/// Warns before the session ends and offers to stay signed in.
#[island]
pub fn SessionWarning(
    /// How long the session lasts from now on, in seconds.
    seconds_left: i32,
    /// Where to ask for more time: `POST`, answered by any success, with the new number of seconds as text perhaps.
    keep: String,
    /// Where to sign in when it is over.
    sign_in: String,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let (phase, set_phase) = signal(Phase::Quiet);
    let (failed, set_failed) = signal(false);
    let dialog = NodeRef::<Dialog>::new();
    #[cfg(feature = "hydrate")]
    let session = browser::Session::start(seconds_left, (phase, set_phase), set_failed, dialog);
    #[cfg(not(feature = "hydrate"))]
    let _ = (seconds_left, set_phase, set_failed);

    let over = move || phase.get() == Phase::Over;
    let time = move || match phase.get() {
        Phase::Ending(seconds) if seconds > 60 => words::minutes_left(locale, i64::from(seconds) / 60),
        Phase::Ending(seconds) => words::seconds_left(locale, i64::from(seconds)),
        Phase::Quiet | Phase::Over => String::new(),
    };
    let press = move |_| {
        #[cfg(feature = "hydrate")]
        session.keep(&keep);
        #[cfg(not(feature = "hydrate"))]
        let _ = &keep;
    };
    view! {
        <dialog class="session-dialog" node_ref=dialog aria-labelledby="session-title">
            <h2 id="session-title">
                {move || if over() { words::over_title(locale) } else { words::title(locale) }}
            </h2>
            <p role="status">{time}</p>
            <p>{move || if over() { words::over(locale) } else { words::why(locale) }}</p>
            <p class="field-error" role="alert">
                {move || if failed.get() { words::failed(locale) } else { "" }}
            </p>
            <p>
                <button class="btn btn-primary" type="button" hidden=over on:click=press>
                    {words::keep(locale)}
                </button>
                <a class="btn btn-primary" href=sign_in hidden=move || !over()>
                    {words::again(locale)}
                </a>
            </p>
        </dialog>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::html::Dialog;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{HtmlDialogElement, RequestInit, Response, js_sys::Date, wasm_bindgen::JsCast};

    use super::{Phase, WARN_SECONDS};

    #[derive(Clone, Copy)]
    pub(super) struct Session {
        /// When it ends, in milliseconds of the browser's clock.
        ends: StoredValue<f64>,
        /// How long it lasts when it is kept.
        seconds: i32,
        phase: (ReadSignal<Phase>, WriteSignal<Phase>),
        set_failed: WriteSignal<bool>,
    }

    /// Opens the dialog when the warning begins and when the session is over. In between it stays as the reader left
    /// it: who has closed it wants to finish a sentence.
    fn show(dialog: &HtmlDialogElement, before: Phase, now: Phase) {
        let begins = before == Phase::Quiet || now == Phase::Over;
        if now == Phase::Quiet || (begins && dialog.open()) {
            dialog.close();
        }
        if now != Phase::Quiet && now != before && begins {
            // Refused only when the page is being left. Opening moves the focus to what can be pressed now.
            let _ = dialog.show_modal();
        }
    }

    fn in_seconds(seconds: i32) -> f64 {
        Date::now() + f64::from(seconds) * 1000.0
    }

    impl Session {
        /// Looks at the clock every second: a timer for the whole time would stop while the computer sleeps.
        pub(super) fn start(
            seconds: i32,
            phase: (ReadSignal<Phase>, WriteSignal<Phase>),
            set_failed: WriteSignal<bool>,
            dialog: NodeRef<Dialog>,
        ) -> Self {
            let session = Self { ends: StoredValue::new(in_seconds(seconds)), seconds, phase, set_failed };
            set_interval(move || session.look(), Duration::from_secs(1));
            Effect::new(move |before: Option<Phase>| {
                let now = phase.0.get();
                if let Some(dialog) = dialog.get() {
                    show(&dialog, before.unwrap_or(Phase::Quiet), now);
                }
                now
            });
            session
        }

        #[expect(clippy::cast_possible_truncation, reason = "saturates, which is what is meant")]
        fn look(self) {
            let left = ((self.ends.get_value() - Date::now()) / 1000.0).ceil() as i32;
            let phase = Phase::at(left, WARN_SECONDS.min(self.seconds / 2));
            if self.phase.0.get_untracked() != phase {
                self.phase.1.set(phase);
            }
        }

        /// Asks the server for more time.
        pub(super) fn keep(self, url: &str) {
            let init = RequestInit::new();
            init.set_method("POST");
            let asked = JsFuture::from(window().fetch_with_str_and_init(url, &init));
            spawn_local(async move {
                match asked.await.ok().and_then(|answer| answer.dyn_into::<Response>().ok()) {
                    None => self.set_failed.set(true),
                    Some(answer) if answer.ok() && !answer.redirected() => self.kept(answer).await,
                    // Some other fault of the server may pass; a refusal does not.
                    Some(answer) if answer.status() >= 500 => self.set_failed.set(true),
                    Some(_) => self.ends.set_value(0.0),
                }
            });
        }

        async fn kept(self, answer: Response) {
            let text = match answer.text() {
                Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
                Err(_) => None,
            };
            let seconds = text.and_then(|text| text.trim().parse().ok()).unwrap_or(self.seconds);
            self.ends.set_value(in_seconds(seconds));
            self.set_failed.set(false);
            self.phase.1.set(Phase::Quiet);
            // It stands in the page for those without scripts, and is no longer true.
            if let Some(line) = document().get_element_by_id("session-end") {
                line.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Phase;

    #[test]
    fn the_end_comes_near_in_few_steps() {
        for (left, phase) in [
            (181, Phase::Quiet),
            (180, Phase::Ending(180)),
            (121, Phase::Ending(180)),
            (61, Phase::Ending(120)),
            (60, Phase::Ending(60)),
            (51, Phase::Ending(60)),
            (1, Phase::Ending(10)),
            (0, Phase::Over),
            (-5, Phase::Over),
        ] {
            assert_eq!(Phase::at(left, 180), phase, "{left}");
        }
    }
}
