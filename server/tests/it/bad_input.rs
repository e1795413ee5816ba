//! What must not hurt.

use axum::body::Body;
use http::{Method, StatusCode, header};

use crate::{browser::encode, portal::TestPortal};

#[tokio::test]
async fn markup_that_was_typed_is_shown_and_not_obeyed() {
    let portal = TestPortal::start("markup").await;
    for hostile in [
        "</textarea><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<b>&amp;'",
    ] {
        let mut browser = portal.browser();
        let reply =
            browser.post("/sign-up", &[("name", hostile), ("contact", hostile), ("password", hostile)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!reply.body.contains("<script>alert"), "{hostile}");
        assert!(!reply.body.contains("<img src=x"), "{hostile}");
        let search = browser.get(&format!("/search?q={}", encode(hostile))).await;
        assert_eq!(search.status, StatusCode::OK);
        assert!(!search.body.contains("<script>alert") && !search.body.contains("<img src=x"), "{hostile}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_field_of_a_megabyte_is_too_long_and_is_kept() {
    let portal = TestPortal::start("megabyte").await;
    let mut browser = portal.browser();
    let long = "a".repeat(1 << 20);
    for field in ["name", "contact", "password"] {
        let reply = browser.post_raw("/sign-up", format!("{field}={long}")).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(reply.body.contains(&long), field != "password", "{field}");
    }
    for field in ["contact", "password", "next"] {
        let reply = browser.post_raw("/sign-in", format!("{field}={long}")).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_form_larger_than_anybody_types_is_refused_with_a_page() {
    let portal = TestPortal::start("too_large").await;
    let mut browser = portal.browser();
    for (language, tag) in [("en", "<html lang=\"en\""), ("ko", "<html lang=\"ko\"")] {
        browser.language = language;
        let reply = browser.post_raw("/sign-up", format!("name={}", "a".repeat(5 << 20))).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(reply.body.starts_with("<!DOCTYPE html>") && reply.body.contains(tag));
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_long_field_keeps_what_was_typed() {
    let portal = TestPortal::start("long").await;
    let long = "가".repeat(3000);
    let reply =
        portal.browser().post("/sign-up", &[("name", &long), ("contact", "a@b.kr"), ("password", "x")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains(&long));
    portal.finish().await;
}

#[tokio::test]
async fn broken_utf_8_is_a_flaw_of_its_field() {
    let portal = TestPortal::start("broken_utf8").await;
    let reply = portal.browser().post_raw("/sign-up", "name=%FF%FE&contact=a%40b.kr&password=%C3%28").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("a@b.kr"));
    for path in ["/search?q=%FF%FE", "/search?q=%00", "/services/%FF", "/en/%ff", "/search?%ff=%ff&&&=&q"] {
        let status = portal.browser().get(path).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn ten_thousand_repeated_fields_are_refused() {
    let portal = TestPortal::start("repeated").await;
    let reply = portal.browser().post_raw("/sign-in", "contact=a&".repeat(6_000)).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let reply = portal.browser().post_raw("/sign-in", "contact=a&".repeat(10_000)).await;
    assert!(reply.status.is_client_error());
    assert!(reply.body.starts_with("<!DOCTYPE html>"));
    portal.finish().await;
}

#[tokio::test]
async fn a_field_that_comes_twice_counts_once() {
    let portal = TestPortal::start("twice").await;
    let reply = portal
        .browser()
        .post_raw("/sign-in", "contact=a%40b.kr&contact=c%40d.kr&password=p&password=q")
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn another_content_type_is_refused_with_a_page() {
    let portal = TestPortal::start("content_type").await;
    let mut browser = portal.browser();
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "application/x-www-form-urlencodedX",
    ] {
        let mut request = browser.request(Method::POST, "/sign-in", Body::from("{\"contact\":\"a\"}"));
        request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        let reply = browser.send(request).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert!(reply.body.starts_with("<!DOCTYPE html>"));
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_post_from_another_site_changes_nothing() {
    let portal = TestPortal::start("cross_site").await;
    let mut browser = portal.citizen("minji@example.kr").await;
    for (name, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("x-nothing", "at-all")]
    {
        let mut request = browser.request(Method::POST, "/sign-out", Body::empty());
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        let reply = browser.send(request).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    portal.finish().await;
}

#[tokio::test]
async fn who_asks_for_json_gets_a_problem_document() {
    let portal = TestPortal::start("problem").await;
    let mut browser = portal.browser();
    let mut request = browser.request(Method::GET, "/nonsense", Body::empty());
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    let reply = browser.send(request).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(problem["status"], 404);
    portal.finish().await;
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_page_in_the_readers_language_with_a_reference() {
    let portal = TestPortal::start("gone_database").await;
    let mut browser = portal.citizen("minji@example.kr").await;
    portal.portal.pool.close().await;
    for (language, tag) in [("ko", "<html lang=\"ko\""), ("en", "<html lang=\"en\"")] {
        browser.language = language;
        let reply = browser.get("/account").await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(reply.body.contains(tag));
        assert_eq!(reply.header("retry-after"), "10");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    let ready = browser.get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    // What needs no database is there, whether a session is or not.
    let page = browser.get("/services/passport").await;
    let style = page.body.split('"').find(|text| text.starts_with("/assets/style.")).unwrap().to_owned();
    for path in ["/health/live", "/services/passport", "/robots.txt", style.as_str()] {
        assert_eq!(portal.browser().get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path} with a session");
    }
    portal.finish().await;
}

#[tokio::test]
async fn preferences_lead_back_to_this_site_only() {
    let portal = TestPortal::start("preferences").await;
    let mut browser = portal.browser();
    let reply = browser
        .post("/en/preferences/language", &[("language", "ko"), ("back", "/search?q=%EC%97%AC")])
        .await;
    assert_eq!(reply.header("location"), "/search?q=%EC%97%AC");
    assert!(browser.get("/").await.body.contains("<html lang=\"ko\""));
    let reply =
        browser.post("/preferences/contrast", &[("contrast", "high"), ("back", "//evil.example")]).await;
    assert_eq!(reply.header("location"), "/");
    assert!(browser.get("/").await.body.contains("data-krds-mode=\"high-contrast\""));
    browser.post("/preferences/text-size", &[("text_size", "nonsense"), ("back", "/")]).await;
    assert!(browser.get("/en").await.body.contains("<html lang=\"en\""), "the path wins over the cookie");
    portal.finish().await;
}

#[tokio::test]
async fn a_request_for_another_host_is_not_answered() {
    let portal = TestPortal::start("other_host").await;
    let mut browser = portal.browser();
    let mut request = browser.request(Method::GET, "/sandbox/messages", Body::empty());
    request.headers_mut().insert(header::HOST, "evil.example".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::MISDIRECTED_REQUEST);
    let mut request = browser.request(Method::GET, "/health/live", Body::empty());
    request.headers_mut().insert(header::HOST, "10.0.0.7:3000".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::OK, "a load balancer asks by address");
    portal.finish().await;
}

#[tokio::test]
async fn what_holds_a_name_a_contact_or_a_token_is_not_kept_by_the_browser() {
    let portal = TestPortal::start("not_kept").await;
    let mut browser = portal.browser();
    let form = [("name", "김민지"), ("contact", "minji@example.kr"), ("password", "12345678")];
    assert_eq!(browser.post("/sign-up", &form).await.header("cache-control"), "no-store");
    for path in
        ["/sign-in", "/sign-up/confirm", "/reset/0123456789", "/staff/set-up/0123456789", "/sandbox/messages"]
    {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/", "/search?q=a", "/services/passport", "/help"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "private, no-cache", "{path}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn assets_are_kept_for_a_year_whoever_asks() {
    let portal = TestPortal::start("assets").await;
    for mut browser in [portal.browser(), portal.citizen("minji@example.kr").await] {
        let page = browser.get("/help").await;
        let style = page.body.split('"').find(|text| text.starts_with("/assets/style.")).unwrap().to_owned();
        assert!(browser.get(&style).await.header("cache-control").contains("max-age=31536000"));
    }
    portal.finish().await;
}

#[tokio::test]
async fn the_page_of_a_refused_resend_can_be_reloaded() {
    let portal = TestPortal::start("resent").await;
    let mut browser = portal.browser();
    let form = [("name", "김민지"), ("contact", "minji@example.kr"), ("password", crate::portal::PASSWORD)];
    browser.post("/sign-up", &form).await;
    assert_eq!(browser.get("/sign-up/resend").await.goes_to(), "/sign-up/confirm");
    portal.finish().await;
}
