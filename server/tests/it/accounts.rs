//! Making an account, getting in, looking after it, leaving.

use chrono::TimeDelta;
use domain::actor::Role;
use http::StatusCode;

use crate::portal::{PASSWORD, TestPortal};

const MAIL: &str = "minji@example.kr";

#[tokio::test]
async fn a_citizen_signs_up_with_a_code_and_is_signed_in() {
    let portal = TestPortal::start("sign_up").await;
    let mut browser = portal.citizen(MAIL).await;
    browser.get("/account").await.says("Your account is ready").says("김민지").says(MAIL);
    browser.get("/account").await.does_not_say("Your account is ready");
    assert_eq!(portal.told_about(MAIL).await, ["account.created"]);
    portal.finish().await;
}

#[tokio::test]
async fn a_mobile_number_is_as_good_as_an_address() {
    let portal = TestPortal::start("sign_up_phone").await;
    let mut browser = portal.citizen("010-1234-5678").await;
    browser.get("/account").await.says("010-1234-5678");
    let mut other = portal.browser();
    let form = [("contact", "+82 10 1234 5678"), ("password", PASSWORD)];
    assert_eq!(other.post("/sign-in", &form).await.goes_to(), "/account");
    portal.finish().await;
}

#[tokio::test]
async fn every_flaw_of_the_form_is_said_at_once_and_nothing_typed_is_lost() {
    let portal = TestPortal::start("sign_up_flaws").await;
    let mut browser = portal.browser();
    let reply =
        browser.post("/sign-up", &[("name", ""), ("contact", "minji@"), ("password", "abcdefgh")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.body.matches("<li><a href=\"#").count(), 3, "{}", reply.text());
    assert!(reply.body.contains("value=\"minji@\""));
    assert!(!reply.body.contains("abcdefgh"), "a password never comes back");
    assert!(reply.body.contains("<title>Error: "));
    portal.finish().await;
}

#[tokio::test]
async fn sign_up_answers_alike_whether_the_contact_has_an_account() {
    let portal = TestPortal::start("sign_up_alike").await;
    portal.citizen(MAIL).await;
    let form = |contact| [("name", "박서준"), ("contact", contact), ("password", "another fine password 9")];
    let mut pages = Vec::new();
    for contact in [MAIL, "nobody@example.kr"] {
        let mut browser = portal.browser();
        let posted = browser.post("/sign-up", &form(contact)).await;
        assert_eq!(posted.goes_to(), "/sign-up/confirm");
        let page = browser.get("/sign-up/confirm").await;
        let wrong = browser.post("/sign-up/confirm", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let cookies: Vec<String> = browser.cookies.into_keys().collect();
        pages.push((page.text().replace(contact, "…"), wrong.text().replace(contact, "…"), cookies));
    }
    assert_eq!(pages[0], pages[1]);
    // The owner is told, and no code is in that message.
    let (subject, body) = portal.newest_message(MAIL).await.unwrap();
    assert_eq!(subject, "You already have a Madang account");
    assert!(!body.contains(char::is_numeric), "{body}");
    portal.finish().await;
}

#[tokio::test]
async fn five_wrong_codes_use_a_code_up() {
    let portal = TestPortal::start("codes").await;
    let mut browser = portal.browser();
    let form = [("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)];
    browser.post("/sign-up", &form).await;
    let code = portal.code_for(MAIL).await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for left in ["4 tries left", "3 tries left", "2 tries left", "1 try left"] {
        browser.post("/sign-up/confirm", &[("code", wrong)]).await.says(left);
    }
    browser.post("/sign-up/confirm", &[("code", wrong)]).await;
    let reply = browser.post("/sign-up/confirm", &[("code", &code)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "the right code is worthless by now");
    assert_eq!(browser.post("/sign-up/resend", &[]).await.goes_to(), "/sign-up/confirm");
    let fresh = portal.code_for(MAIL).await;
    assert_eq!(browser.post("/sign-up/confirm", &[("code", &fresh)]).await.goes_to(), "/account");
    portal.finish().await;
}

#[tokio::test]
async fn a_code_is_worthless_after_ten_minutes() {
    let portal = TestPortal::start("code_age").await;
    let mut browser = portal.browser();
    browser.post("/sign-up", &[("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)]).await;
    let code = portal.code_for(MAIL).await;
    portal.advance(TimeDelta::minutes(10));
    let reply = browser.post("/sign-up/confirm", &[("code", &code)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn of_two_registrations_of_one_contact_one_becomes_an_account() {
    let portal = TestPortal::start("sign_up_twice").await;
    let form = [("name", "김민지"), ("contact", MAIL), ("password", PASSWORD)];
    let (mut first, mut second) = (portal.browser(), portal.browser());
    first.post("/sign-up", &form).await;
    let first_code = portal.code_for(MAIL).await;
    portal.advance(TimeDelta::seconds(1));
    second.post("/sign-up", &form).await;
    let second_code = portal.code_for(MAIL).await;
    assert_eq!(first.post("/sign-up/confirm", &[("code", &first_code)]).await.goes_to(), "/account");
    let reply = second.post("/sign-up/confirm", &[("code", &second_code)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn unknown_account_and_wrong_password_have_one_answer() {
    let portal = TestPortal::start("sign_in_alike").await;
    portal.citizen(MAIL).await;
    let mut replies = Vec::new();
    for (contact, password) in
        [(MAIL, "not the password"), ("nobody@example.kr", PASSWORD), ("no contact at all", PASSWORD)]
    {
        let reply = portal.browser().post("/sign-in", &[("contact", contact), ("password", password)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(contact), "what was typed is still there");
        replies.push(
            reply.body.replace(contact, "…").split("nonce").next().unwrap().to_owned()
                + &reply.text().replace(contact, "…"),
        );
    }
    assert_eq!(replies[0], replies[1]);
    assert_eq!(replies[1], replies[2]);
    assert_eq!(portal.told_about(MAIL).await, ["account.created", "account.sign_in_failed"]);
    portal.finish().await;
}

#[tokio::test]
async fn signing_in_leads_to_the_page_that_was_wanted_and_nowhere_else() {
    let portal = TestPortal::start("next").await;
    portal.citizen(MAIL).await;
    for (wanted, reached) in [
        ("/account/sessions", "/account/sessions"),
        ("//evil.example", "/account"),
        ("https://evil.example", "/account"),
    ] {
        let form = [("contact", MAIL), ("password", PASSWORD), ("next", wanted)];
        assert_eq!(portal.browser().post("/sign-in", &form).await.goes_to(), reached);
    }
    let mut browser = portal.browser();
    let reply = browser.get("/en/account/sessions").await;
    assert_eq!(reply.header("location"), "/en/sign-in?next=/account/sessions");
    browser.get("/en/sign-in?next=/account/sessions").await.says("Sign in to continue");
    portal.finish().await;
}

#[tokio::test]
async fn citizens_and_staff_have_doors_of_their_own() {
    let portal = TestPortal::start("two_doors").await;
    portal.citizen(MAIL).await;
    portal.staff(Role::Officer).await;
    let form = [("contact", "officer@agency.test"), ("password", PASSWORD)];
    assert_eq!(portal.browser().post("/sign-in", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("contact", MAIL), ("password", PASSWORD)];
    assert_eq!(portal.browser().post("/staff/sign-in", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn a_lost_password_is_set_anew_by_a_link_that_works_once() {
    let portal = TestPortal::start("reset").await;
    let mut signed_in = portal.citizen(MAIL).await;
    let mut browser = portal.browser();
    assert_eq!(browser.post("/reset", &[("contact", MAIL)]).await.goes_to(), "/reset/sent");
    let link = portal.link_for(MAIL).await;
    browser.get(&link).await.says("Choose a new password");
    let weak = browser.post(&link, &[("password", "password")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = [("password", "nine loud trumpets")];
    assert_eq!(browser.post(&link, &new).await.goes_to(), "/en/sign-in");
    assert_eq!(signed_in.get("/account").await.goes_to(), "/sign-in", "every session has ended");
    assert_eq!(browser.post(&link, &new).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    let old = [("contact", MAIL), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &old).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("contact", MAIL), ("password", "nine loud trumpets")];
    assert_eq!(browser.post("/sign-in", &form).await.goes_to(), "/account");
    let (subject, _) = portal.newest_message(MAIL).await.unwrap();
    assert_eq!(subject, "Your Madang password was changed");
    portal.finish().await;
}

#[tokio::test]
async fn a_reset_answers_alike_whether_there_is_an_account() {
    let portal = TestPortal::start("reset_alike").await;
    portal.citizen(MAIL).await;
    for contact in [MAIL, "nobody@example.kr"] {
        assert_eq!(portal.browser().post("/reset", &[("contact", contact)]).await.goes_to(), "/reset/sent");
    }
    assert!(portal.newest_message("nobody@example.kr").await.is_none());
    portal.finish().await;
}

#[tokio::test]
async fn a_reset_link_is_worthless_after_half_an_hour_and_after_a_newer_one() {
    let portal = TestPortal::start("reset_age").await;
    portal.citizen(MAIL).await;
    let mut browser = portal.browser();
    browser.post("/reset", &[("contact", MAIL)]).await;
    let first = portal.link_for(MAIL).await;
    portal.advance(TimeDelta::minutes(1));
    browser.post("/reset", &[("contact", MAIL)]).await;
    let second = portal.link_for(MAIL).await;
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&second).await.status, StatusCode::OK);
    portal.advance(TimeDelta::minutes(30));
    assert_eq!(browser.get(&second).await.status, StatusCode::GONE);
    portal.finish().await;
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_tells_the_owner() {
    let portal = TestPortal::start("change").await;
    let mut here = portal.citizen(MAIL).await;
    let mut elsewhere = portal.browser();
    elsewhere.post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    let wrong =
        here.post("/account/password", &[("present", "wrong"), ("password", "nine loud trumpets")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let same = here.post("/account/password", &[("present", PASSWORD), ("password", PASSWORD)]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("present", PASSWORD), ("password", "nine loud trumpets")];
    assert_eq!(here.post("/account/password", &form).await.goes_to(), "/account");
    here.get("/account").await.says("Your password was changed");
    assert_eq!(elsewhere.get("/account").await.goes_to(), "/sign-in");
    assert_eq!(portal.newest_message(MAIL).await.unwrap().0, "Your Madang password was changed");
    portal.finish().await;
}

#[tokio::test]
async fn a_second_contact_counts_after_its_code_came_back() {
    let portal = TestPortal::start("contact").await;
    let mut browser = portal.citizen(MAIL).await;
    let form = [("contact", "010-9876-5432"), ("present", PASSWORD)];
    assert_eq!(
        browser.post("/account/contact/phone", &form).await.goes_to(),
        "/account/contact/phone/confirm"
    );
    browser.get("/account").await.does_not_say("010-9876-5432");
    let code = portal.code_for("010-9876-5432").await;
    assert_eq!(
        browser.post("/account/contact/phone/confirm", &[("code", &code)]).await.goes_to(),
        "/account"
    );
    browser.get("/account").await.says("010-9876-5432").says(MAIL);
    let form = [("contact", "010 9876 5432"), ("password", PASSWORD)];
    assert_eq!(portal.browser().post("/sign-in", &form).await.goes_to(), "/account");
    assert_eq!(portal.newest_message(MAIL).await.unwrap().0, "A contact of your Madang account was changed");
    portal.finish().await;
}

#[tokio::test]
async fn a_replaced_address_no_longer_signs_in() {
    let portal = TestPortal::start("contact_replaced").await;
    let mut browser = portal.citizen(MAIL).await;
    browser.post("/account/contact/email", &[("contact", "new@example.kr"), ("present", PASSWORD)]).await;
    let code = portal.code_for("new@example.kr").await;
    browser.post("/account/contact/email/confirm", &[("code", &code)]).await;
    let old = portal.browser().post("/sign-in", &[("contact", MAIL), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new =
        portal.browser().post("/sign-in", &[("contact", "new@example.kr"), ("password", PASSWORD)]).await;
    assert_eq!(new.goes_to(), "/account");
    portal.finish().await;
}

#[tokio::test]
async fn a_contact_of_somebody_else_cannot_be_taken() {
    let portal = TestPortal::start("contact_taken").await;
    portal.citizen("owner@example.kr").await;
    let mut browser = portal.citizen(MAIL).await;
    let form = [("contact", "owner@example.kr"), ("present", PASSWORD)];
    assert_eq!(
        browser.post("/account/contact/email", &form).await.goes_to(),
        "/account/contact/email/confirm"
    );
    assert_eq!(
        portal.newest_message("owner@example.kr").await.unwrap().0,
        "You already have a Madang account"
    );
    let reply = browser.post("/account/contact/email/confirm", &[("code", "000000")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_but_its_log() {
    let portal = TestPortal::start("delete").await;
    let mut browser = portal.citizen(MAIL).await;
    let refused = browser.post("/account/delete", &[("present", "wrong")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post("/account/delete", &[("present", PASSWORD)]).await.goes_to(), "/account/deleted");
    assert_eq!(browser.get("/account").await.goes_to(), "/sign-in");
    for table in ["citizens", "contacts", "sign_in_names", "registrations", "confirmations", "sessions"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&portal.owner)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let told: Vec<String> =
        sqlx::query_scalar("select action from audit_events order by occurred_at, event_id")
            .fetch_all(&portal.owner)
            .await
            .unwrap();
    assert_eq!(told.last().map(String::as_str), Some("account.deleted"));
    let again = portal.citizen(MAIL).await;
    assert!(again.session().is_some(), "the contact is free again");
    portal.finish().await;
}

#[tokio::test]
async fn an_officer_gets_in_by_a_set_up_link() {
    let portal = TestPortal::start("officer").await;
    let mut browser = portal.staff(Role::Supervisor).await;
    browser.get("/staff").await.says("이도윤").says("Supervisor").says("Gaon City");
    browser.get("/account").await.says("Gaon City");
    portal.finish().await;
}

#[tokio::test]
async fn a_password_hashed_with_older_parameters_is_hashed_anew_at_sign_in() {
    let portal = TestPortal::start("rehash").await;
    portal.citizen(MAIL).await;
    let old = server::password::Passwords::new(server::config::Argon2 { memory: 32, passes: 1, lanes: 1 }, 1)
        .unwrap();
    let hash = old.hash(PASSWORD.to_owned().into()).await.unwrap();
    sqlx::query("update citizens set password_hash = $1").bind(&hash).execute(&portal.owner).await.unwrap();
    let form = [("contact", MAIL), ("password", PASSWORD)];
    assert_eq!(portal.browser().post("/sign-in", &form).await.goes_to(), "/account");
    let now: String =
        sqlx::query_scalar("select password_hash from citizens").fetch_one(&portal.owner).await.unwrap();
    assert!(now.contains("m=64"), "{now}");
    portal.finish().await;
}

#[tokio::test]
async fn a_link_to_a_contact_that_was_replaced_opens_nothing() {
    let portal = TestPortal::start("stolen_mailbox").await;
    let mut browser = portal.citizen(MAIL).await;
    portal.browser().post("/reset", &[("contact", MAIL)]).await;
    let link = portal.link_for(MAIL).await;
    browser.post("/account/contact/email", &[("contact", "new@example.kr"), ("present", PASSWORD)]).await;
    let code = portal.code_for("new@example.kr").await;
    browser.post("/account/contact/email/confirm", &[("code", &code)]).await;
    assert_eq!(portal.browser().get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "who changed it stays signed in");
    portal.finish().await;
}

#[tokio::test]
async fn ones_own_address_is_no_password_at_a_reset_either() {
    let portal = TestPortal::start("reset_own").await;
    portal.citizen("minji.seoul.kim@example.kr").await;
    let mut browser = portal.browser();
    browser.post("/reset", &[("contact", "minji.seoul.kim@example.kr")]).await;
    let link = portal.link_for("minji.seoul.kim@example.kr").await;
    let reply = browser.post(&link, &[("password", "minji.seoul.kim@example.kr")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.finish().await;
}

#[tokio::test]
async fn an_officer_without_a_password_can_be_corrected_by_adding_again() {
    use domain::{
        account::{Contact, PersonName},
        text::Locale,
    };
    use server::desk::officer::{self, AddOfficer};
    let portal = TestPortal::start("corrected").await;
    let new = |role| AddOfficer {
        name: PersonName::parse("이도윤").unwrap(),
        email: Contact::parse("lee@agency.test").unwrap(),
        agency: "gaon".to_owned(),
        department: "reception".to_owned(),
        role,
        locale: Locale::Ko,
    };
    officer::add(&portal.portal, &new(Role::Centre)).await.unwrap();
    officer::add(&portal.portal, &new(Role::Officer)).await.unwrap();
    let role: String =
        sqlx::query_scalar("select role from officers").fetch_one(&portal.owner).await.unwrap();
    assert_eq!(role, "officer");
    let told: Vec<String> =
        sqlx::query_scalar("select action from audit_events order by occurred_at, event_id")
            .fetch_all(&portal.owner)
            .await
            .unwrap();
    assert_eq!(told, ["officer.added", "officer.corrected"]);
    portal.finish().await;
}

#[tokio::test]
async fn what_was_wanted_is_there_after_signing_in_with_its_parameters() {
    let portal = TestPortal::start("next_parameters").await;
    portal.citizen(MAIL).await;
    let mut browser = portal.browser();
    let reply = browser.get("/account/contact/email").await;
    assert_eq!(reply.header("location"), "/sign-in?next=/account/contact/email");
    let form = [("contact", MAIL), ("password", PASSWORD), ("next", "/account/contact/email")];
    assert_eq!(browser.post("/sign-in", &form).await.goes_to(), "/account/contact/email");
    let form = [("contact", MAIL), ("password", PASSWORD), ("next", "/staff")];
    assert_eq!(portal.browser().post("/sign-in", &form).await.goes_to(), "/account");
    portal.finish().await;
}
