//! The search for services.

use domain::text::Locale;
use leptos::prelude::*;

use super::line::{ServiceLine, service_cards};
use crate::page::{Head, href, locale};
use crate::ui::{Empty, SearchBox};
use crate::words::public::search as words;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct SearchView {
    /// What was searched for; empty before the first search.
    pub query: String,
    /// What was found, the best first.
    pub results: Vec<ServiceLine>,
    /// What is shown when nothing was found: services that are nearly meant, or popular ones.
    pub suggestions: Vec<ServiceLine>,
}

/// The head of the page. The query stays out of the description, and what finds nothing out of search engines.
pub fn head(search: &SearchView, l: Locale) -> Head {
    if search.query.is_empty() {
        return Head::listed(words::title(l), words::description(l));
    }
    let title = words::title_query(l, &search.query);
    if search.results.is_empty() {
        Head { description: words::description(l).to_owned(), ..Head::unlisted(title) }
    } else {
        Head::listed(title, words::description(l))
    }
}

/// The page.
pub fn view(search: SearchView) -> impl IntoView {
    let l = locale();
    let count = i64::try_from(search.results.len()).unwrap_or(i64::MAX);
    let results = if search.query.is_empty() {
        view! { <p>{words::empty(l)}</p> }.into_any()
    } else if search.results.is_empty() {
        nothing(&search.query, search.suggestions)
    } else {
        view! {
            <p class="small" role="status">
                {words::found(l, count)}
            </p>
            {service_cards(search.results, 2)}
        }
        .into_any()
    };
    let title = if search.query.is_empty() {
        words::title(l).to_owned()
    } else {
        words::title_query(l, &search.query)
    };
    view! {
        <h1>{title}</h1>
        <div class="column search-here">
            <SearchBox id="search" query=search.query quiet=true />
        </div>
        {results}
    }
}

fn nothing(query: &str, suggestions: Vec<ServiceLine>) -> AnyView {
    let l = locale();
    let said = words::none_text(l, query);
    let suggestions = (!suggestions.is_empty()).then(|| {
        view! {
            <h2>{words::maybe(l)}</h2>
            {service_cards(suggestions, 3)}
        }
    });
    view! {
        <Empty title=words::none_title(l)>
            <p role="status">{said}</p>
            <p>
                <strong>{words::tips(l)}</strong>
            </p>
            <ul>
                <li>{words::tip_short(l)}</li>
                <li>{words::tip_task(l)}</li>
                <li>{words::tip_spelling(l)}</li>
            </ul>
            <p>
                <a href=href("/services")>{crate::words::public::home::all_services(l)}</a>
            </p>
        </Empty>
        {suggestions}
    }
    .into_any()
}
