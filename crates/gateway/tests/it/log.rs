use std::process::ExitStatus;

use exchange::{log::Entry, message::Reply, refusal::Refusal, verb::Verb};

use crate::world::{MINJI, Running, World, person, said};

fn entries(world: &World) -> Vec<Entry> {
    let shown = world.run(&["log", "show"]);
    assert!(shown.status.success(), "{}", said(&shown));
    String::from_utf8(shown.stdout)
        .unwrap()
        .lines()
        .map(|line| Entry::parse(line.as_bytes()).unwrap())
        .collect()
}

fn verified(world: &World) -> bool {
    world.run(&["log", "verify"]).status.success()
}

#[tokio::test]
async fn every_request_with_a_ticket_stands_in_the_log_once_without_a_value() {
    let world = World::new();
    let gateway = Running::start(&world);
    let target = person(MINJI);
    let request = world.pull(&target);
    let first = gateway.ask(&world, &request).await;
    // A retry is signed anew under the same id.
    let Reply::Found(again) = gateway.ask(&world, &request).await else {
        panic!("the retry was not answered")
    };
    assert!(matches!(first, Reply::Found(found) if found.records == again.records));
    let mut ticket = world.ticket(Verb::Pull, &target);
    ticket.items.extend(["employer".parse().unwrap()]);
    gateway.ask(&world, &World::pull_with(ticket, &target)).await;
    let entries = entries(&world);
    let outcomes: Vec<_> =
        entries.iter().map(|entry| serde_json::to_string(&entry.exchange.outcome).unwrap()).collect();
    assert_eq!(
        outcomes,
        [
            r#"{"found":{"records":2,"items":["amount","year"]}}"#,
            r#"{"refused":{"code":"item_not_granted"}}"#
        ]
    );
    let bytes = std::fs::read(world.at("log.sqlite")).unwrap();
    for value in ["900101-1234567", "48200000", "김민지", "Hangang"] {
        assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()), "{value}");
    }
}

#[tokio::test]
async fn an_id_that_was_used_for_something_else_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let target = person(MINJI);
    let first = world.pull(&target);
    gateway.ask(&world, &first).await;
    let second = world.pull(&target);
    let again =
        exchange::message::Request::new(first.id(), second.ticket().clone(), target, second.ask().clone())
            .unwrap();
    assert_eq!(gateway.ask(&world, &again).await, Reply::refused(Refusal::IdTaken));
    assert_eq!(entries(&world).len(), 1);
}

#[tokio::test]
async fn a_log_in_which_anything_was_changed_is_not_believed() {
    let world = World::new();
    let gateway = Running::start(&world);
    for _ in 0..3 {
        gateway.ask(&world, &world.pull(&person(MINJI))).await;
    }
    drop(gateway);
    assert!(verified(&world));
    for change in [
        "update entries set line = replace(line, '\"records\":2', '\"records\":1') where number = 2",
        "delete from entries where number = 2",
        "update entries set evidence = (select evidence from entries where number = 1) where number = 2",
    ] {
        let copy = World { folder: tempfile::tempdir().unwrap(), ..copy_of(&world) };
        for file in std::fs::read_dir(world.folder.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.at(file.file_name().to_str().unwrap())).unwrap();
        }
        rusqlite::Connection::open(copy.at("log.sqlite")).unwrap().execute(change, []).unwrap();
        assert!(!verified(&copy), "{change}");
    }
}

fn copy_of(world: &World) -> World {
    World {
        folder: tempfile::tempdir().unwrap(),
        sender: world.sender.clone(),
        peer: world.peer.clone(),
        keys: world.keys.clone(),
        subjects: world.subjects.clone(),
    }
}

#[tokio::test]
async fn what_was_answered_before_the_process_was_killed_stands_in_the_log_and_a_retry_adds_nothing() {
    let world = World::new();
    let mut gateway = Running::start(&world);
    let requests: Vec<_> = (0..60).map(|_| world.pull(&person(MINJI))).collect();
    for request in &requests[..20] {
        gateway.ask(&world, request).await;
    }
    // The others are under way, at once, when it dies.
    let address = gateway.address;
    let under_way = tokio_util::task::TaskTracker::new();
    for request in &requests[20..] {
        let message = world.send(request).http;
        under_way.spawn(async move { Running::try_exchange(address, message).await });
    }
    gateway.ask(&world, &requests[0]).await;
    gateway.process.kill().unwrap();
    let killed: ExitStatus = gateway.process.wait().unwrap();
    assert!(!killed.success());
    under_way.close();
    under_way.wait().await;
    assert!(verified(&world));
    let gateway = Running::start(&world);
    for request in &requests {
        assert!(matches!(gateway.ask(&world, request).await, Reply::Found(_)));
    }
    assert!(verified(&world));
    let mut logged: Vec<_> = entries(&world).iter().map(|entry| entry.exchange.request).collect();
    logged.sort_unstable();
    let mut asked: Vec<_> = requests.iter().map(exchange::message::Request::id).collect();
    asked.sort_unstable();
    assert_eq!(logged, asked);
}

#[tokio::test]
async fn a_retry_is_refused_when_the_register_says_something_else_by_then() {
    let world = World::new();
    let gateway = Running::start(&world);
    let request = world.pull(&person(MINJI));
    gateway.ask(&world, &request).await;
    let register = rusqlite::Connection::open(world.at("register.sqlite")).unwrap();
    register.execute("delete from incomes where number = 3", []).unwrap();
    assert_eq!(gateway.ask(&world, &request).await, Reply::refused(Refusal::IdTaken));
    assert_eq!(entries(&world).len(), 1);
}

#[tokio::test]
async fn what_could_not_be_answered_is_logged_when_it_can_be() {
    let world = World::new();
    let gateway = Running::start(&world);
    let register = rusqlite::Connection::open(world.at("register.sqlite")).unwrap();
    register.execute("update incomes set amount = 'much' where number = 2", []).unwrap();
    let request = world.pull(&person(MINJI));
    assert!(matches!(gateway.ask(&world, &request).await, Reply::Unavailable { .. }));
    assert!(entries(&world).is_empty());
    register.execute("update incomes set amount = 1 where number = 2", []).unwrap();
    assert!(matches!(gateway.ask(&world, &request).await, Reply::Found(_)));
    assert_eq!(entries(&world).len(), 1);
}
