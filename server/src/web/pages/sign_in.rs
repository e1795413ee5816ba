//! Getting in and out, and keeping a session alive.

use app::{
    form::{Form, Kept, Onward},
    pages::account::sign_in as view,
};
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    actor::{Holder, Role},
    policy::{self, Caller},
};
use http::{HeaderMap, StatusCode, header};
use tower_sessions::Session;

use super::preferences::own_path;
use crate::{
    desk::{
        Refusal, sessions,
        sign_in::{self, Side},
    },
    state::Portal,
    web::{
        ctx::{Ctx, SIDE, set_cookie},
        doors::Doors,
        error::Answer,
        form::{Posted, first_answer},
        kept, session, visitor,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/sign-in", form)
        .post("/sign-in", sign_in)
        .post("/sign-out", sign_out)
        .get("/signed-out", signed_out)
        .post("/session/keep", keep)
}

/// The path to go to after signing in, as the query or the form has it: one of our own pages, or nothing. An action is
/// not repeated by signing in.
pub fn safe_next(next: &str) -> &str {
    let bare = next.split(['?', '#']).next().unwrap_or_default();
    if own_path(next).is_some() && policy::page_at(bare).is_some() { next } else { "" }
}

/// The page after signing in: the one that was wanted, if it is for this account, or one's own.
pub fn after_sign_in(holder: Holder, next: &str) -> &str {
    let next = safe_next(next);
    let bare = next.split(['?', '#']).next().unwrap_or_default();
    let admits = |caller| policy::page_at(bare).is_some_and(|door| door.audience.admits(caller));
    match holder {
        Holder::Citizen(_) if admits(Caller::Citizen) => next,
        Holder::Citizen(_) => "/account",
        // Which role an officer has makes no difference to any page yet.
        Holder::Officer(_) if admits(Caller::Staff(Role::Officer)) => next,
        Holder::Officer(_) => "/staff",
    }
}

/// The page that the query names.
pub fn next_of(query: &str) -> String {
    safe_next(&first_answer(query, "next")).to_owned()
}

async fn form(ctx: Ctx) -> Answer {
    let next = next_of(&ctx.query);
    if let Some(visitor) = &ctx.signed_in {
        return Ok(ctx.go(after_sign_in(visitor.holder, &next)));
    }
    Ok(ctx.page(view::head(ctx.locale), || view::form(Form::empty(), Onward { next, kept: None })))
}

/// The page of a door to sign in at, with what somebody typed who was not, or no longer, signed in.
pub fn with_kept(ctx: &Ctx, staff: bool, kept: Kept) -> Response {
    let onward = Onward { next: String::new(), kept: Some(kept) };
    let side = if staff { Side::Staff } else { Side::Citizens };
    show(ctx, StatusCode::FORBIDDEN, side, (Form::empty(), onward))
}

fn show(ctx: &Ctx, status: StatusCode, side: Side, (form, onward): (Form, Onward)) -> Response {
    match side {
        Side::Citizens => ctx.page_with(status, view::head(ctx.locale), || view::form(form, onward)),
        Side::Staff => {
            use app::pages::staff;
            ctx.page_with(status, staff::sign_in_head(ctx.locale), || staff::sign_in(form, onward))
        }
    }
}

async fn sign_in(ctx: Ctx, browser: Session, headers: HeaderMap, posted: Posted) -> Answer {
    enter(ctx, (browser, headers), posted, Side::Citizens).await
}

/// Signs in at one of the two doors.
pub async fn enter(
    mut ctx: Ctx,
    (browser, headers): (Session, HeaderMap),
    mut posted: Posted,
    side: Side,
) -> Answer {
    let next = safe_next(posted.value("next")).to_owned();
    let kept = kept_of(&posted);
    let password = posted.password("password");
    let contact = posted.take("contact", |text| match text.trim() {
        "" => Err(domain::flaw::Fault::Empty),
        text => Ok(text.to_owned()),
    });
    if password.is_empty() {
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
            let mut response = match kept {
                Some(kept) if may_send(&ctx, entrance.holder, &kept) => {
                    ctx.signed_in = visitor::let_in(&ctx.portal, &browser).await?;
                    ctx.page(view::kept_head(ctx.locale), || view::kept(kept))
                }
                Some(_) => ctx.go_and_say(after_sign_in(entrance.holder, ""), "kept-not-sent"),
                None => ctx.go(after_sign_in(entrance.holder, &next)),
            };
            // When the session is over, this browser is shown the door it came in by.
            let side = if side == Side::Staff { "staff" } else { "citizens" };
            set_cookie(&mut response, &ctx.cookie((SIDE, side), time::Duration::days(365)));
            Ok(response)
        }
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["contact", "password"]);
            Ok(show(&ctx, StatusCode::UNPROCESSABLE_ENTITY, side, (form, Onward { next, kept })))
        }
        Err(other) => Err(other.into()),
    }
}

/// What the form carries along from an action that wanted somebody to sign in. It comes from our own page: another site's
/// form is refused before.
fn kept_of(posted: &Posted) -> Option<Kept> {
    let action = own_path(posted.value("action"))?.to_owned();
    let whose = posted.value("whose").to_owned();
    Some(Kept { whose, ..kept::kept(action, posted.value("kept").as_bytes())? })
}

/// Names an account to us alone: what somebody typed is not sent by the next one who signs in here.
pub fn mark(portal: &Portal, holder: Holder) -> String {
    URL_SAFE_NO_PAD.encode(portal.key.hash("kept", &format!("{holder:?}")))
}

/// Whether what was typed is of this account, as far as that is known, and the account may do what is done there.
fn may_send(ctx: &Ctx, holder: Holder, kept: &Kept) -> bool {
    if !kept.whose.is_empty() && kept.whose != mark(&ctx.portal, holder) {
        return false;
    }
    let bare = kept.action.split(['?', '#']).next().unwrap_or_default();
    let caller = match holder {
        Holder::Citizen(_) => Caller::Citizen,
        // Which role an officer has is asked at the door itself.
        Holder::Officer(_) => Caller::Staff(Role::Officer),
    };
    policy::action_at(bare).is_some_and(|door| door.audience.admits(caller))
}

/// Ends the session. Nothing is asked of somebody whose session is over already.
async fn sign_out(ctx: Ctx, browser: Session) -> Answer {
    browser.flush().await?;
    if let Some(visitor) = &ctx.signed_in {
        sessions::note_sign_out(&ctx.portal, visitor.holder).await?;
    }
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
        for next in ["/account/sessions", "/search?q=a", "/account/contact/email", "/services/passport"] {
            assert_eq!(safe_next(next), next);
        }
        for next in
            ["", "//evil.example", "/unknown", "https://evil.example/account", "/session/keep", "/metrics"]
        {
            assert_eq!(safe_next(next), "", "{next}");
        }
    }

    #[test]
    fn nobody_is_led_to_a_page_for_others() {
        let id = uuid::Uuid::nil();
        assert_eq!(after_sign_in(Holder::Citizen(domain::id::CitizenId(id)), "/staff"), "/account");
        assert_eq!(after_sign_in(Holder::Officer(domain::id::OfficerId(id)), "/account/delete"), "/staff");
        assert_eq!(
            after_sign_in(Holder::Officer(domain::id::OfficerId(id)), "/account/password"),
            "/account/password"
        );
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
