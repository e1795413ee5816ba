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
    officer.get("/staff/sign-in").await.says("not signed in any more");
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
    browser.origin = "https://portal.test";
    let form = [("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)];
    let reply = browser.post("/sign-up", &form).await;
    let cookie = reply.header("set-cookie");
    for part in ["__Host-madang=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    assert_eq!(reply.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
    // Browsers obey the removal of such a cookie only when it is as secure as the cookie was.
    let code = portal.code_for(MAIL).await;
    let cookies = browser.post("/sign-up/confirm", &[("code", &code)]).await.headers;
    assert!(cookies.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("; Secure")));
    let reply = browser.post("/sign-out", &[]).await;
    let removal = reply.header("set-cookie");
    for part in ["__Host-madang=;", "Max-Age=0", "Secure", "Path=/"] {
        assert!(removal.contains(part), "{part} in {removal}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_session_opened_with_a_password_that_was_changed_meanwhile_is_worthless() {
    let portal = TestPortal::start("generation").await;
    let mut browser = portal.citizen(MAIL).await;
    // As if a reset had committed between the check of the password and the opening of the session.
    sqlx::query("update citizens set password_changed_at = password_changed_at + interval '1 second'")
        .execute(&portal.owner)
        .await
        .unwrap();
    assert_eq!(browser.get("/account").await.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn of_two_password_changes_at_once_one_is_told() {
    let portal = TestPortal::start("two_changes").await;
    let browser = portal.citizen(MAIL).await;
    let changes = ["nine loud trumpets", "ten silent harbours"].map(|new| {
        let mut browser = browser.clone();
        tokio::spawn(async move {
            browser.post("/account/password", &[("present", PASSWORD), ("password", new)]).await.status
        })
    });
    let mut done = 0;
    for change in changes {
        done += u32::from(change.await.unwrap() == StatusCode::SEE_OTHER);
    }
    let mut fits = 0;
    for new in ["nine loud trumpets", "ten silent harbours"] {
        let reply = portal.browser().post("/sign-in", &[("contact", MAIL), ("password", new)]).await;
        fits += u32::from(reply.status == StatusCode::SEE_OTHER);
    }
    assert_eq!(fits, 1);
    // The loser is told, or turned away because its session has ended already.
    assert!(done >= 1);
    portal.finish().await;
}

#[tokio::test]
async fn an_over_session_is_not_brought_back_by_a_second_request() {
    let portal = TestPortal::start("second_request").await;
    let mut officer = portal.staff(Role::Officer).await;
    let mut second = officer.clone();
    portal.advance(TimeDelta::minutes(31));
    let (first, second) = tokio::join!(officer.get("/staff"), second.get("/staff"));
    assert_eq!((first.goes_to(), second.goes_to()), ("/staff/sign-in", "/staff/sign-in"));
    portal.finish().await;
}

#[tokio::test]
async fn the_list_of_devices_leaves_out_sessions_that_rested_too_long() {
    let portal = TestPortal::start("idle_list").await;
    portal.citizen(MAIL).await;
    portal.advance(TimeDelta::minutes(61));
    let mut here = portal.browser();
    here.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    let page = here.get("/account/sessions").await;
    assert_eq!(page.body.matches("Chrome · Android").count(), 1, "{}", page.text());
    portal.finish().await;
}

#[tokio::test]
async fn a_browser_of_the_staff_is_shown_the_door_of_the_staff() {
    let portal = TestPortal::start("staff_door").await;
    let mut officer = portal.staff(Role::Officer).await;
    portal.advance(TimeDelta::minutes(31));
    let reply = officer.get("/account/password").await;
    assert_eq!(reply.header("location"), "/staff/sign-in?next=/account/password");
    portal.finish().await;
}
