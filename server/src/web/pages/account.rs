//! Looking after an account.

use std::sync::Arc;

use app::{
    form::Form,
    pages::account::{contact, delete, home, password, sessions},
};
use axum::extract::Path;
use domain::{
    account::{Contact, ContactKind, check_password_length, parse_code},
    actor::Holder,
    flaw::Fault,
    id::{CitizenId, SessionHandle},
};
use http::HeaderMap;
use tower_sessions::Session;

use super::sign_in::device;
use crate::{
    desk::{self, Refusal, change_contact, change_password, delete_account},
    web::{
        ctx::Ctx,
        doors::Doors,
        error::{Answer, Failure},
        form::Posted,
        session,
        visitor::SignedIn,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/account", account)
        .get("/account/password", password_form)
        .post("/account/password", set_password)
        .get("/account/sessions", list_sessions)
        .post("/account/sessions/end", end_session)
        .post("/account/sessions/end-all", end_all_sessions)
        .get("/account/contact/{kind}", contact_form)
        .post("/account/contact/{kind}", ask_contact)
        .get("/account/contact/{kind}/confirm", confirm_form)
        .post("/account/contact/{kind}/confirm", confirm_contact)
        .get("/account/delete", delete_form)
        .post("/account/delete", delete_it)
        .get("/account/deleted", deleted)
}

/// Who is signed in: the guard has let nobody else through.
fn visitor(ctx: &Ctx) -> Result<Arc<SignedIn>, Failure> {
    ctx.signed_in.clone().ok_or_else(|| Failure::Internal("a guarded door was open".to_owned()))
}

pub(super) fn citizen(ctx: &Ctx) -> Result<CitizenId, Failure> {
    match visitor(ctx)?.holder {
        Holder::Citizen(id) => Ok(id),
        Holder::Officer(_) => Err(Failure::Internal("a guarded door was open".to_owned())),
    }
}

/// The kind of contact in the path, if messages can reach it.
fn kind(ctx: &Ctx, name: &str) -> Result<ContactKind, Failure> {
    ContactKind::from_name(name).filter(|kind| ctx.portal.messenger.reaches(*kind)).ok_or(Failure::NotFound)
}

async fn account(ctx: Ctx) -> Answer {
    let visitor = visitor(&ctx)?;
    let view = match visitor.holder {
        Holder::Citizen(id) => {
            let (row, contacts) = desk::account::citizen(&ctx.portal, id).await?;
            home::AccountView {
                name: row.name,
                contacts,
                identity: super::identity::shown(&ctx, id).await?,
                office: None,
                password_changed_at: Some(row.password_changed_at),
                phone: ctx.portal.messenger.reaches(ContactKind::Phone),
            }
        }
        Holder::Officer(id) => {
            let row = desk::account::officer(&ctx.portal, id).await?;
            home::AccountView {
                name: row.name,
                contacts: vec![],
                identity: None,
                office: Some(super::staff::office(&ctx, &row.agency, &row.department)),
                password_changed_at: row.password_changed_at,
                phone: false,
            }
        }
    };
    Ok(ctx.page(home::head(ctx.locale), || home::page(view)))
}

async fn password_form(ctx: Ctx) -> Answer {
    Ok(ctx.page(password::head(ctx.locale), || password::page(Form::empty())))
}

async fn set_password(ctx: Ctx, browser: Session, headers: HeaderMap, mut posted: Posted) -> Answer {
    let holder = visitor(&ctx)?.holder;
    let both = (posted.password("present"), posted.password("password"));
    // Every flaw at once, as far as they can be seen without looking anything up.
    note_empty(&mut posted, &both.0);
    if let Err(fault) = check_password_length(&both.1) {
        posted.note("password", fault);
    }
    let outcome = if posted.is_good() {
        change_password::change(&ctx.portal, &ctx.visit(), holder, both).await
    } else {
        Err(Refusal::Flaws(vec![]))
    };
    match outcome {
        Ok(entrance) => {
            session::open(&ctx.portal, &browser, entrance, device(&headers)).await?;
            Ok(ctx.go_and_say("/account", "password-changed"))
        }
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["present", "password"]);
            Ok(ctx.flawed(password::head(ctx.locale), || password::page(form)))
        }
        Err(other) => Err(other.into()),
    }
}

fn note_empty(posted: &mut Posted, present: &str) {
    if present.is_empty() {
        posted.note("present", Fault::Empty);
    }
}

