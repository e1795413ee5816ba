//! What was typed is not lost, whatever becomes of the form.

use http::StatusCode;
use tower::ServiceExt as _;

use crate::{
    browser::{Browser, Reply, encode},
    portal::TestPortal,
};

/// What the last form of the page would send, as a browser without scripts reads it, and where to.
fn form(reply: &Reply) -> (String, Vec<(String, String)>) {
    let form = reply.body.rsplit("<form ").find(|form| form.contains("type=\"hidden\"")).expect("a form");
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
        Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    };
    let inputs = form.split("<input ").skip(1).map(|input| input.split('>').next().unwrap());
    let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
    let answers = hidden
        .map(|input| (attribute(input, "name").unwrap(), attribute(input, "value").unwrap_or_default()));
    (attribute(form, "action").unwrap(), answers.collect())
}

async fn send(browser: &mut Browser, (action, answers): &(String, Vec<(String, String)>)) -> Reply {
    let pairs: Vec<String> =
        answers.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    browser.post_raw(action, pairs.join("&")).await
}

#[tokio::test]
async fn a_form_that_met_a_fault_can_be_sent_again_when_it_is_mended() {
    let portal = TestPortal::start("kept_database").await;
    let mut browser = portal.browser();
    let typed =
        [("name", "김민지 \"<b>&\""), ("contact", "minji@example.kr"), ("password", "tundra-velvet-oboe")];
    let rename = async |from: &str, to: &str| {
        let statement = format!("alter table {from} rename to {to}");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&portal.owner).await.unwrap();
    };
    rename("throttles", "broken").await;
    let reply = browser.post("/ko/sign-up", &typed).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    reply.says("입력하신 내용은 그대로 있습니다");
    assert!(!reply.body.contains("tundra-velvet-oboe"), "a password is not shown again");
    let kept = form(&reply);
    assert_eq!(kept.0, "/ko/sign-up");
    reply.says("입력하신 내용 보기").says("김민지");
    let expected = typed[..2].iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    assert_eq!(kept.1, expected.collect::<Vec<_>>());
    rename("broken", "throttles").await;
    let reply = send(&mut browser, &kept).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "only the password is asked for again");
    assert!(reply.body.contains("value=\"minji@example.kr\""));
    portal.portal.pool.close().await;
    let reply = browser.post("/ko/sign-up", &typed).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(form(&reply), kept, "while the database is gone as well");
    portal.finish().await;
}

#[tokio::test]
async fn what_was_typed_after_the_session_was_over_is_sent_after_signing_in() {
    let portal = TestPortal::start("kept_session").await;
    let mut browser = portal.citizen("minji@example.kr").await;
    browser.cookies.remove("madang");
    let reply = browser
        .post("/account/contact/email", &[("contact", "new@example.kr"), ("present", "tundra-velvet-oboe")])
        .await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    reply.says("What you typed is kept");
    assert!(!reply.body.contains("tundra-velvet-oboe"));
    // A wrong password first: it is still there.
    let (action, mut answers) = form(&reply);
    answers.push(("contact".to_owned(), "minji@example.kr".to_owned()));
    answers.push(("password".to_owned(), "wrong-lantern".to_owned()));
    let reply = send(&mut browser, &(action, answers)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (action, mut answers) = form(&reply);
    answers.push(("contact".to_owned(), "minji@example.kr".to_owned()));
    answers.push(("password".to_owned(), crate::portal::PASSWORD.to_owned()));
    let reply = send(&mut browser, &(action, answers)).await;
    assert_eq!(reply.status, StatusCode::OK);
    reply.says("Send what you typed").says("Sign out");
    let kept = form(&reply);
    assert_eq!(
        kept,
        ("/account/contact/email".to_owned(), vec![("contact".to_owned(), "new@example.kr".to_owned())])
    );
    let reply = send(&mut browser, &kept).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "the present password is asked for again");
    assert!(reply.body.contains("value=\"new@example.kr\""));
    portal.finish().await;
}

