//! Every door, tried by everybody.

use domain::{
    actor::Role,
    policy::{Audience, Caller, DOORS},
};
use http::StatusCode;

use crate::{browser::Browser, portal::TestPortal};

async fn knock(browser: &mut Browser, method: &str, path: &str) -> (StatusCode, String) {
    let reply =
        if method == "GET" { browser.get(path).await } else { browser.post(path, &[("x", "y")]).await };
    (reply.status, reply.header("location").split('?').next().unwrap_or_default().to_owned())
}

/// A path in which every parameter leads somewhere.
fn real_path(path: &str) -> String {
    path.replace("{service}", "passport")
        .replace("{category}", "none")
        .replace("{event}", "none")
        .replace("{token}", "none")
        .replace("{kind}", "email")
}

#[tokio::test]
async fn every_door_opens_for_whom_it_is_and_for_nobody_else() {
    let portal = TestPortal::start("doors").await;
    for caller in Caller::all() {
        let signed_in = match caller {
            Caller::Nobody => portal.browser(),
            Caller::Citizen => portal.citizen("minji@example.kr").await,
            Caller::Staff(role) => portal.staff(role).await,
        };
        // The doors that end sessions come last; every door gets the same cookies.
        let mut doors: Vec<_> = DOORS.iter().filter(|door| door.audience != Audience::Operators).collect();
        doors.sort_by_key(|door| match door.path {
            "/account/sessions/end-all" => 1,
            "/sign-out" => 2,
            _ => 0,
        });
        for door in doors {
            let mut browser = signed_in.clone();
            let (status, location) = knock(&mut browser, door.method, &real_path(door.path)).await;
            let turned_away = status == StatusCode::FORBIDDEN
                || (status == StatusCode::SEE_OTHER
                    && caller == Caller::Nobody
                    && location.ends_with("/sign-in"));
            assert_eq!(
                turned_away,
                !door.audience.admits(caller),
                "{caller:?} {door:?}: {status} {location}"
            );
            assert!(!status.is_server_error(), "{caller:?} {door:?}: {status}");
        }
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_door_that_is_not_in_the_table_does_not_exist() {
    let portal = TestPortal::start("no_door").await;
    let mut officer = portal.staff(Role::Centre).await;
    for path in
        ["/admin", "/staff/officers", "/account/1", "/.git/config", "/assets/../Cargo.toml", "/sandbox"]
    {
        let reply = officer.get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    let reply =
        officer.send(officer.request(http::Method::DELETE, "/account", axum::body::Body::empty())).await;
    assert!(reply.status.is_client_error());
    portal.finish().await;
}

#[tokio::test]
async fn metrics_want_the_operators_token() {
    let portal = TestPortal::start_with("metrics", &[("MADANG_METRICS_TOKEN", "0123456789abcdef")]).await;
    let mut browser = portal.citizen("minji@example.kr").await;
    assert_eq!(browser.get("/metrics").await.status, StatusCode::UNAUTHORIZED);
    let with = |browser: &Browser, token: &str| {
        let mut request = browser.request(http::Method::GET, "/metrics", axum::body::Body::empty());
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    };
    let request = with(&browser, "0123456789abcdeF");
    assert_eq!(browser.send(request).await.status, StatusCode::UNAUTHORIZED);
    web_counts();
    let request = with(&browser, "0123456789abcdef");
    assert_eq!(browser.send(request).await.status, StatusCode::OK);
    portal.finish().await;
}

fn web_counts() {
    server::web::start_counting();
}

#[tokio::test]
async fn the_sandboxes_mailbox_is_there_in_the_sandbox_only() {
    let portal = TestPortal::start("mailbox").await;
    portal.citizen("minji@example.kr").await;
    portal.browser().get("/sandbox/messages").await.says("Your Madang code").says("minji@example.kr");
    portal.finish().await;
    let settings = [
        ("MADANG_MODE", "production"),
        ("MADANG_PUBLIC_URL", "https://portal.test"),
        ("MADANG_SMTP", "smtps://mail.test:465"),
        ("MADANG_METRICS_TOKEN", "0123456789abcdef"),
        ("MADANG_ARGON2_MEMORY_KIB", "19456"),
    ];
    let portal = TestPortal::start_with("mailbox_production", &settings).await;
    assert_eq!(portal.browser().get("/sandbox/messages").await.status, StatusCode::NOT_FOUND);
    portal.finish().await;
}

#[tokio::test]
async fn the_serving_role_can_neither_change_tables_nor_rewrite_the_log() {
    let portal = TestPortal::start("privileges").await;
    for statement in [
        "delete from audit_events",
        "update audit_events set action = 'x'",
        "create table mine (a int)",
        "alter table citizens add column a int",
        "drop table citizens",
        "update catalogue_versions set content = '{}'",
        "delete from service_versions",
    ] {
        let error = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&portal.portal.pool)
            .await
            .unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
    }
    portal.finish().await;
}
