//! Proving who one is.

use app::{
    form::Form,
    pages::account::identity::{self as view, Hindrance, IdentityView},
};
use domain::{
    account::{PersonName, parse_code},
    id::CitizenId,
    resident_number::{BIRTH_DIGITS, ResidentNumber, SERIAL_DIGITS, parse_half},
};
use http::StatusCode;

use super::account::citizen;
use crate::{
    desk::{
        self, Refusal, resident_register,
        verify_identity::{self, Begun, Confirmed},
    },
    web::{
        ctx::Ctx,
        doors::Doors,
        error::{Answer, Failure},
        form::Posted,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/account/identity", form)
        .post("/account/identity", begin)
        .get("/account/identity/confirm", confirm_form)
        .post("/account/identity/confirm", confirm)
}

/// Who the account has been verified to be, as its pages show it. A number that does not open is left out, and told in
/// the log: the rest of the account has to stay within reach.
pub(super) async fn shown(ctx: &Ctx, id: CitizenId) -> Result<Option<IdentityView>, Failure> {
    let Some(row) = verify_identity::verified(&ctx.portal, id).await? else { return Ok(None) };
    let number = verify_identity::masked_number(&ctx.portal, &row)
        .map_err(|error| tracing::error!(citizen = %id, %error, "a number cannot be shown"))
        .ok();
    Ok(Some(IdentityView { name: row.name, number, verified_at: row.verified_at }))
}

async fn form(ctx: Ctx) -> Answer {
    let id = citizen(&ctx)?;
    if let Some(identity) = shown(&ctx, id).await? {
        return Ok(ctx.page(view::head(ctx.locale), || view::verified(identity)));
    }
    let (row, _) = desk::account::citizen(&ctx.portal, id).await?;
    let hindrance = (!resident_register::is_known(&ctx.portal)).then_some(Hindrance::NotConnected);
    let form = Form::from_pairs([("name", row.name)]);
    Ok(ctx.page(view::head(ctx.locale), || view::ask(form, hindrance)))
}

async fn begin(ctx: Ctx, mut posted: Posted) -> Answer {
    let id = citizen(&ctx)?;
    let name = posted.take("name", PersonName::parse);
    let birth = posted.secret("birth", |text| parse_half(text, BIRTH_DIGITS));
    let serial = posted.secret("serial", |text| parse_half(text, SERIAL_DIGITS));
    let number = match (birth, serial) {
        (Some(birth), Some(serial)) => ResidentNumber::of_halves(&birth, &serial).ok(),
        _ => None,
    };
    let outcome = match (name, number) {
        (Some(_), Some(_)) if !resident_register::is_known(&ctx.portal) => {
            return Ok(hindered(&ctx, posted, Hindrance::NotConnected));
        }
        (Some(name), Some(number)) => {
            verify_identity::begin(&ctx.portal, &ctx.visit(), id, (name, number)).await
        }
        _ => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(Begun::CodeMayCome) => Ok(ctx.go("/account/identity/confirm")),
        Ok(Begun::NotNow) => Ok(hindered(&ctx, posted, Hindrance::NoAnswer)),
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["name", "birth", "serial"]);
            Ok(ctx.flawed(view::head(ctx.locale), || view::ask(form, None)))
        }
        // Verified meanwhile, perhaps in another tab.
        Err(Refusal::Gone) => Ok(ctx.go("/account/identity")),
        Err(other) => Err(other.into()),
    }
}

/// The form once more, with what stands in the way: to be sent again later.
fn hindered(ctx: &Ctx, posted: Posted, hindrance: Hindrance) -> axum::response::Response {
    let form = posted.into_form(vec![], &[]).with_flaws(vec![]);
    let head = view::head(ctx.locale);
    ctx.page_with(StatusCode::SERVICE_UNAVAILABLE, head, || view::ask(form, Some(hindrance)))
}

async fn confirm_form(ctx: Ctx) -> Answer {
    if verify_identity::is_waiting(&ctx.portal, citizen(&ctx)?).await? {
        return Ok(ctx.page(view::confirm_head(ctx.locale), || view::confirm(Form::empty())));
    }
    Ok(ctx.go("/account/identity"))
}

async fn confirm(ctx: Ctx, mut posted: Posted) -> Answer {
    let id = citizen(&ctx)?;
    let outcome = match posted.secret("code", parse_code) {
        Some(code) => verify_identity::confirm(&ctx.portal, &ctx.visit(), id, &code).await,
        None => Err(Refusal::Flaws(vec![])),
    };
    match outcome {
        Ok(Confirmed::Verified) => Ok(ctx.go_and_say("/account", "identity-verified")),
        Ok(Confirmed::OtherAccount) => Ok(ctx.go_and_say("/account", "identity-other")),
        Err(Refusal::Flaws(flaws)) => {
            let form = posted.into_form(flaws, &["code"]);
            Ok(ctx.flawed(view::confirm_head(ctx.locale), || view::confirm(form)))
        }
        Err(other) => Err(other.into()),
    }
}
