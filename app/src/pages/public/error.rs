//! The pages for everything that goes wrong, each with a way on.

use domain::text::Locale;
use leptos::prelude::*;

use crate::form::Kept;
use crate::page::{self, Head, href, locale};
use crate::ui::{ButtonLink, ButtonTone, SearchBox, SendAgain};
use crate::words::error as words;

/// The page for a status. `reference` stands in the log, for faults of ours; `kept` is what was typed, if a form led here.
pub fn page(
    status: u16,
    reference: Option<String>,
    kept: Option<Kept>,
    l: Locale,
) -> (Head, impl Fn() -> AnyView + Clone) {
    let (title, _) = sentences(status, l);
    (Head::unlisted(title), move || draw(status, reference.clone(), kept.clone()))
}

/// What a status means for the reader: a title and a text.
fn sentences(status: u16, l: Locale) -> (&'static str, &'static str) {
    match status {
        401 | 403 => (words::forbidden(l), words::forbidden_text(l)),
        404 | 410 => (words::not_found(l), words::not_found_text(l)),
        405 => (words::not_allowed(l), words::not_allowed_text(l)),
        408 => (words::too_slow(l), words::too_slow_text(l)),
        413 => (words::too_large(l), words::too_large_text(l)),
        415 | 422 => (words::unfit(l), words::unfit_text(l)),
        429 => (words::too_many(l), words::too_many_text(l)),
        502..=504 => (words::unavailable(l), words::unavailable_text(l)),
        500.. => (words::internal(l), words::internal_text(l)),
        _ => (words::bad_request(l), words::bad_request_text(l)),
    }
}

fn draw(status: u16, reference: Option<String>, kept: Option<Kept>) -> AnyView {
    let l = locale();
    let (title, text) = match (status, &kept) {
        // Nobody has to go back for what is here.
        (400, Some(_)) => (words::bad_request(l), words::bad_form_text(l)),
        _ => sentences(status, l),
    };
    let reference = reference.map(|reference| {
        view! {
            <p class="reference">
                {words::reference(l)} <br /> {format!("{}: ", words::reference_label(l))} <code>{reference}</code>
            </p>
        }
    });
    // A form is sent again where that can help; anything else is tried again by looking again.
    let send = matches!(status, 400 | 429 | 500..).then(|| crate::words::form::send_again(l));
    let again = (kept.is_none() && matches!(status, 429 | 500..)).then(|| {
        let path = page::page().path.clone();
        view! {
            <a class="btn btn-secondary" href=href(&path)>
                {words::retry(l)}
            </a>
        }
    });
    let search = (status < 500 && kept.is_none()).then(|| {
        view! {
            <h2>{words::find(l)}</h2>
            <SearchBox id="search" />
        }
    });
    let home = if kept.is_some() { ButtonTone::Tertiary } else { ButtonTone::Primary };
    view! {
        <div class="column">
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            {reference}
            {kept.map(|kept| view! { <SendAgain kept=kept button=send /> })}
            <div class="buttons">{again} <ButtonLink to="/" tone=home>{words::go_home(l)}</ButtonLink></div>
            {search}
        </div>
    }
    .into_any()
}