#[tokio::test]
async fn who_signs_in_is_not_made_to_send_what_is_not_theirs_to_send() {
    let portal = TestPortal::start("kept_foreign").await;
    portal.citizen("minji@example.kr").await;
    let signs_in = [("contact", "minji@example.kr"), ("password", crate::portal::PASSWORD), ("kept", "a=b")];
    for action in ["//evil.example/x", "https://evil.example", "/staff/sign-in/x", "/account", "/unknown"] {
        let mut form = signs_in.to_vec();
        form.push(("action", action));
        let reply = portal.browser().post("/sign-in", &form).await;
        assert_eq!(reply.goes_to(), "/account", "{action}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn what_another_site_posts_is_not_offered_to_be_sent_from_here() {
    let portal = TestPortal::start("kept_cross_site").await;
    let mut browser = portal.citizen("minji@example.kr").await;
    browser.origin = "https://evil.example";
    let reply = browser.post("/account/contact/email", &[("contact", "thief@example.kr")]).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(!reply.body.contains("thief@example.kr"));
    portal.finish().await;
}

#[tokio::test]
async fn what_somebody_typed_is_not_sent_by_the_next_one_who_signs_in_here() {
    let portal = TestPortal::start("kept_next_person").await;
    portal.citizen("doyun@example.kr").await;
    let mut browser = portal.citizen("minji@example.kr").await;
    portal.advance(chrono::TimeDelta::minutes(61));
    let reply = browser.post("/account/contact/email", &[("contact", "new@example.kr")]).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    let (action, answers) = form(&reply);
    for (contact, kept) in [("doyun@example.kr", false), ("minji@example.kr", true)] {
        let mut answers = answers.clone();
        answers.push(("contact".to_owned(), contact.to_owned()));
        answers.push(("password".to_owned(), crate::portal::PASSWORD.to_owned()));
        let reply = send(&mut browser.clone(), &(action.clone(), answers)).await;
        assert_eq!(reply.status == StatusCode::OK, kept, "{contact}");
        assert_eq!(reply.body.contains("new@example.kr"), kept, "{contact}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn what_pages_carry_along_is_nothing_that_was_typed() {
    let portal = TestPortal::start("kept_carried").await;
    let reply = portal.browser().post("/account/sessions/end", &[("session", "x")]).await;
    assert_eq!(reply.goes_to(), "/sign-in");
    portal.finish().await;
}

#[tokio::test]
async fn cleared_fields_stay_cleared_and_broken_ones_are_asked_for_again() {
    let portal = TestPortal::start("kept_cleared").await;
    let mut browser = portal.browser();
    portal.portal.pool.close().await;
    let reply =
        browser.post_raw("/sign-up", "name=%FF&contact=a%40b.kr&item=1&item=&item=3&password=x").await;
    let answer = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected =
        [answer("contact", "a@b.kr"), answer("item", "1"), answer("item", ""), answer("item", "3")];
    assert_eq!(form(&reply).1, expected);
    portal.finish().await;
}

#[tokio::test]
async fn a_client_has_room_for_two_large_forms_until_their_answers_are_taken() {
    let portal = TestPortal::start("kept_room").await;
    let browser = portal.browser();
    let large = || {
        let body = format!("name={}&contact=a%40b.kr", "a".repeat(100_000));
        browser.form("/sign-up", body)
    };
    let web = || browser.web();
    let (first, second) = (web().oneshot(large()).await.unwrap(), web().oneshot(large()).await.unwrap());
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (422, 422));
    assert_eq!(web().oneshot(large()).await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    let usual = portal.browser().post("/sign-up", &[("name", "a")]).await;
    assert_eq!(usual.status, StatusCode::UNPROCESSABLE_ENTITY, "usual ones need no room");
    axum::body::to_bytes(first.into_body(), usize::MAX).await.unwrap();
    assert_eq!(web().oneshot(large()).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    drop(second);
    portal.finish().await;
}

#[tokio::test]
async fn a_form_that_stops_arriving_is_answered_with_a_true_sentence() {
    let portal = TestPortal::start("kept_slow").await;
    let body = futures_util::stream::pending::<Result<axum::body::Bytes, std::convert::Infallible>>();
    let request = portal.browser().form("/sign-up", axum::body::Body::from_stream(body));
    tokio::time::pause();
    let reply = portal.browser().send(request).await;
    tokio::time::resume();
    assert_eq!(reply.status, StatusCode::REQUEST_TIMEOUT);
    reply.says("The connection was too slow");
    portal.finish().await;
}

#[tokio::test]
async fn absurdly_many_answers_leave_those_that_any_form_has() {
    let portal = TestPortal::start("kept_many").await;
    let reply =
        portal.browser().post_raw("/sign-in", format!("contact=a%40b.kr{}", "&x=1".repeat(10_000))).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let (_, answers) = form(&reply);
    assert_eq!((answers.len(), answers[0].1.as_str()), (500, "a@b.kr"));
    portal.finish().await;
}

#[tokio::test]
async fn who_signs_up_on_the_way_to_a_page_comes_to_it() {
    let portal = TestPortal::start("kept_next").await;
    let mut browser = portal.browser();
    let sign_in = browser.get("/sign-in?next=/account/contact/email").await;
    assert!(sign_in.body.contains("/sign-up?next=%2Faccount%2Fcontact%2Femail"));
    let page = browser.get("/sign-up?next=%2Faccount%2Fcontact%2Femail").await;
    let (_, mut answers) = form(&page);
    assert_eq!(answers, [("next".to_owned(), "/account/contact/email".to_owned())]);
    for (name, value) in
        [("name", "김민지"), ("contact", "minji@example.kr"), ("password", crate::portal::PASSWORD)]
    {
        answers.push((name.to_owned(), value.to_owned()));
    }
    let reply = send(&mut browser, &("/sign-up".to_owned(), answers)).await;
    assert_eq!(reply.goes_to(), "/sign-up/confirm");
    let code = portal.code_for("minji@example.kr").await;
    let reply = browser.post("/sign-up/confirm", &[("code", &code)]).await;
    assert_eq!(reply.goes_to(), "/account/contact/email");
    portal.finish().await;
}
