//! What a session cookie is worth, and until when.

use chrono::TimeDelta;
use domain::actor::Role;
use http::StatusCode;

use crate::portal::{PASSWORD, TestPortal};

const MAIL: &str = "minji@example.kr";

#[tokio::test]
async fn a_cookie_stolen_before_sign_in_is_worthless_afterwards() {
    let portal = TestPortal::start("fixation").await;
    portal.citizen(MAIL).await;
    let mut browser = portal.browser();
    browser
        .post("/sign-up", &[("name", "김민지"), ("contact", "other@example.kr"), ("password", PASSWORD)])
        .await;
    let before = browser.session().expect("a registration has a session");
    browser.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    assert_ne!(browser.session().unwrap(), before);
    assert_eq!(browser.thief(&before).get("/account").await.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn a_cookie_that_somebody_else_chose_is_not_adopted() {
    let portal = TestPortal::start("planted").await;
    portal.citizen(MAIL).await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    let mut browser = portal.browser().thief(planted);
    browser.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    assert_ne!(browser.session().unwrap(), planted);
    assert_eq!(browser.thief(planted).get("/account").await.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn a_cookie_stolen_before_sign_out_is_worthless_afterwards() {
    let portal = TestPortal::start("sign_out").await;
    let mut browser = portal.citizen(MAIL).await;
    let mut thief = browser.thief(&browser.session().unwrap());
    assert_eq!(thief.get("/account").await.status, StatusCode::OK);
    assert_eq!(browser.post("/sign-out", &[]).await.goes_to(), "/signed-out");
    assert!(browser.session().is_none());
    assert_eq!(thief.get("/account").await.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn a_cookie_stolen_before_a_password_change_is_worthless_afterwards() {
    let portal = TestPortal::start("password_change").await;
    let mut browser = portal.citizen(MAIL).await;
    let mut thief = browser.thief(&browser.session().unwrap());
    browser.post("/account/password", &[("present", PASSWORD), ("password", "nine loud trumpets")]).await;
    assert_eq!(thief.get("/account").await.goes_to(), "/sign-in");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    portal.finish().await;
}

#[tokio::test]
async fn a_sign_out_wins_over_a_request_that_is_still_on_its_way() {
    let portal = TestPortal::start("sign_out_wins").await;
    let mut browser = portal.citizen(MAIL).await;
    let mut late = browser.clone();
    browser.post("/sign-out", &[]).await;
    // It writes to the session it had, which must not bring it back.
    late.post("/sign-up", &[("name", "김민지"), ("contact", "b@example.kr"), ("password", PASSWORD)]).await;
    let left: i64 = sqlx::query_scalar("select count(*) from sessions where holder_id is not null")
        .fetch_one(&portal.owner)
        .await
        .unwrap();
    assert_eq!(left, 0);
    portal.finish().await;
}

#[tokio::test]
async fn the_database_does_not_know_the_cookies_value() {
    let portal = TestPortal::start("hashed").await;
    let browser = portal.citizen(MAIL).await;
    let cookie = browser.session().unwrap();
    let dump: String = sqlx::query_scalar("select string_agg(s::text, ' ') from sessions s")
        .fetch_one(&portal.owner)
        .await
        .unwrap();
    assert!(!dump.contains(&cookie));
    portal.finish().await;
}

#[tokio::test]
async fn a_person_sees_and_ends_sessions() {
    let portal = TestPortal::start("list").await;
    let mut here = portal.citizen(MAIL).await;
    let mut there = portal.browser();
    there.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    let page = here.get("/account/sessions").await;
    page.says("Chrome · Android").says("This device");
    let handles: Vec<&str> = page
        .body
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(handles.len(), 1, "the present session has no button");
    assert_eq!(
        here.post("/account/sessions/end", &[("session", handles[0])]).await.goes_to(),
        "/account/sessions"
    );
    assert_eq!(there.get("/account").await.goes_to(), "/sign-in");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    portal.finish().await;
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let portal = TestPortal::start("others").await;
    let mut victim = portal.citizen(MAIL).await;
    let mut attacker = portal.citizen("evil@example.kr").await;
    let handle: uuid::Uuid = sqlx::query_scalar("select handle from sessions where holder_id = (select citizen_id from sign_in_names where address = $1)")
        .bind(MAIL)
        .fetch_one(&portal.owner)
        .await
        .unwrap();
    attacker.post("/account/sessions/end", &[("session", &handle.to_string())]).await;
    assert_eq!(victim.get("/account").await.status, StatusCode::OK);
    portal.finish().await;
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let portal = TestPortal::start("everywhere").await;
    let mut here = portal.citizen(MAIL).await;
    let mut there = portal.browser();
    there.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    assert_eq!(here.post("/account/sessions/end-all", &[]).await.goes_to(), "/signed-out");
    assert_eq!(here.get("/account").await.goes_to(), "/sign-in");
    assert_eq!(there.get("/account").await.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn an_officers_session_ends_after_half_an_hour_of_rest() {
    let portal = TestPortal::start("idle").await;
    let mut officer = portal.staff(Role::Officer).await;
    portal.advance(TimeDelta::minutes(29));
    assert_eq!(officer.get("/staff").await.status, StatusCode::OK);
    portal.advance(TimeDelta::minutes(29));
    let kept = officer.post("/session/keep", &[]).await;
    assert_eq!(
        (kept.status, kept.body.as_str()),
        (StatusCode::OK, "1799"),
        "use keeps it, and says for how long"
    );
    portal.advance(TimeDelta::minutes(30));
    let reply = officer.get("/staff").await;
    assert_eq!(reply.goes_to(), "/staff/sign-in");
    officer.get("/staff/sign-in").await.says("nothing happened for a while");
    portal.finish().await;
}

#[tokio::test]
async fn an_officers_session_ends_after_twelve_hours_whatever_happens() {
    let portal = TestPortal::start("total").await;
    let mut officer = portal.staff(Role::Officer).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        portal.advance(TimeDelta::minutes(20));
        assert_eq!(officer.get("/staff").await.status, StatusCode::OK);
    }
    portal.advance(TimeDelta::minutes(20));
    assert_eq!(officer.get("/staff").await.goes_to(), "/staff/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn an_officer_whose_account_is_gone_is_out_at_once() {
    let portal = TestPortal::start("gone").await;
    let mut officer = portal.staff(Role::Officer).await;
    sqlx::query("delete from officers").execute(&portal.owner).await.unwrap();
    assert_eq!(officer.get("/staff").await.goes_to(), "/staff/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn over_tls_the_cookie_belongs_to_this_host_alone() {
    let portal = TestPortal::start_with("host_cookie", &[("MADANG_PUBLIC_URL", "https://portal.test")]).await;
    let mut browser = portal.browser();
    let form = [("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)];
    let reply = browser.post("/sign-up", &form).await;
    let cookie = reply.header("set-cookie");
    for part in ["__Host-madang=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    assert_eq!(reply.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
    portal.finish().await;
}
