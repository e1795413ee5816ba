//! Pages that anybody may see.

use axum::response::IntoResponse;
use http::StatusCode;

use crate::web::doors::Doors;

pub fn mount(doors: Doors) -> Doors {
    doors
        .get("/", todo)
        .get("/search", todo)
        .get("/services", todo)
        .get("/services/{service}", todo)
        .get("/services/{service}/start", todo)
        .get("/categories", todo)
        .get("/categories/{category}", todo)
        .get("/life-events", todo)
        .get("/life-events/{event}", todo)
        .get("/help", todo)
        .get("/privacy", todo)
        .get("/accessibility", todo)
        .get("/licences", todo)
        .get("/design", todo)
        .get("/robots.txt", todo)
        .get("/favicon.ico", todo)
}

async fn todo() -> impl IntoResponse {
    StatusCode::NOT_FOUND
}
