//! The staff's side.

use app::{
    form::{Form, Onward},
    pages::staff as view,
};
use axum::extract::Path;
use domain::{actor::Holder, policy::Caller};
use http::HeaderMap;
use store::password_link::Purpose;
use tower_sessions::Session;

use super::{
    reset,
    sign_in::{after_sign_in, enter, next_of},
};
use crate::{
    desk::{account, sign_in::Side},
    web::{
        ctx::Ctx,
        doors::Doors,
        error::{Answer, Failure},
        form::Posted,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/staff", bench)
        .get("/staff/sign-in", sign_in_form)
        .post("/staff/sign-in", sign_in)
        .get("/staff/set-up/{token}", set_up_form)
        .post("/staff/set-up/{token}", set_up)
}

/// Agency and department in the reader's language; their ids where the catalogue no longer knows them.
pub fn office(ctx: &Ctx, agency: &str, department: &str) -> String {
    let (agency, department) = names(ctx, agency, department);
    format!("{agency} {department}")
}

fn names(ctx: &Ctx, agency: &str, department: &str) -> (String, String) {
    let loaded = ctx.portal.catalogue.load_full();
    let known = loaded.as_ref().and_then(|loaded| loaded.catalogue.agency(&agency.parse().ok()?));
    let part = known.and_then(|known| known.department(&department.parse().ok()?));
    (
        known.map_or(agency, |agency| agency.name.get(ctx.locale)).to_owned(),
        part.map_or(department, |department| department.name.get(ctx.locale)).to_owned(),
    )
}

async fn bench(ctx: Ctx) -> Answer {
    let visitor = ctx.signed_in.clone().ok_or(Failure::NotFound)?;
    let (Holder::Officer(id), Caller::Staff(role)) = (visitor.holder, visitor.caller) else {
        return Err(Failure::NotFound);
    };
    let row = account::officer(&ctx.portal, id).await?;
    let (agency, department) = names(&ctx, &row.agency, &row.department);
    let bench = view::BenchView { name: row.name, agency, department, role };
    Ok(ctx.page(view::bench_head(ctx.locale), || view::bench(bench)))
}

async fn sign_in_form(ctx: Ctx) -> Answer {
    let next = next_of(&ctx.query);
    if let Some(visitor) = &ctx.signed_in {
        return Ok(ctx.go(after_sign_in(visitor.holder, &next)));
    }
    Ok(ctx.page(view::sign_in_head(ctx.locale), || view::sign_in(Form::empty(), Onward { next, kept: None })))
}

async fn sign_in(ctx: Ctx, browser: Session, headers: HeaderMap, posted: Posted) -> Answer {
    enter(ctx, (browser, headers), posted, Side::Staff).await
}

async fn set_up_form(ctx: Ctx, Path(token): Path<String>) -> Answer {
    reset::show(&ctx, &token, Purpose::SetUp, None).await
}

async fn set_up(ctx: Ctx, Path(token): Path<String>, posted: Posted) -> Answer {
    reset::take(ctx, &token, Purpose::SetUp, posted).await
}
