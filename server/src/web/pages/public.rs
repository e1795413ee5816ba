//! Pages that anybody may see; all but the search come from the catalogue in memory.

use std::sync::Arc;

use app::pages::public::{
    design, home,
    line::ServiceLine,
    reading,
    search::{self, SearchView},
    service::{self, ServiceView},
    services::{self, ServicesView},
    start::{self, StartView},
    topics::{self, Kind, TopicView},
};
use axum::{
    extract::{Path, RawQuery},
    response::{IntoResponse, Redirect, Response},
};
use http::header;

use crate::{
    desk::catalogue,
    state::LoadedCatalogue,
    web::{
        ctx::Ctx,
        doors::Doors,
        error::{Answer, Failure},
        form::first_answer,
    },
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/", home_page)
        .get("/search", search_page)
        .get("/services", services_page)
        .get("/services/{service}", service_page)
        .get("/services/{service}/start", start_page)
        .get("/categories", categories)
        .get("/categories/{category}", category)
        .get("/life-events", life_events)
        .get("/life-events/{event}", life_event)
        .get("/help", help)
        .get("/privacy", privacy)
        .get("/accessibility", accessibility)
        .get("/licences", licences)
        .get("/design", design_page)
        .get_plain("/robots.txt", robots)
        .get_plain("/favicon.ico", favicon)
}

/// The catalogue in force; until the database has been reached for the first time there is none.
fn loaded(ctx: &Ctx) -> Result<Arc<LoadedCatalogue>, Failure> {
    ctx.portal
        .catalogue
        .load_full()
        .ok_or_else(|| Failure::Unavailable("no catalogue is loaded yet".to_owned()))
}

async fn home_page(ctx: Ctx) -> Answer {
    let view = home::HomeView::of(&loaded(&ctx)?.catalogue, ctx.locale);
    Ok(ctx.open_page(home::head(ctx.locale), || home::view(view)))
}

async fn search_page(ctx: Ctx, RawQuery(query): RawQuery) -> Answer {
    let loaded = loaded(&ctx)?;
    let query = first_answer(query.as_deref().unwrap_or_default(), "q");
    let places = catalogue::search(&ctx.portal, &loaded, &query).await?;
    let found = places.iter().filter_map(|place| loaded.catalogue.services.get(*place));
    let results: Vec<_> =
        found.map(|service| ServiceLine::of(&loaded.catalogue, service, ctx.locale)).collect();
    // Whoever found nothing is shown what most people look for.
    let suggestions = if results.is_empty() {
        home::HomeView::of(&loaded.catalogue, ctx.locale).popular
    } else {
        Vec::new()
    };
    let view = SearchView { query, results, suggestions };
    Ok(ctx.open_page(search::head(&view, ctx.locale), || search::view(view)))
}

async fn services_page(ctx: Ctx) -> Answer {
    let view = ServicesView::of(&loaded(&ctx)?.catalogue, ctx.locale);
    Ok(ctx.open_page(services::head(ctx.locale), || services::view(view)))
}

async fn service_page(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let loaded = loaded(&ctx)?;
    let service = find(&loaded, &id)?;
    let view = ServiceView::of(&loaded.catalogue, service, ctx.locale);
    Ok(ctx.open_page(service::head(&view), || service::view(view)))
}

async fn start_page(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let loaded = loaded(&ctx)?;
    let service = find(&loaded, &id)?;
    let view = StartView::of(&loaded.catalogue, service, ctx.locale);
    Ok(ctx.open_page(start::head(&view, ctx.locale), || start::view(view)))
}

fn find<'a>(loaded: &'a LoadedCatalogue, id: &str) -> Result<&'a domain::service::Service, Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    loaded.catalogue.service(&id).ok_or(Failure::NotFound)
}

async fn categories(ctx: Ctx) -> Answer {
    topic_list(&ctx, Kind::Category)
}

async fn life_events(ctx: Ctx) -> Answer {
    topic_list(&ctx, Kind::LifeEvent)
}

fn topic_list(ctx: &Ctx, kind: Kind) -> Answer {
    let topics = kind.topics(&loaded(ctx)?.catalogue, ctx.locale);
    Ok(ctx.open_page(topics::list_head(kind, ctx.locale), || topics::list(kind, topics)))
}

async fn category(ctx: Ctx, Path(id): Path<String>) -> Answer {
    topic(&ctx, Kind::Category, &id)
}

async fn life_event(ctx: Ctx, Path(id): Path<String>) -> Answer {
    topic(&ctx, Kind::LifeEvent, &id)
}

fn topic(ctx: &Ctx, kind: Kind, id: &str) -> Answer {
    let view = TopicView::of(&loaded(ctx)?.catalogue, kind, id, ctx.locale).ok_or(Failure::NotFound)?;
    Ok(ctx.open_page(topics::head(&view), || topics::view(view)))
}

async fn help(ctx: Ctx) -> Answer {
    Ok(ctx.open_page(reading::help_head(ctx.locale), reading::help_view))
}

async fn privacy(ctx: Ctx) -> Answer {
    Ok(ctx.open_page(reading::privacy_head(ctx.locale), reading::privacy_view))
}

async fn accessibility(ctx: Ctx) -> Answer {
    Ok(ctx.open_page(reading::accessibility_head(ctx.locale), reading::accessibility_view))
}

async fn licences(ctx: Ctx) -> Answer {
    Ok(ctx.open_page(reading::licences_head(ctx.locale), reading::licences_view))
}

async fn design_page(ctx: Ctx) -> Answer {
    Ok(ctx.open_page(design::head(ctx.locale), design::view))
}

/// What crawlers may read: the public pages, with and without a language before their path.
const ROBOTS: &str = "User-agent: *
Disallow: /account
Disallow: /*/account
Disallow: /staff
Disallow: /*/staff
Disallow: /reset
Disallow: /*/reset
Disallow: /sandbox
Disallow: /*/sandbox
";

async fn robots() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "max-age=86400")], ROBOTS)
        .into_response()
}

/// Browsers that do not read the page's own links ask here.
async fn favicon() -> Redirect {
    Redirect::permanent("/assets/icon-1.svg")
}
