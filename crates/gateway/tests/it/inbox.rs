//! What is submitted stands in the inbox before the client knows, and nowhere in the register.

use exchange::{
    ids::RequestId,
    message::{Reply, Request, SubmissionState},
    refusal::Refusal,
};

use crate::{
    server::Server,
    world::{MINJI, Running, World, person, said},
};

const FORMS: &str = r#"
[inbox]
sqlite = "inbox.sqlite"

[forms.correction]
kind = "income-amount-certificate"
required = ["amount"]
items = { amount = "money", year = "integer" }

[forms.other-kind]
kind = "resident-register"
items = { amount = "money" }

[forms.with-more]
kind = "income-amount-certificate"
required = ["amount", "year"]
items = { amount = "money", year = "integer" }
"#;
const OTHER: (&str, &str) = ("910203-2345678", "이서연");

fn world() -> World {
    let world = World::new();
    world.add(FORMS);
    world
}

fn inbox(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.at("inbox.sqlite")).unwrap()
}

fn rows(world: &World) -> u64 {
    inbox(world).query_row("select count(*) from submissions", [], |row| row.get(0)).unwrap()
}

async fn state(
    gateway: &Running,
    world: &World,
    about: (&str, &str),
    submission: RequestId,
) -> SubmissionState {
    match gateway.ask(world, &world.status(&person(about), submission)).await {
        Reply::Status { state, .. } => state,
        reply => panic!("{reply:?}"),
    }
}

