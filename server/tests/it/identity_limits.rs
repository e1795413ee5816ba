//! Proving who one is: how often one may try, and what happens when the register is away.

use chrono::TimeDelta;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    identity::{ask, give_code},
    portal::TestPortal,
    register::{DOYUN, MINJI, Register},
};

const MAIL: &str = "minji@example.kr";
const WRONG: (&str, &str, &str, &str) = ("900101", "2345679", "김민지", "");

#[tokio::test]
async fn an_account_has_five_tries_a_day() {
    let mut register = Register::new().await;
    let portal = register.portal("tries_account").await;
    let gateway = register.serve(&portal);
    let mut browser = portal.citizen(MAIL).await;
    for n in 0..5_u8 {
        // Another number and another address each time: it is the account that is counted.
        browser.address = [192, 0, 2, 10 + n];
        let serial = format!("200000{n}");
        let form = [("name", "김민지"), ("birth", "900101"), ("serial", serial.as_str())];
        let reply = browser.post("/account/identity", &form).await;
        assert_eq!(reply.goes_to(), "/account/identity/confirm");
    }
    browser.address = [192, 0, 2, 99];
    let reply = ask(&mut browser, MINJI).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    reply.says("There were too many tries. Try again in 14 hours");
    assert_eq!(register.logged().lines().count(), 5, "the register was not asked a sixth time");
    portal.advance(TimeDelta::hours(14));
    assert_eq!(sign_in_and_ask(&portal, [192, 0, 2, 99]).await, "/account/identity/confirm");
    gateway.stop();
    portal.finish().await;
}

async fn sign_in_and_ask(portal: &TestPortal, address: [u8; 4]) -> String {
    let mut browser = portal.browser();
    browser.address = address;
    let form = [("contact", MAIL), ("password", crate::portal::PASSWORD)];
    browser.post("/sign-in", &form).await;
    ask(&mut browser, MINJI).await.goes_to().to_owned()
}

#[tokio::test]
async fn a_number_has_five_tries_a_day_whoever_tries() {
    let mut register = Register::new().await;
    let portal = register.portal("tries_number").await;
    let gateway = register.serve(&portal);
    for n in 0..6_u8 {
        let mut browser = portal.citizen(&format!("somebody{n}@example.kr")).await;
        browser.address = [192, 0, 2, 10 + n];
        let reply = ask(&mut browser, WRONG).await;
        if n < 5 {
            assert_eq!(reply.goes_to(), "/account/identity/confirm");
        } else {
            reply.says("There were too many tries");
        }
    }
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn an_address_has_five_tries_a_day_but_those_that_succeed_do_not_count() {
    let mut register = Register::new().await;
    let portal = register.portal("tries_address").await;
    let gateway = register.serve(&portal);
    crate::identity::verified(&portal, MAIL, MINJI).await;
    for n in 0..6_u8 {
        let mut browser = portal.citizen(&format!("somebody{n}@example.kr")).await;
        let serial = format!("100000{n}");
        let form = [("name", "이도윤"), ("birth", "850505"), ("serial", serial.as_str())];
        let reply = browser.post("/account/identity", &form).await;
        if n < 5 {
            assert_eq!(reply.goes_to(), "/account/identity/confirm", "{n}");
        } else {
            reply.says("from your internet address");
        }
    }
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn without_agencies_the_page_says_so() {
    let portal = TestPortal::start("no_agencies").await;
    let mut browser = portal.citizen(MAIL).await;
    browser.get("/account/identity").await.says("not connected to the resident register");
    let reply = ask(&mut browser, MINJI).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    reply.says("not connected to the resident register");
    assert!(!reply.body.contains("2345678"));
    portal.finish().await;
}

/// Tries more often than a day allows; each time the register is away, and none of them counts.
async fn is_away(portal: &TestPortal) {
    let mut browser = portal.citizen(MAIL).await;
    for n in 0..6 {
        let reply = ask(&mut browser, DOYUN).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "try {n}: {}", reply.text());
        reply.says("does not answer").says("not counted");
        assert!(reply.body.contains("이도윤") && !reply.body.contains("1234567"));
    }
    assert_eq!(browser.get("/account/identity/confirm").await.goes_to(), "/account/identity");
}

#[tokio::test]
async fn while_the_register_is_down_no_try_counts() {
    let mut register = Register::new().await;
    let portal = register.impatient_portal("away_down").await;
    drop(register.listener());
    is_away(&portal).await;
    portal.finish().await;
}

#[tokio::test]
async fn while_the_register_hangs_no_try_counts() {
    let mut register = Register::new().await;
    let portal = register.impatient_portal("away_hangs").await;
    let listener = register.listener();
    let hanging = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    is_away(&portal).await;
    hanging.abort();
    portal.finish().await;
}

#[tokio::test]
async fn while_somebody_else_answers_for_the_register_no_try_counts() {
    let mut register = Register::new().await;
    let portal = register.impatient_portal("away_lies").await;
    let listener = register.listener();
    let lying = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 16 * 1024];
                while let Ok(1..) = stream.read(&mut request).await {
                    let yes = r#"{"request":"x","reply":{"verified":{}}}"#;
                    let head =
                        "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.madang.exchange\r\ncontent-length:";
                    let said =
                        stream.write_all(format!("{head} {}\r\n\r\n{yes}", yes.len()).as_bytes()).await;
                    if said.is_err() {
                        break;
                    }
                }
            });
        }
    });
    is_away(&portal).await;
    lying.abort();
    portal.finish().await;
}

#[tokio::test]
async fn when_the_register_goes_away_before_it_told_the_contact_the_code_comes_later() {
    let mut register = Register::new().await;
    let portal = register.portal("away_between").await;
    let gateway = register.serve(&portal);
    let mut browser = portal.citizen(MAIL).await;
    ask(&mut browser, MINJI).await;
    register.execute("alter table residents rename to moved");
    let job: (uuid::Uuid, uuid::Uuid) = sqlx::query_as("select citizen_id, case_id from identity_attempts")
        .fetch_one(&portal.owner)
        .await
        .unwrap();
    let send = || {
        server::desk::verify_identity::send_code(
            &portal.portal,
            (job.0.into(), job.1),
            domain::text::Locale::En,
        )
    };
    assert!(send().await.is_err(), "to be tried again");
    assert!(portal.newest_message(MINJI.3).await.is_none());
    register.execute("alter table moved rename to residents");
    send().await.unwrap();
    let code = portal.code_for(MINJI.3).await;
    send().await.unwrap();
    assert_eq!(portal.code_for(MINJI.3).await, code, "it is sent once");
    assert_eq!(give_code(&mut browser, &code).await.goes_to(), "/account");
    gateway.stop();
    portal.finish().await;
}
