//! Jobs as the queue hands them over.

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
