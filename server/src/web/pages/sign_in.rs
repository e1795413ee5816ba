//! Getting in and out, and keeping a session alive.

use app::{form::Form, pages::account::sign_in as view};
use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use domain::{actor::Holder, policy};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;

use super::preferences::own_path;
use crate::{
    desk::{
        Refusal,
        sign_in::{self, Side},
    },
    web::{ctx::Ctx, doors::Doors, error::Answer, form::Posted, session},
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/sign-in", form)
        .post("/sign-in", sign_in)
        .post("/sign-out", sign_out)
        .get("/signed-out", signed_out)
        .post("/session/keep", keep)
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// The path, if it is one of our pages.
    pub fn path(&self) -> &str {
        safe_next(&self.next)
    }
}

/// The path, if it is one of our own and a page: an action is not repeated by signing in.
pub fn safe_next(next: &str) -> &str {
    let bare = next.split(['?', '#']).next().unwrap_or_default();
    let known = own_path(next).is_some()
        && policy::DOORS.iter().any(|door| door.method == "GET" && door.path == bare);
    if known { next } else { "" }
}

/// The page after signing in: the one that was wanted, or one's own.
pub fn after_sign_in(holder: Holder, next: &str) -> &str {
    match (safe_next(next), holder) {
        ("", Holder::Citizen(_)) => "/account",
        ("", Holder::Officer(_)) => "/staff",
        (next, _) => next,
    }
}

async fn form(ctx: Ctx, Query(next): Query<Next>) -> Answer {
    if let Some(visitor) = &ctx.signed_in {
        return Ok(ctx.go(after_sign_in(visitor.holder, next.path())));
    }
    Ok(ctx.page(view::head(ctx.locale), || view::form(Form::empty(), next.path().to_owned())))
}

async fn sign_in(ctx: Ctx, browser: Session, headers: HeaderMap, posted: Posted) -> Answer {
    enter(ctx, (browser, headers), posted, Side::Citizens).await
}

/// Signs in at one of the two doors.
pub async fn enter(
    ctx: Ctx,
    (browser, headers): (Session, HeaderMap),
    mut posted: Posted,
    side: Side,
) -> Answer {
    let next = safe_next(posted.value("next")).to_owned();
    let password = posted.password("password");
    let contact = posted.take("contact", |text| match text.trim() {
        "" => Err(domain::flaw::Fault::Empty),
        text => Ok(text.to_owned()),
    });
    if password.is_empty() && posted.is_good() {
        posted.note("password", domain::flaw::Fault::Empty);
    }
    let outcome = match contact {
        Some(contact) if posted.is_good() => {
            sign_in::sign_in(&ctx.portal, &ctx.visit(), (side, &contact), password).await
        }
        _ => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(entrance) => {
            session::open(&ctx.portal, &browser, entrance, device(&headers)).await?;
            Ok(ctx.go(after_sign_in(entrance.holder, &next)))
        }
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["contact", "password"]);
            Ok(match side {
                Side::Citizens => ctx.flawed(view::head(ctx.locale), || view::form(form, next)),
                Side::Staff => {
                    use app::pages::staff;
                    ctx.flawed(staff::sign_in_head(ctx.locale), || staff::sign_in(form, next))
                }
            })
        }
        Err(other) => Err(other.into()),
    }
}

/// Ends the session. Nothing is asked of somebody whose session is over already.
async fn sign_out(ctx: Ctx, browser: Session) -> Answer {
    browser.flush().await?;
    let mut response = ctx.go("/signed-out");
    // What the browser has kept of pages and the like goes too, where it listens (W3C Clear Site Data).
    if let Ok(value) = "\"cache\"".parse() {
        response.headers_mut().insert("clear-site-data", value);
    }
    Ok(response)
}

async fn signed_out(ctx: Ctx) -> Answer {
    Ok(ctx.page(view::signed_out_head(ctx.locale), view::signed_out))
}

/// Asked by the warning before a session ends: coming here was the use that keeps it. Answers the seconds that are
/// left, as plain text.
async fn keep(ctx: Ctx) -> Response {
    match &ctx.signed_in {
        Some(visitor) => {
            (visitor.ends_at - ctx.portal.now()).num_seconds().max(0).to_string().into_response()
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// What the browser says it is, in a few words that its owner recognises: `Chrome · Android`.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order matters: most browsers also claim to be older ones.
    let browser = first(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("Whale/", "Whale"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_come_next() {
        assert_eq!(safe_next("/account/sessions"), "/account/sessions");
        assert_eq!(safe_next("/search?q=a"), "/search?q=a");
        for next in ["", "//evil.example", "/unknown", "https://evil.example/account", "/session/keep"] {
            assert_eq!(safe_next(next), "", "{next}");
        }
    }

    #[test]
    fn a_device_is_named_as_its_owner_knows_it() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
                "Samsung Internet · Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge · Windows",
            ),
            ("curl/8", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(device(&headers), name);
        }
    }
}
