//! Against the real gateway.

use std::sync::Arc;

use agencies::AskError;
use exchange::{
    log::Outcome,
    message::{Page, Reply},
};
use tokio::task::JoinSet;

use crate::{
    running::Running,
    world::{MINJI, World, id, person, pull, pull_page, verify},
};

#[tokio::test]
async fn a_gateway_verifies_a_person() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = world.agencies();
    let asked = agencies.ask(&id("nts"), &verify(&agencies, "nts", person(MINJI))).await;
    assert_eq!((asked.reply, asked.outcome), (Ok(Reply::Verified {}), Outcome::Verified {}));
    let other = verify(&agencies, "nts", person(("900101-1234567", "이서연")));
    assert_eq!(agencies.ask(&id("nts"), &other).await.reply, Ok(Reply::NotVerified {}));
    running.finish().await;
}

#[tokio::test]
async fn many_records_come_page_by_page_and_each_copy_proves_itself() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = world.agencies();
    let (mut page, mut records) = (Page::first(100), 0);
    loop {
        let request = pull_page(&agencies, "nts", page);
        let asked = agencies.ask(&id("nts"), &request).await;
        assert!(asked.sent && asked.evidence.is_some());
        let Ok(Reply::Found(found)) = asked.reply else { panic!("{:?}", asked.reply) };
        records += found.records.len();
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: 100 };
    }
    assert_eq!(records, 250);
    running.finish().await;
}

#[tokio::test]
async fn pulls_at_once_share_a_connection_and_a_retry_counts_once() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = Arc::new(world.agencies());
    let mut asking = JoinSet::new();
    for _ in 0..60 {
        let agencies = Arc::clone(&agencies);
        asking.spawn(async move {
            let request = pull(&agencies, "nts");
            let first = agencies.ask(&id("nts"), &request).await.reply;
            let again = agencies.ask(&id("nts"), &request).await.reply;
            matches!((first, again), (Ok(Reply::Found(_)), Ok(Reply::Found(_))))
        });
    }
    assert!(asking.join_all().await.into_iter().all(|found| found));
    running.finish().await;
    let log = rusqlite::Connection::open(world.at("nts-log.sqlite")).unwrap();
    let entries: i64 = log.query_row("select count(*) from entries", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 60);
}

#[tokio::test]
async fn an_agency_that_is_not_in_the_file_is_not_asked() {
    let mut world = World::new();
    world.keys("nts");
    world.name("nts", "way = \"offline\"");
    let agencies = world.agencies();
    let request = pull(&agencies, "nts");
    let asked = agencies.ask(&id("nps"), &request).await;
    assert_eq!((asked.reply, asked.sent), (Err(AskError::Unknown), false));
    assert_eq!(agencies.ask(&id("nts"), &request).await.reply, Err(AskError::Offline));
}
