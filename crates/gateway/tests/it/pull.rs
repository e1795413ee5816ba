use exchange::{
    message::{Page, Reply},
    refusal::Refusal,
    verb::Verb,
};

use crate::world::{MINJI, Running, World, person};

#[tokio::test]
async fn a_pull_finds_the_tickets_items_and_no_others() {
    let world = World::new();
    let gateway = Running::start(&world);
    let Reply::Found(found) = gateway.ask(&world, &world.pull(&person(MINJI))).await else {
        panic!("nothing was found");
    };
    let records = serde_json::to_string(&found.records).unwrap();
    let expected = r#"[{"amount":{"money":48200000},"year":{"integer":2025}},{"year":{"integer":2025}}]"#;
    assert_eq!((records.as_str(), found.next), (expected, None));
    // One for the name, one for the records.
    assert_eq!(gateway.queries().await, 2);
}

#[tokio::test]
async fn who_has_the_number_but_not_the_name_learns_nothing_and_no_item_is_read() {
    let world = World::new();
    let gateway = Running::start(&world);
    for misnamed in [(MINJI.0, "김민정"), ("950505-1234567", MINJI.1)] {
        assert_eq!(gateway.ask(&world, &world.pull(&person(misnamed))).await, Reply::NotFound {});
    }
    assert_eq!(gateway.queries().await, 2);
}

#[tokio::test]
async fn what_the_register_does_not_have_is_not_found() {
    let world = World::new();
    let gateway = Running::start(&world);
    let stranger = person(("950505-1234567", "박지호"));
    assert_eq!(gateway.ask(&world, &world.pull(&stranger)).await, Reply::NotFound {});
}

#[tokio::test]
async fn an_answer_comes_in_pages() {
    let world = World::new();
    let gateway = Running::start(&world);
    let target = person(MINJI);
    let mut page = Page::first(2);
    let mut sizes = Vec::new();
    loop {
        let ticket = world.ticket(Verb::Pull, &target);
        let request = World::pull_page(ticket, &target, (None, page));
        let Reply::Found(found) = gateway.ask(&world, &request).await else { panic!("nothing was found") };
        sizes.push(found.records.len());
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: 2 };
    }
    assert_eq!(sizes, [2, 1]);
}

#[tokio::test]
async fn a_name_is_verified_only_when_it_belongs_to_the_number() {
    let world = World::new();
    let gateway = Running::start(&world);
    for (about, expected) in [
        (MINJI, Reply::Verified {}),
        ((MINJI.0, "김민정"), Reply::NotVerified {}),
        (("950505-1234567", MINJI.1), Reply::NotVerified {}),
    ] {
        assert_eq!(gateway.ask(&world, &world.verify(&person(about))).await, expected);
    }
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_refused() {
    let world = World::new();
    world.edit("per_second = 1000", "per_second = 1");
    let gateway = Running::start(&world);
    let mut refused = 0;
    let requests: Vec<_> = (0..5).map(|_| world.send(&world.pull(&person(MINJI)))).collect();
    for sent in requests {
        let response = gateway.exchange(sent.http).await;
        let reply = sent.pending.open(&response, &world.keys, crate::world::now()).unwrap();
        refused += u32::from(reply == Reply::refused(Refusal::RateLimited));
    }
    assert!(refused > 0);
}
