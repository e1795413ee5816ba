//! Proving who one is: name and number, then the code.

use http::StatusCode;

use crate::{
    browser::{Browser, Reply},
    portal::TestPortal,
    register::{DOYUN, JIHO, MINJI, Person, Register, SUNJA},
};

const MAIL: &str = "minji@example.kr";
const OTHER: &str = "other@example.kr";

/// Posts name and number.
pub async fn ask(browser: &mut Browser, (birth, serial, name, _): Person) -> Reply {
    browser.post("/account/identity", &[("name", name), ("birth", birth), ("serial", serial)]).await
}

pub async fn give_code(browser: &mut Browser, code: &str) -> Reply {
    browser.post("/account/identity/confirm", &[("code", code)]).await
}

/// A browser in which the account with this contact has proved to be the person.
pub async fn verified(portal: &TestPortal, contact: &str, person: Person) -> Browser {
    let mut browser = portal.citizen(contact).await;
    assert_eq!(ask(&mut browser, person).await.goes_to(), "/account/identity/confirm");
    portal.run_jobs().await;
    let code = portal.code_for(person.3).await;
    assert_eq!(give_code(&mut browser, &code).await.goes_to(), "/account");
    browser
}

#[tokio::test]
async fn a_citizen_is_verified_by_name_number_and_the_code_that_the_registers_contact_got() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_right").await;
    let gateway = register.serve(&portal);
    let mut browser = portal.citizen(MAIL).await;
    browser.get("/account").await.says("Not done yet");
    let form = browser.get("/account/identity").await;
    form.says("First 6 digits").does_not_say("right now");
    assert_eq!(ask(&mut browser, MINJI).await.goes_to(), "/account/identity/confirm");
    portal.run_jobs().await;
    let page = browser.get("/account/identity/confirm").await;
    page.says("Enter the code").does_not_say("1234").does_not_say("900101");
    let (subject, body) =
        portal.newest_message(MINJI.3).await.expect("the code went to the register's contact");
    assert_eq!(subject, "Your Madang identity code");
    assert!(body.contains("within 10 minutes"), "{body}");
    let code = portal.code_for(MINJI.3).await;
    assert_eq!(give_code(&mut browser, &code).await.goes_to(), "/account");
    assert_eq!(give_code(&mut browser, &code).await.goes_to(), "/account", "pressed twice");
    let page = browser.get("/account").await;
    page.says("Your identity is verified").says("김민지, 900101-2******, verified on");
    page.does_not_say("2345678");
    browser.get("/account/identity").await.says("900101-2******").does_not_say("Send me a code");
    assert_eq!(ask(&mut browser, DOYUN).await.goes_to(), "/account/identity", "once is enough");
    browser.language = "ko";
    browser.get("/account").await.says("김민지, 900101-2******, 2026년 11월 23일에 확인");
    let told = portal.told_about(MAIL).await;
    assert!(told.ends_with(&["identity.asked".to_owned(), "identity.verified".to_owned()]), "{told:?}");
    let logged = register.logged();
    assert!(logged.contains("\"verified\"") && logged.contains("\"found\""), "{logged}");
    assert!(!logged.contains("2345678") && !logged.contains("김민지"), "{logged}");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn nothing_tells_a_wrong_name_an_unknown_number_a_death_and_somebody_elses_account_apart() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_same").await;
    let gateway = register.serve(&portal);
    verified(&portal, MAIL, MINJI).await;
    let wrong_name = ("850505", "1234567", "김민지", "");
    let unknown = ("850505", "1234568", "이도윤", "");
    let mut pages = Vec::new();
    for (n, person) in [MINJI, DOYUN, wrong_name, unknown, SUNJA, JIHO].into_iter().enumerate() {
        let mut browser = portal.citizen(&format!("somebody{n}@example.kr")).await;
        browser.address = [192, 0, 2, 100 + u8::try_from(n).unwrap()];
        assert_eq!(ask(&mut browser, person).await.goes_to(), "/account/identity/confirm", "{person:?}");
        portal.run_jobs().await;
        let waiting = browser.get("/account/identity/confirm").await;
        let guessed = give_code(&mut browser, "000000").await;
        assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
        pages.push((waiting.text(), guessed.text()));
    }
    for page in &pages {
        assert_eq!(*page, pages[0]);
    }
    for nobody in [SUNJA.3, JIHO.3] {
        assert!(nobody.is_empty() || portal.newest_message(nobody).await.is_none(), "{nobody}");
    }
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn a_leaked_number_opens_nothing_without_the_code() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_leaked").await;
    let gateway = register.serve(&portal);
    let mut thief = portal.citizen("thief@example.kr").await;
    ask(&mut thief, MINJI).await;
    portal.run_jobs().await;
    let code = portal.code_for(MINJI.3).await;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        give_code(&mut thief, wrong).await.says(left);
    }
    give_code(&mut thief, wrong).await.says("Ask for a new one");
    // Now even the right one is worth nothing.
    let late = give_code(&mut thief, &code).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    thief.get("/account").await.says("Not done yet").does_not_say("900101");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_for_its_own_attempt() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_expired").await;
    let gateway = register.serve(&portal);
    let mut browser = portal.citizen(MAIL).await;
    ask(&mut browser, MINJI).await;
    portal.run_jobs().await;
    let first = portal.code_for(MINJI.3).await;
    portal.advance(chrono::TimeDelta::minutes(11));
    give_code(&mut browser, &first).await.says("no longer");
    ask(&mut browser, MINJI).await;
    portal.run_jobs().await;
    let second = portal.code_for(MINJI.3).await;
    if first != second {
        assert_eq!(give_code(&mut browser, &first).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(give_code(&mut browser, &second).await.goes_to(), "/account");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn a_person_has_one_verified_account_and_it_is_told_of_a_second() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_second").await;
    let gateway = register.serve(&portal);
    let mut first = verified(&portal, MAIL, MINJI).await;
    let mut second = portal.citizen(OTHER).await;
    ask(&mut second, MINJI).await;
    portal.run_jobs().await;
    let (subject, _) = portal.newest_message(MAIL).await.unwrap();
    assert!(!subject.contains("another account"), "an attempt alone tells nobody anything");
    let code = portal.code_for(MINJI.3).await;
    assert_eq!(give_code(&mut second, &code).await.goes_to(), "/account");
    second.get("/account").await.says("with another account already").says("Not done yet");
    let (subject, _) = portal.newest_message(MAIL).await.unwrap();
    assert_eq!(subject, "Somebody did an identity check as you");
    assert!(portal.told_about(MAIL).await.contains(&"identity.second_attempt".to_owned()));
    assert!(portal.told_about(OTHER).await.contains(&"identity.refused".to_owned()));
    first.get("/account").await.says("900101-2******");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn of_two_accounts_that_prove_one_person_at_once_exactly_one_wins() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_race").await;
    let gateway = register.serve(&portal);
    let mut waiting = Vec::new();
    for contact in [MAIL, OTHER, "third@example.kr"] {
        let mut browser = portal.citizen(contact).await;
        ask(&mut browser, MINJI).await;
        portal.run_jobs().await;
        waiting.push((browser, portal.code_for(MINJI.3).await));
        // So that the next code is the newest message.
        portal.advance(chrono::TimeDelta::seconds(1));
    }
    let tries = waiting.into_iter().map(|(mut browser, code)| {
        tokio::spawn(async move {
            assert_eq!(give_code(&mut browser, &code).await.goes_to(), "/account");
            browser.get("/account").await.text().contains("900101-2******")
        })
    });
    let mut winners = 0;
    for one in tries.collect::<Vec<_>>() {
        winners += u32::from(one.await.unwrap());
    }
    assert_eq!(winners, 1);
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn who_deletes_the_account_may_prove_it_with_another() {
    let mut register = Register::new().await;
    let portal = register.portal("verify_deleted").await;
    let gateway = register.serve(&portal);
    let mut first = verified(&portal, MAIL, MINJI).await;
    let reply = first.post("/account/delete", &[("present", crate::portal::PASSWORD)]).await;
    assert_eq!(reply.goes_to(), "/account/deleted");
    for table in ["identities", "identity_numbers", "identity_attempts"] {
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&portal.owner)
            .await
            .unwrap();
        assert_eq!(count, 0, "{table}");
    }
    verified(&portal, OTHER, MINJI).await.get("/account").await.says("900101-2******");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn a_bad_form_asks_nobody_and_does_not_show_the_number_again() {
    let register = Register::new().await;
    let portal = register.portal("verify_form").await;
    let mut browser = portal.citizen(MAIL).await;
    let form = [("name", "김민지"), ("birth", "900101"), ("serial", "23456")];
    let reply = browser.post("/account/identity", &form).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    reply.says("Enter 7 digits");
    assert!(!reply.body.contains("23456") && !reply.body.contains("\"900101\""));
    assert!(reply.body.contains("김민지"));
    let whole = [("name", ""), ("birth", "900101-2345678"), ("serial", "")];
    let reply = browser.post("/account/identity", &whole).await;
    reply.says("Enter 6 digits");
    assert!(!reply.body.contains("2345678"));
    portal.finish().await;
}
