//! Making an account.

use app::{form::Form, pages::account::sign_up as view};
use axum::http::HeaderMap;
use domain::{
    account::{Contact, ContactKind, PersonName, parse_code},
    flaw::Fault,
};
use tower_sessions::Session;

use super::sign_in::{after_sign_in, device, next_of, safe_next};
use crate::{
    desk::{
        Refusal,
        sign_up::{self, SignUp},
    },
    web::{
        ctx::Ctx,
        doors::Doors,
        error::{Answer, Failure},
        form::Posted,
        session,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/sign-up", form)
        .post("/sign-up", register)
        .get("/sign-up/confirm", confirm_form)
        .post("/sign-up/confirm", confirm)
        .get("/sign-up/resend", resent)
        .post("/sign-up/resend", resend)
}

async fn form(ctx: Ctx) -> Answer {
    let phone = ctx.portal.messenger.reaches(ContactKind::Phone);
    Ok(ctx.page(view::head(ctx.locale), || view::form(Form::empty(), phone, next_of(&ctx.query))))
}

async fn register(ctx: Ctx, browser: Session, mut posted: Posted) -> Answer {
    let phone = ctx.portal.messenger.reaches(ContactKind::Phone);
    let next = safe_next(posted.value("next")).to_owned();
    let name = posted.take("name", PersonName::parse);
    let contact = posted.take("contact", |text| match Contact::parse(text)? {
        contact if contact.kind() == ContactKind::Phone && !phone => Err(Fault::NotEmail),
        contact => Ok(contact),
    });
    let password = posted.password("password");
    let outcome = match (name, contact) {
        (Some(name), Some(contact)) if posted.is_good() => {
            sign_up::register(&ctx.portal, &ctx.visit(), SignUp { name, contact, password }).await
        }
        (name, contact) => {
            // Every flaw at once: the password is judged even when the rest is wrong.
            let known = [name.as_ref().map(PersonName::as_str), contact.as_ref().map(Contact::address)];
            let known = known.into_iter().flatten().map(str::to_owned).collect();
            match sign_up::judge(&ctx.portal, &ctx.visit(), password, known).await {
                Ok(()) => Err(Refusal::Flaws(vec![])),
                Err(refusal) => Err(refusal),
            }
        }
    };
    match outcome {
        Ok(citizen_id) => {
            session::begin_registration(&browser, citizen_id, &next).await?;
            Ok(ctx.go("/sign-up/confirm"))
        }
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["name", "contact", "password"]);
            Ok(ctx.flawed(view::head(ctx.locale), || view::form(form, phone, next)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn confirm_form(ctx: Ctx, browser: Session) -> Answer {
    show_confirm(&ctx, &browser, None).await
}

async fn show_confirm(ctx: &Ctx, browser: &Session, form: Option<Form>) -> Answer {
    let waiting = match session::registration(browser).await? {
        Some(id) => sign_up::waiting_contact(&ctx.portal, id).await?,
        None => None,
    };
    // Nothing is waiting in this browser: the way on is the form.
    let Some(contact) = waiting else { return Ok(ctx.go("/sign-up")) };
    let head = view::confirm_head(ctx.locale);
    Ok(match form {
        None => ctx.page(head, || view::confirm(Form::empty(), contact.to_string())),
        Some(form) => ctx.flawed(head, || view::confirm(form, contact.to_string())),
    })
}

async fn confirm(ctx: Ctx, browser: Session, headers: HeaderMap, mut posted: Posted) -> Answer {
    let Some(citizen_id) = session::registration(&browser).await? else { return Ok(ctx.go("/sign-up")) };
    let outcome = match posted.take("code", parse_code) {
        Some(code) => sign_up::confirm(&ctx.portal, citizen_id, &code).await,
        None => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(entrance) => {
            let next = session::next(&browser).await?;
            session::open(&ctx.portal, &browser, entrance, device(&headers)).await?;
            Ok(ctx.go_and_say(after_sign_in(entrance.holder, &next), "welcome"))
        }
        Err(Refusal::Flaws(flaws)) => {
            show_confirm(&ctx, &browser, Some(posted.into_form(flaws, &["code"]))).await
        }
        Err(Refusal::Gone) => Ok(ctx.go("/sign-up")),
        Err(other) => Err(Failure::from(other)),
    }
}

/// A browser that reloads the page of a refused resend comes here.
async fn resent(ctx: Ctx) -> Answer {
    Ok(ctx.go("/sign-up/confirm"))
}

async fn resend(mut ctx: Ctx, browser: Session) -> Answer {
    let Some(citizen_id) = session::registration(&browser).await? else { return Ok(ctx.go("/sign-up")) };
    match sign_up::resend(&ctx.portal, &ctx.visit(), citizen_id).await {
        Ok(()) => Ok(ctx.go_and_say("/sign-up/confirm", "code-sent")),
        Err(Refusal::Flaws(flaws)) => {
            // The page belongs to another door: whoever changes the language on it comes back to that one.
            "/sign-up/confirm".clone_into(&mut ctx.path);
            show_confirm(&ctx, &browser, Some(Form::empty().with_flaws(flaws))).await
        }
        Err(Refusal::Gone) => Ok(ctx.go("/sign-up")),
        Err(other) => Err(other.into()),
    }
}