async fn list_sessions(ctx: Ctx) -> Answer {
    let visitor = visitor(&ctx)?;
    let lines = desk::sessions::list(&ctx.portal, visitor.holder).await?;
    let views = lines
        .into_iter()
        .map(|line| sessions::SessionView {
            handle: line.handle.to_string(),
            device: line.device,
            since: line.created_at,
            seen: line.seen_at,
            present: line.handle == visitor.handle.0,
        })
        .collect();
    Ok(ctx.page(sessions::head(ctx.locale), || sessions::page(views)))
}

async fn end_session(ctx: Ctx, posted: Posted) -> Answer {
    let holder = visitor(&ctx)?.holder;
    let handle = posted.value("session").parse().map(SessionHandle).map_err(|_| Failure::NotFound)?;
    match desk::sessions::end(&ctx.portal, holder, handle).await {
        // Ended twice, or in another tab: it is over, which is what was wanted.
        Ok(()) | Err(Refusal::Gone) => Ok(ctx.go_and_say("/account/sessions", "session-ended")),
        Err(other) => Err(other.into()),
    }
}

async fn end_all_sessions(ctx: Ctx, browser: Session) -> Answer {
    desk::sessions::end_all(&ctx.portal, visitor(&ctx)?.holder).await?;
    browser.flush().await?;
    Ok(ctx.go_and_say("/signed-out", "signed-out-everywhere"))
}

async fn contact_form(ctx: Ctx, Path(name): Path<String>) -> Answer {
    let kind = kind(&ctx, &name)?;
    Ok(ctx.page(contact::head(kind, ctx.locale), || contact::ask(Form::empty(), kind)))
}

async fn ask_contact(ctx: Ctx, Path(name): Path<String>, mut posted: Posted) -> Answer {
    let (kind, citizen_id) = (kind(&ctx, &name)?, citizen(&ctx)?);
    let present = posted.password("present");
    note_empty(&mut posted, &present);
    let parsed = posted.take("contact", |text| Contact::parse_as(kind, text));
    let outcome = match parsed {
        Some(contact) if posted.is_good() => {
            change_contact::ask(&ctx.portal, &ctx.visit(), (citizen_id, &contact), present).await
        }
        _ => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(()) => Ok(ctx.go(&format!("/account/contact/{}/confirm", kind.name()))),
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["contact", "present"]);
            Ok(ctx.flawed(contact::head(kind, ctx.locale), || contact::ask(form, kind)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn confirm_form(ctx: Ctx, Path(name): Path<String>) -> Answer {
    let kind = kind(&ctx, &name)?;
    show_confirm(&ctx, kind, None).await
}

async fn show_confirm(ctx: &Ctx, kind: ContactKind, flawed: Option<Form>) -> Answer {
    let Some(waiting) = change_contact::waiting(&ctx.portal, citizen(ctx)?, kind).await? else {
        return Ok(ctx.go(&format!("/account/contact/{}", kind.name())));
    };
    let head = app::pages::account::sign_up::confirm_head(ctx.locale);
    let address = waiting.to_string();
    Ok(match flawed {
        None => ctx.page(head, || contact::confirm(Form::empty(), kind, address)),
        Some(form) => ctx.flawed(head, || contact::confirm(form, kind, address)),
    })
}

async fn confirm_contact(
    ctx: Ctx,
    Path(name): Path<String>,
    (browser, headers): (Session, HeaderMap),
    mut posted: Posted,
) -> Answer {
    let (kind, citizen_id) = (kind(&ctx, &name)?, citizen(&ctx)?);
    let outcome = match posted.take("code", parse_code) {
        Some(code) => change_contact::confirm(&ctx.portal, (citizen_id, kind), &code).await,
        None => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(entrance) => {
            session::open(&ctx.portal, &browser, entrance, device(&headers)).await?;
            Ok(ctx.go_and_say("/account", "contact-changed"))
        }
        Err(Refusal::Flaws(flaws)) => {
            show_confirm(&ctx, kind, Some(posted.into_form(flaws, &["code"]))).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn delete_form(ctx: Ctx) -> Answer {
    Ok(ctx.page(delete::head(ctx.locale), || delete::ask(Form::empty())))
}

async fn delete_it(ctx: Ctx, browser: Session, mut posted: Posted) -> Answer {
    let present = posted.password("present");
    let outcome = if posted.is_good() {
        delete_account::delete(&ctx.portal, &ctx.visit(), citizen(&ctx)?, present).await
    } else {
        Err(Refusal::Flaws(vec![]))
    };
    match outcome {
        Ok(()) => {
            browser.flush().await?;
            Ok(ctx.go("/account/deleted"))
        }
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["present"]);
            Ok(ctx.flawed(delete::head(ctx.locale), || delete::ask(form)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn deleted(ctx: Ctx) -> Answer {
    Ok(ctx.page(delete::done_head(ctx.locale), delete::done))
}
