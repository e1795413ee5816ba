//! Ways through the portal and through a task.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Button, ButtonTone, Icon, Picture};
use crate::page::{href, locale, tell};
use crate::words;

/// One of the pages above this one.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// The path, without the language.
    pub to: String,
    /// The name of that page.
    pub name: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(to: impl Into<String>, name: impl Into<String>) -> Self {
        Self { to: to.into(), name: name.into() }
    }
}

/// Names the pages above this one, home aside. The shell shows them above the content.
pub fn trail(crumbs: impl IntoIterator<Item = Crumb>) {
    let mut all = vec![Crumb::new("/", words::ui::home(locale()))];
    all.extend(crumbs);
    tell(|told| told.crumbs = all);
}

/// The way back up, as the shell draws it.
pub(crate) fn draw_trail(crumbs: Vec<Crumb>) -> Option<AnyView> {
    if crumbs.is_empty() {
        return None;
    }
    let items = crumbs
        .into_iter()
        .map(|crumb| {
            view! {
                <li>
                    <a href=href(&crumb.to)>{crumb.name}</a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <nav class="trail" aria-label=words::ui::trail(locale())>
                <ol>{items}</ol>
            </nav>
        }
        .into_any(),
    )
}

/// The steps of a task and where one is.
#[component]
pub fn Steps(
    /// The names of the steps.
    steps: Vec<String>,
    /// The number of the present step, from 1.
    current: u32,
) -> impl IntoView {
    let l = locale();
    let total = steps.len();
    let items = (1u32..)
        .zip(steps)
        .map(|(number, name)| {
            let (class, state) = match number.cmp(&current) {
                std::cmp::Ordering::Less => ("step step-done", Some(words::ui::step_done(l))),
                std::cmp::Ordering::Equal => ("step step-current", Some(words::ui::step_current(l))),
                std::cmp::Ordering::Greater => ("step", None),
            };
            let mark = if number < current {
                Either::Left(view! { <Icon picture=Picture::Check /> })
            } else {
                Either::Right(number.to_string())
            };
            let state = state.map(|state| view! { <span class="sr-only">{format!(" ({state})")}</span> });
            view! {
                <li class=class aria-current=(number == current).then_some("step")>
                    <span class="step-mark" aria-hidden="true">
                        {mark}
                    </span>
                    <span class="step-name">{name} {state}</span>
                </li>
            }
        })
        .collect_view();
    let label = words::ui::steps(l, &current.to_string(), &total.to_string());
    view! {
        <nav class="steps" aria-label=label.clone()>
            <p class="steps-count" aria-hidden="true">
                {label.clone()}
            </p>
            <ol>{items}</ol>
        </nav>
    }
}

/// One of several views of the same matter.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The path, without the language.
    pub to: String,
    /// Its name.
    pub name: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Views of the same matter: links that look like tabs.
#[component]
pub fn Tabs(
    /// What they are views of.
    #[prop(into)]
    label: String,
    /// The views.
    tabs: Vec<Tab>,
) -> impl IntoView {
    let items = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a href=href(&tab.to) aria-current=tab.current.then_some("page")>
                        {tab.name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{items}</ul>
        </nav>
    }
}

/// Links to what is older and newer than this part of a list. Nothing when there is neither.
#[component]
pub fn Pagination(
    /// The path to newer entries, without the language.
    #[prop(optional, into)]
    newer: Option<String>,
    /// The path to older entries, without the language.
    #[prop(optional, into)]
    older: Option<String>,
) -> impl IntoView {
    let l = locale();
    if newer.is_none() && older.is_none() {
        return Either::Left(());
    }
    let link = |to: Option<String>, rel: &'static str, words: &'static str| {
        to.map(|to| {
            view! {
                <a class="btn btn-secondary" href=href(&to) rel=rel>
                    {words}
                </a>
            }
        })
    };
    Either::Right(view! {
        <nav class="pagination" aria-label=words::ui::pagination(l)>
            {link(newer, "prev", words::ui::newer(l))}
            {link(older, "next", words::ui::older(l))}
        </nav>
    })
}

/// The search for services.
#[component]
pub fn SearchBox(
    /// The id of the control; one page may have several boxes.
    id: &'static str,
    /// What is searched for now.
    #[prop(optional, into)]
    query: String,
    /// Whether the label is only for screen readers.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let l = locale();
    view! {
        <form
            class="search"
            role="search"
            method="get"
            action=href("/search")
            aria-label=quiet.then(|| words::ui::search_everywhere(l))
        >
            <label class=if quiet { "sr-only" } else { "field-label" } for=id>
                {words::ui::search_label(l)}
            </label>
            <div class="search-row">
                <input
                    class="input"
                    id=id
                    name="q"
                    type="search"
                    value=query
                    autocomplete="off"
                    enterkeyhint="search"
                    placeholder=words::ui::search_example(l)
                />
                <Button tone=ButtonTone::Primary>
                    <Icon picture=Picture::Search />
                    <span>{words::ui::search(l)}</span>
                </Button>
            </div>
        </form>
    }
}
