//! The header: settings, brand, search, menu and account.

use leptos::either::Either;
use leptos::prelude::*;

use super::preferences;
use crate::islands::SessionWarning;
use crate::page::{Page, VisitorKind, href};
use crate::ui::{Button, ButtonTone, Icon, Picture, PostForm, SearchBox, instant_text};
use crate::words::shell as words;

/// The header.
pub(super) fn draw(page: &Page) -> AnyView {
    let l = page.locale;
    let ribbon = page.sandbox.then(|| {
        view! {
            <div class="ribbon">
                <p class="frame">
                    <strong>{words::sandbox(l)}</strong>
                    <span>{words::sandbox_text(l)}</span>
                </p>
            </div>
        }
    });
    // Home has a search of its own in the middle, and so has the page of results.
    let search = (page.path != "/" && page.path != "/search")
        .then(|| view! { <SearchBox id="site-search" quiet=true /> });
    view! {
        <header class="header">
            {ribbon}
            <div class="bar">
                <div class="frame bar-row">
                    {session_end(page)} <div class="bar-end">{preferences::language(page)} {preferences::display(page)}</div>
                </div>
            </div>
            <div class="frame head-row">
                <a class="brand" href=href("/")>
                    {logo()}
                    <span class="brand-name">{words::portal(l)}</span>
                </a>
                <div class="head-search">{search}</div>
                <div class="head-account">{account(page)}</div>
                <details class="menu">
                    <summary class="menu-button">
                        <Icon picture=Picture::Menu />
                        <span>{words::menu(l)}</span>
                    </summary>
                    <nav class="menu-body" aria-label=words::phone_menu(l)>
                        <ul>{links(page, true)}</ul>
                        <div class="menu-account">{account(page)}</div>
                    </nav>
                </details>
            </div>
            <nav class="main-menu" aria-label=words::main_menu(l)>
                <div class="frame">
                    <ul>{links(page, false)}</ul>
                </div>
            </nav>
        </header>
    }
    .into_any()
}

/// Our own mark: a courtyard, open to one side.
pub(super) fn logo() -> AnyView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <path class="logo-wall" d="M4 15L16 4l12 11v13h-8v-7h-8v7H4z"></path>
            <path class="logo-yard" d="M12 28v-7h8v7z"></path>
        </svg>
    }
    .into_any()
}

fn links(page: &Page, search: bool) -> AnyView {
    let l = page.locale;
    let mut entries = vec![
        ("/services", words::services(l)),
        ("/life-events", words::life_events(l)),
        ("/categories", words::categories(l)),
        ("/help", words::help(l)),
    ];
    if search {
        entries.insert(0, ("/search", words::search(l)));
    }
    entries
        .into_iter()
        .map(|(path, name)| {
            let inside =
                page.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let current = match (page.path == path, inside) {
                (true, _) => Some("page"),
                (false, true) => Some("true"),
                _ => None,
            };
            view! {
                <li>
                    <a href=href(path) aria-current=current>
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view()
        .into_any()
}

fn account(page: &Page) -> AnyView {
    let l = page.locale;
    match &page.visitor {
        None => view! {
            <a class="account-link" href=href("/sign-in")>
                {words::sign_in(l)}
            </a>
            <a class="account-link" href=href("/sign-up")>
                {words::sign_up(l)}
            </a>
        }
        .into_any(),
        Some(visitor) => {
            let to = match visitor.kind {
                VisitorKind::Citizen => "/account",
                VisitorKind::Staff => "/staff",
            };
            view! {
                <a class="account-link" href=href(to)>
                    <Icon picture=Picture::Person />
                    <span>{visitor.name.clone()}</span>
                </a>
                <PostForm action="/sign-out" class="bar-form">
                    <Button tone=ButtonTone::Link>{words::sign_out(l)}</Button>
                </PostForm>
            }
            .into_any()
        }
    }
}

/// The end of the session in words, for those without scripts.
fn session_end(page: &Page) -> AnyView {
    let end = page.visitor.as_ref().and_then(|visitor| visitor.session_ends);
    match end {
        None => Either::Left(()),
        Some(end) => Either::Right(view! {
            <p class="session-end" id="session-end">
                {words::session_ends(page.locale, &instant_text(end, page.locale))}
            </p>
        }),
    }
    .into_any()
}

/// The island that warns before the session ends.
pub(super) fn session_warning(page: &Page) -> Option<AnyView> {
    let end = page.visitor.as_ref()?.session_ends?;
    let seconds_left = i32::try_from((end - page.now).num_seconds()).unwrap_or(i32::MAX);
    let keep = href("/session/keep");
    let staff = page.visitor.as_ref().is_some_and(|visitor| visitor.kind == VisitorKind::Staff);
    let sign_in = href(if staff { "/staff/sign-in" } else { "/sign-in" });
    Some(view! { <SessionWarning seconds_left keep sign_in locale=page.locale /> }.into_any())
}
