//! Messages leave through a real mail server, and "sent" is written when it said so.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use domain::id::MessageId;
use server::jobs::send_message::SendMessage;
use sqlx::Row;
use uuid::Uuid;

use crate::portal::{PASSWORD, TestPortal};

/// aiosmtpd on a free port, printing each message it takes as a line of JSON.
struct MailServer {
    process: Child,
}

impl MailServer {
    fn start(port: u16) -> Self {
        let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail_server.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("TEST_PYTHON names a Python with aiosmtpd");
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "aiosmtpd is installed for TEST_PYTHON");
        Self { process }
    }

    /// The next message it took.
    fn next(&mut self) -> serde_json::Value {
        let mut line = String::new();
        let mut byte = [0];
        let out = self.process.stdout.as_mut().unwrap();
        while std::io::Read::read(out, &mut byte).unwrap() == 1 && byte[0] != b'\n' {
            line.push(char::from(byte[0]));
        }
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn portal_with_mail(name: &str, port: u16) -> TestPortal {
    let url = format!("smtp://127.0.0.1:{port}");
    TestPortal::start_with(name, &[("MADANG_SMTP", &url), ("MADANG_SMS_DOMAIN", "texts.test")]).await
}

/// The one message in the database: its job, whether it is marked as sent, its answer and its body.
async fn only_message(portal: &TestPortal) -> (SendMessage, Option<String>, Option<String>) {
    let row = sqlx::query(
        "select recipient_id, message_id, answer, body, sent_at is not null as sent from messages",
    )
    .fetch_one(&portal.owner)
    .await
    .unwrap();
    let job = SendMessage {
        recipient_id: row.get::<Uuid, _>("recipient_id"),
        message_id: MessageId(row.get::<Uuid, _>("message_id")),
    };
    let answer: Option<String> = row.get("answer");
    assert_eq!(row.get::<bool, _>("sent"), answer.is_some());
    (job, answer, row.get("body"))
}

async fn begin_sign_up(portal: &TestPortal, contact: &str) {
    let form = [("name", "김민지"), ("contact", contact), ("password", PASSWORD)];
    assert_eq!(portal.browser().post("/sign-up", &form).await.goes_to(), "/sign-up/confirm");
}

#[tokio::test]
async fn a_code_goes_out_by_mail_and_is_then_forgotten() {
    let port = free_port();
    let portal = portal_with_mail("mail", port).await;
    let mut server = MailServer::start(port);
    begin_sign_up(&portal, "minji@example.kr").await;
    let (job, answer, body) = only_message(&portal).await;
    assert_eq!(answer, None, "nothing is sent inside the transaction");
    assert!(body.is_some());
    job.send(&portal.portal).await.unwrap();
    let mail = server.next();
    assert_eq!(mail["to"], serde_json::json!(["minji@example.kr"]));
    assert_eq!(mail["subject"], "Your Madang code");
    assert_eq!(mail["message_id"], format!("<{}@madang.example>", job.message_id));
    assert!(mail["body"].as_str().unwrap().contains(" code is "));
    let (_, answer, body) = only_message(&portal).await;
    assert!(answer.unwrap().contains("OK"));
    assert_eq!(body, None, "the code is not kept");
    job.send(&portal.portal).await.unwrap();
    let (_, again, _) = only_message(&portal).await;
    assert!(again.is_some(), "a second run sends nothing");
    portal.finish().await;
}

#[tokio::test]
async fn a_text_goes_out_through_the_gateway() {
    let port = free_port();
    let portal = portal_with_mail("text", port).await;
    let mut server = MailServer::start(port);
    begin_sign_up(&portal, "010-1234-5678").await;
    let (job, ..) = only_message(&portal).await;
    job.send(&portal.portal).await.unwrap();
    assert_eq!(server.next()["to"], serde_json::json!(["821012345678@texts.test"]));
    portal.finish().await;
}

#[tokio::test]
async fn while_the_mail_server_is_down_nothing_is_called_sent_and_it_is_tried_again() {
    let port = free_port();
    let portal = portal_with_mail("mail_down", port).await;
    begin_sign_up(&portal, "minji@example.kr").await;
    let (job, ..) = only_message(&portal).await;
    assert!(job.send(&portal.portal).await.is_err(), "an error makes the queue try again");
    let (_, answer, body) = only_message(&portal).await;
    assert_eq!(answer, None);
    assert!(body.is_some());
    let mut server = MailServer::start(port);
    job.send(&portal.portal).await.unwrap();
    assert_eq!(server.next()["to"], serde_json::json!(["minji@example.kr"]));
    portal.finish().await;
}

#[tokio::test]
async fn the_worker_sends_what_a_form_has_left_for_it() {
    let port = free_port();
    let portal = portal_with_mail("worker", port).await;
    let mut server = MailServer::start(port);
    begin_sign_up(&portal, "minji@example.kr").await;
    let worker = server::jobs::worker(&portal.portal).await.unwrap();
    let running = tokio::task::spawn(async move { worker.run().await });
    let mail = tokio::task::spawn_blocking(move || server.next()).await.unwrap();
    assert_eq!(mail["to"], serde_json::json!(["minji@example.kr"]));
    portal.portal.stop.cancel();
    running.await.unwrap().unwrap();
    portal.finish().await;
}

#[tokio::test]
async fn a_form_that_fails_leaves_neither_message_nor_job() {
    let portal = TestPortal::start("rollback").await;
    let mut tx = portal.portal.pool.begin().await.unwrap();
    let job = SendMessage { recipient_id: Uuid::nil(), message_id: MessageId(Uuid::nil()) };
    job.enqueue(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let mut db = portal.owner.acquire().await.unwrap();
    assert_eq!(store::job::count_open(&mut db).await.unwrap(), 0);
    drop(db);
    portal.finish().await;
}
