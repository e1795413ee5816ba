//! Guessing is slowed down, whoever guesses.

use chrono::TimeDelta;
use http::StatusCode;

use crate::portal::{PASSWORD, TestPortal};

const MAIL: &str = "minji@example.kr";

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_has_to_wait() {
    let portal = TestPortal::start("wrong_five").await;
    portal.citizen(MAIL).await;
    let wrong = [("contact", MAIL), ("password", "wrong")];
    let right = [("contact", MAIL), ("password", PASSWORD)];
    for _ in 0..5 {
        portal.browser().post("/sign-in", &wrong).await.does_not_say("seconds");
    }
    let reply = portal.browser().post("/sign-in", &right).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    reply.says("30 seconds");
    portal.advance(TimeDelta::seconds(31));
    assert_eq!(portal.browser().post("/sign-in", &right).await.goes_to(), "/account");
    for _ in 0..5 {
        portal.browser().post("/sign-in", &wrong).await.does_not_say("seconds");
    }
    portal.finish().await;
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_throttled_like_one_that_does() {
    let portal = TestPortal::start("wrong_nobody").await;
    let wrong = [("contact", "nobody@example.kr"), ("password", "wrong")];
    for _ in 0..5 {
        portal.browser().post("/sign-in", &wrong).await;
    }
    portal.browser().post("/sign-in", &wrong).await.says("30 seconds");
    portal.finish().await;
}

#[tokio::test]
async fn tries_made_at_once_all_count() {
    let portal = TestPortal::start("at_once").await;
    portal.citizen(MAIL).await;
    let tries = (0..20).map(|_| {
        let mut browser = portal.browser();
        tokio::spawn(async move {
            browser.post("/sign-in", &[("contact", MAIL), ("password", "wrong")]).await.text()
        })
    });
    let mut judged = 0;
    for one in tries.collect::<Vec<_>>() {
        let text = one.await.unwrap();
        assert!(text.contains("There is a problem"), "{text}");
        judged += u32::from(!text.contains("seconds"));
    }
    assert_eq!(judged, 5);
    portal.finish().await;
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts_without_end() {
    let portal = TestPortal::start("one_address").await;
    let mut browser = portal.browser();
    let mut refused = 0;
    for n in 0..65 {
        let contact = format!("somebody{n}@example.kr");
        let reply = browser.post("/sign-in", &[("contact", &contact), ("password", "wrong")]).await;
        refused += u32::from(reply.text().contains("from your internet address"));
    }
    assert_eq!(refused, 5);
    browser.address = [192, 0, 2, 2];
    browser
        .post("/sign-in", &[("contact", "x@example.kr"), ("password", "wrong")])
        .await
        .does_not_say("seconds");
    portal.finish().await;
}

#[tokio::test]
async fn an_office_where_many_sign_in_is_no_attack() {
    let portal = TestPortal::start("office").await;
    portal.citizen(MAIL).await;
    for n in 0..70 {
        let reply = portal.browser().post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "sign-in {n}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_forged_forwarding_header_does_not_help_unless_the_proxy_is_trusted() {
    for (trusted, refused) in [("", true), ("192.0.2.0/24", false)] {
        let portal =
            TestPortal::start_with(&format!("forged_{refused}"), &[("MADANG_TRUSTED_PROXIES", trusted)])
                .await;
        let mut browser = portal.browser();
        let mut last = String::new();
        for n in 0..62 {
            let body = format!("contact=somebody{n}%40example.kr&password=wrong");
            let mut request = browser.request(http::Method::POST, "/sign-in", body.into());
            let headers = request.headers_mut();
            headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
            headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
            headers.insert("x-forwarded-for", format!("203.0.113.{n}").parse().unwrap());
            last = browser.send(request).await.text();
        }
        assert_eq!(last.contains("seconds"), refused, "{trusted}");
        portal.finish().await;
    }
}

#[tokio::test]
async fn messages_to_one_contact_are_limited() {
    let portal = TestPortal::start("contact_limit").await;
    portal.citizen(MAIL).await;
    for _ in 0..3 {
        assert_eq!(portal.browser().post("/reset", &[("contact", MAIL)]).await.goes_to(), "/reset/sent");
    }
    let reply = portal.browser().post("/reset", &[("contact", MAIL)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn who_guesses_from_elsewhere_does_not_keep_the_owner_out() {
    let portal = TestPortal::start("elsewhere").await;
    portal.citizen(MAIL).await;
    let mut guesser = portal.browser();
    guesser.address = [192, 0, 2, 66];
    for _ in 0..8 {
        guesser.post("/sign-in", &[("contact", MAIL), ("password", "wrong")]).await;
    }
    guesser.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await.says("seconds");
    let reply = portal.browser().post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    assert_eq!(reply.goes_to(), "/account");
    portal.finish().await;
}

#[tokio::test]
async fn a_link_for_a_lost_password_lets_in_at_once() {
    let portal = TestPortal::start("reset_lets_in").await;
    portal.citizen(MAIL).await;
    let mut browser = portal.browser();
    for _ in 0..6 {
        browser.post("/sign-in", &[("contact", MAIL), ("password", "wrong")]).await;
    }
    browser.post("/reset", &[("contact", MAIL)]).await;
    let link = portal.link_for(MAIL).await;
    let reply = browser.post(&link, &[("password", "nine loud trumpets")]).await;
    assert!(reply.goes_to().ends_with("/sign-in"));
    let reply = browser.post("/sign-in", &[("contact", MAIL), ("password", "nine loud trumpets")]).await;
    assert_eq!(reply.goes_to(), "/account");
    portal.finish().await;
}

#[tokio::test]
async fn passwords_that_are_too_weak_are_no_messages() {
    let portal = TestPortal::start("weak_is_no_message").await;
    let mut browser = portal.browser();
    for _ in 0..6 {
        let form = [("name", "김민지"), ("contact", MAIL), ("password", "password")];
        browser.post("/sign-up", &form).await.does_not_say("seconds");
    }
    let form = [("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-up", &form).await.goes_to(), "/sign-up/confirm");
    portal.finish().await;
}
