//! Jobs as the queue hands them over.

use std::time::Duration;

use chrono::TimeDelta;

use crate::portal::{PASSWORD, TestPortal};

#[tokio::test]
async fn what_has_run_out_is_removed_with_the_payload_that_the_schedule_gives() {
    let portal = TestPortal::start("clean_up").await;
    let form = [("name", "김민지"), ("contact", "minji@example.kr"), ("password", PASSWORD)];
    portal.browser().post("/sign-up", &form).await;
    portal.advance(TimeDelta::days(31));
    let mut db = portal.owner.acquire().await.unwrap();
    assert!(!store::message::list_kept(&mut db, 10).await.unwrap().is_empty());
    store::job::enqueue(&mut db, "clean_up", &()).await.unwrap();
    let worker = server::jobs::worker(&portal.portal).await.unwrap();
    worker.run_once().await.unwrap();
    assert!(store::message::list_kept(&mut db, 10).await.unwrap().is_empty());
    assert_eq!(store::job::count_open(&mut db).await.unwrap(), 0, "no job failed");
    drop(db);
    portal.finish().await;
}

#[tokio::test]
async fn a_backlog_is_worked_off_by_what_is_done() {
    let portal = TestPortal::start("backlog").await;
    let mut db = portal.owner.acquire().await.unwrap();
    for _ in 0..40 {
        store::job::enqueue(&mut db, "clean_up", &()).await.unwrap();
    }
    let worker = server::jobs::worker(&portal.portal).await.unwrap();
    let running = tokio::task::spawn(async move { worker.run().await });
    while store::job::count_open(&mut db).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    portal.portal.stop.cancel();
    running.await.unwrap().unwrap();
    drop(db);
    portal.finish().await;
}

#[tokio::test]
async fn a_worker_without_work_leaves_the_database_alone() {
    let portal = TestPortal::start("idle_worker").await;
    let worker = server::jobs::worker(&portal.portal).await.unwrap();
    let running = tokio::task::spawn(async move { worker.run().await });
    let transactions = async || -> i64 {
        sqlx::query_scalar("select xact_commit from pg_stat_database where datname = current_database()")
            .fetch_one(&portal.owner)
            .await
            .unwrap()
    };
    // The figures come late, at most a second; what is measured is a rate far from its limit: 10 against 1000.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = transactions().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let asked = transactions().await - before;
    assert!(asked < 150, "{asked} transactions in three seconds");
    portal.portal.stop.cancel();
    running.await.unwrap().unwrap();
    portal.finish().await;
}