#[tokio::test]
async fn a_submission_is_kept_and_the_client_learns_what_becomes_of_it() {
    let world = world();
    let gateway = Running::start(&world);
    let request = world.submit(&person(MINJI), "correction", r#"{"money":48000000}"#);
    assert_eq!(gateway.ask(&world, &request).await, Reply::Accepted {});
    let kept: (String, String, String) = inbox(&world)
        .query_row("select target, name, content from submissions", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    let expected = (MINJI.0.to_owned(), MINJI.1.to_owned(), r#"{"amount":{"money":48000000}}"#.to_owned());
    assert_eq!(kept, expected);
    assert_eq!(state(&gateway, &world, MINJI, request.id()).await, SubmissionState::Received);
    for (word, expected) in [
        ("in_progress", SubmissionState::InProgress),
        ("declined", SubmissionState::Declined),
        ("done", SubmissionState::Done),
    ] {
        inbox(&world)
            .execute("update submissions set state = ?1, since = '2026-11-22T09:00:00Z'", [word])
            .unwrap();
        assert_eq!(state(&gateway, &world, MINJI, request.id()).await, expected);
    }
    assert_eq!(gateway.queries().await, 0);
    let shown = world.run(&["log", "show"]);
    assert_eq!(said(&shown).matches(r#""outcome":{"status":{}}"#).count(), 4);
    assert!(said(&shown).contains(r#""outcome":{"accepted":{}}"#) && !said(&shown).contains("48000000"));
}

#[tokio::test]
async fn the_same_submission_is_kept_once_and_another_under_its_id_is_refused() {
    let world = world();
    let gateway = Running::start(&world);
    let request = world.submit(&person(MINJI), "correction", r#"{"money":1}"#);
    for _ in 0..3 {
        assert_eq!(gateway.ask(&world, &request).await, Reply::Accepted {});
    }
    let other = world.submit(&person(MINJI), "correction", r#"{"money":2}"#);
    let other =
        Request::new(request.id(), other.ticket().clone(), person(MINJI), other.ask().clone()).unwrap();
    assert_eq!(gateway.ask(&world, &other).await, Reply::refused(Refusal::IdTaken));
    assert_eq!(rows(&world), 1);
}

#[tokio::test]
async fn a_submission_that_its_form_does_not_allow_is_refused_and_not_kept() {
    let world = world();
    let gateway = Running::start(&world);
    for (form, amount) in [
        ("unknown", r#"{"money":1}"#),
        ("correction", r#"{"text":"1"}"#),
        ("other-kind", r#"{"money":1}"#),
        ("with-more", r#"{"money":1}"#),
    ] {
        let request = world.submit(&person(MINJI), form, amount);
        assert_eq!(gateway.ask(&world, &request).await, Reply::refused(Refusal::Malformed), "{form}");
    }
    assert_eq!(rows(&world), 0);
}

#[tokio::test]
async fn what_was_refused_under_an_id_is_not_kept_under_it_later() {
    let world = world();
    let gateway = Running::start(&world);
    let request = world.submit(&person(MINJI), "with-more", r#"{"money":1}"#);
    assert_eq!(gateway.ask(&world, &request).await, Reply::refused(Refusal::Malformed));
    drop(gateway);
    world.edit("required = [\"amount\", \"year\"]", "");
    let gateway = Running::start(&world);
    assert_eq!(gateway.ask(&world, &request).await, Reply::refused(Refusal::IdTaken));
    assert_eq!(rows(&world), 0);
}

#[tokio::test]
async fn nobody_learns_what_others_submitted_or_about_somebody_else() {
    let world = world();
    let gateway = Running::start(&world);
    let request = world.submit(&person(MINJI), "correction", r#"{"money":1}"#);
    assert_eq!(gateway.ask(&world, &request).await, Reply::Accepted {});
    assert_eq!(state(&gateway, &world, OTHER, request.id()).await, SubmissionState::Unknown);
    let never = world.submit(&person(MINJI), "correction", r#"{"money":1}"#).id();
    assert_eq!(state(&gateway, &world, MINJI, never).await, SubmissionState::Unknown);
    inbox(&world).execute("update submissions set client = 'bank'", []).unwrap();
    assert_eq!(state(&gateway, &world, MINJI, request.id()).await, SubmissionState::Unknown);
}

#[tokio::test]
async fn a_state_that_the_agency_wrote_wrongly_is_not_answered() {
    let world = world();
    let gateway = Running::start(&world);
    let request = world.submit(&person(MINJI), "correction", r#"{"money":1}"#);
    gateway.ask(&world, &request).await;
    inbox(&world).execute("update submissions set since = 'yesterday'", []).unwrap();
    let status = world.status(&person(MINJI), request.id());
    assert!(matches!(gateway.ask(&world, &status).await, Reply::Unavailable { .. }));
}

#[tokio::test]
async fn what_was_accepted_before_the_process_was_killed_is_there() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = world();
    let mut gateway = Running::start(&world);
    let requests: Vec<_> =
        (0..20).map(|_| world.submit(&person(MINJI), "correction", r#"{"money":1}"#)).collect();
    for request in &requests {
        assert_eq!(gateway.ask(&world, request).await, Reply::Accepted {});
    }
    gateway.process.kill().unwrap();
    gateway.process.wait().unwrap();
    assert_eq!(rows(&world), 20);
    let mode = std::fs::metadata(world.at("inbox.sqlite")).unwrap().permissions().mode();
    assert_eq!(mode & 0o007, 0);
    assert!(world.run(&["log", "verify"]).status.success());
}

#[test]
fn every_fault_of_an_inbox_in_the_configuration_is_told() {
    for (from, to, expected) in [
        ("[inbox]\nsqlite = \"inbox.sqlite\"", "", "go together"),
        ("sqlite = \"inbox.sqlite\"", "sqlite = \"register.sqlite\"", "the inbox is the register"),
        ("required = [\"amount\"]", "required = [\"name\"]", "`name` is required"),
        ("kind = \"resident-register\"", "", "`kind` is missing"),
        ("items = { amount = \"money\", year", "items = { amount = \"gold\", year", "not one of text"),
    ] {
        let world = world();
        world.edit(from, to);
        let checked = world.run(&["check"]);
        assert!(
            !checked.status.success() && said(&checked).contains(expected),
            "{expected}: {}",
            said(&checked)
        );
    }
}

#[tokio::test]
async fn an_inbox_in_postgresql_is_written_by_a_role_that_can_do_nothing_else() {
    let mut server = Server::start("inbox").await;
    let role = format!("{}_inbox", server.name);
    let table = server.world.run(&["inbox-sql"]);
    let table = String::from_utf8(table.stdout).unwrap().replace("gateway_inbox", &role);
    server.run(&format!("create role {role} login; {table}")).await;
    let url = server.url(&role);
    server.world.add(&FORMS.replace("sqlite = \"inbox.sqlite\"", &format!("postgres = \"{url}\"")));
    let world = &server.world;
    let gateway = Running::start(world);
    let request = world.submit(&person(MINJI), "correction", r#"{"money":48000000}"#);
    for _ in 0..2 {
        assert_eq!(gateway.ask(world, &request).await, Reply::Accepted {});
    }
    assert_eq!(state(&gateway, world, MINJI, request.id()).await, SubmissionState::Received);
    assert_eq!(state(&gateway, world, OTHER, request.id()).await, SubmissionState::Unknown);
    server.run("update inbox.submissions set state = 'done', since = now() where content->'amount'->>'money' = '48000000'").await;
    assert_eq!(state(&gateway, &server.world, MINJI, request.id()).await, SubmissionState::Done);
    drop(gateway);
    for (give, take, expected) in [
        (
            "grant update (state) on inbox.submissions to",
            "revoke update (state) on inbox.submissions from",
            "submissions: update",
        ),
        ("grant insert on public.incomes to", "revoke insert on public.incomes from", "incomes: insert"),
        (
            "revoke insert on inbox.submissions from",
            "grant insert on inbox.submissions to",
            "lacks the right",
        ),
        (
            "revoke select (state) on inbox.submissions from",
            "grant select (state) on inbox.submissions to",
            "may not read",
        ),
    ] {
        server.run(&format!("{give} {role}")).await;
        let checked = server.world.run(&["serve"]);
        assert!(
            !checked.status.success() && said(&checked).contains(expected),
            "{expected}: {}",
            said(&checked)
        );
        server.run(&format!("{take} {role}")).await;
    }
    assert!(server.world.run(&["check"]).status.success());
    server.finish(&[&role]).await;
}
