//! A lost password.

use app::{form::Form, pages::account::reset as view};
use axum::extract::Path;
use domain::account::Contact;
use http::StatusCode;
use store::password_link::Purpose;

use crate::{
    desk::{Refusal, reset_password},
    web::{ctx::Ctx, doors::Doors, error::Answer, form::Posted},
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/reset", ask_form)
        .post("/reset", ask)
        .get("/reset/sent", sent)
        .get("/reset/{token}", set_form)
        .post("/reset/{token}", set)
}

async fn ask_form(ctx: Ctx) -> Answer {
    Ok(ctx.page(view::head(ctx.locale), || view::ask(Form::empty())))
}

async fn ask(ctx: Ctx, mut posted: Posted) -> Answer {
    let outcome = match posted.take("contact", Contact::parse) {
        Some(contact) => reset_password::ask(&ctx.portal, &ctx.visit(), contact).await,
        None => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(()) => Ok(ctx.go("/reset/sent")),
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["contact"]);
            Ok(ctx.flawed(view::head(ctx.locale), || view::ask(form)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn sent(ctx: Ctx) -> Answer {
    Ok(ctx.page(view::sent_head(ctx.locale), view::sent))
}

async fn set_form(ctx: Ctx, Path(token): Path<String>) -> Answer {
    show(&ctx, &token, Purpose::Reset, None).await
}

async fn set(ctx: Ctx, Path(token): Path<String>, posted: Posted) -> Answer {
    take(ctx, &token, Purpose::Reset, posted).await
}

/// The page of a link, for citizens and staff.
pub async fn show(ctx: &Ctx, token: &str, purpose: Purpose, flawed: Option<Form>) -> Answer {
    if !reset_password::is_open(&ctx.portal, token, purpose).await? {
        return Ok(stale(ctx, purpose));
    }
    let status = if flawed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = flawed.unwrap_or_default();
    let path = ctx.path.clone();
    Ok(match purpose {
        Purpose::Reset => ctx.page_with(status, view::set_head(ctx.locale), || view::set(form, path)),
        Purpose::SetUp => {
            use app::pages::staff;
            ctx.page_with(status, staff::set_up_head(ctx.locale), || staff::set_up(form, path))
        }
    })
}

/// Sets the password.
pub async fn take(ctx: Ctx, token: &str, purpose: Purpose, mut posted: Posted) -> Answer {
    let password = posted.password("password");
    let outcome = if posted.is_good() {
        reset_password::set(&ctx.portal, &ctx.visit(), token, purpose, password).await
    } else {
        Err(Refusal::Flaws(vec![]))
    };
    let door = if purpose == Purpose::Reset { "/sign-in" } else { "/staff/sign-in" };
    match outcome {
        Ok(()) => Ok(ctx.go_and_say(door, "password-set")),
        Err(Refusal::Flaws(flaws)) => {
            show(&ctx, token, purpose, Some(posted.into_form(flaws, &["password"]))).await
        }
        Err(Refusal::Gone) => Ok(stale(&ctx, purpose)),
        Err(other) => Err(other.into()),
    }
}

fn stale(ctx: &Ctx, purpose: Purpose) -> axum::response::Response {
    ctx.page_with(StatusCode::GONE, view::stale_head(ctx.locale), || view::stale(purpose == Purpose::SetUp))
}
