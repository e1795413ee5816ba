//! Keys and grants change while requests come, and none is refused for it.

use std::cell::{Cell, RefCell};

use exchange::{
    client::{Peer, Sender},
    keys::KeyRing,
    message::Reply,
    refusal::Refusal,
};
use gateway::system::SystemChance;

use crate::world::{MINJI, Running, World, key, now, person, said};

/// The client's side while it changes: whom it asks with which keys.
struct Client {
    sender: RefCell<Sender>,
    peer: RefCell<Peer>,
    keys: RefCell<KeyRing>,
    answered: Cell<u32>,
    finished: Cell<bool>,
}

impl Client {
    fn new(world: &World) -> Self {
        Self {
            sender: RefCell::new(world.sender.clone()),
            peer: RefCell::new(world.peer.clone()),
            keys: RefCell::new(world.keys.clone()),
            answered: Cell::new(0),
            finished: Cell::new(false),
        }
    }

    /// Asks one request after the other until it is told that it is enough; each has to be answered.
    async fn ask(&self, world: &World, gateway: &Running) {
        while !self.finished.get() {
            let request = world.pull(&person(MINJI));
            let sent =
                self.sender.borrow().send(&request, &self.peer.borrow(), now(), &SystemChance).unwrap();
            let response = gateway.exchange(sent.http).await;
            let reply = sent.pending.open(&response, &self.keys.borrow(), now());
            assert!(matches!(reply, Ok(Reply::Found(_))), "{reply:?}");
            self.answered.set(self.answered.get() + 1);
        }
    }

    /// Waits until some more requests were answered.
    async fn some_more(&self) {
        let before = self.answered.get();
        while self.answered.get() < before + 10 {
            tokio::task::yield_now().await;
        }
    }
}

fn command(world: &World, arguments: &[&str]) {
    let done = world.run(arguments);
    assert!(done.status.success(), "{}", said(&done));
}

#[tokio::test]
async fn every_key_is_rotated_while_requests_come_and_none_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let client = Client::new(&world);
    let rotate = async {
        client.some_more().await;
        // The key that requests are sealed to: both are open, then clients change.
        command(&world, &["key", "rotate", "nts-seal-1.json", "--id", "nts-seal-2"]);
        world.edit("[\"nts-seal-1.json\"]", "[\"nts-seal-2.json\", \"nts-seal-1.json\"]");
        assert_eq!(gateway.reload().await, "done");
        client.some_more().await;
        client.peer.borrow_mut().sealing =
            key(world.folder.path(), "nts-seal-2.public").sealing_public().unwrap();
        client.some_more().await;
        // The client's key: both are known, then it signs with the new one.
        command(&world, &["key", "rotate", "madang-sign-1.json", "--id", "madang-sign-2"]);
        world.edit(
            "[\"madang-sign-1.public.json\"]",
            "[\"madang-sign-1.public.json\", \"madang-sign-2.public.json\"]",
        );
        assert_eq!(gateway.reload().await, "done");
        client.some_more().await;
        client.sender.borrow_mut().key = key(world.folder.path(), "madang-sign-2").signing_key().unwrap();
        client.some_more().await;
        // The key that replies and grants are signed with: clients know it first.
        command(&world, &["key", "rotate", "nts-sign-1.json", "--id", "nts-sign-2"]);
        let public = key(world.folder.path(), "nts-sign-2.public").verifying_key().unwrap();
        client.keys.borrow_mut().add(public).unwrap();
        let grant = std::fs::read(world.at("grant.json")).unwrap();
        let grant: serde_json::Value = serde_json::from_slice(&grant).unwrap();
        std::fs::write(world.at("draft.json"), grant["grant"].to_string()).unwrap();
        command(
            &world,
            &["grant", "sign", "draft.json", "--key", "nts-sign-2.json", "--out", "grant-2.json"],
        );
        world.edit("sign = \"nts-sign-1.json\"", "sign = \"nts-sign-2.json\"");
        world.edit("[\"grant.json\"]", "[\"grant-2.json\"]");
        assert_eq!(gateway.reload().await, "done");
        client.some_more().await;
        // What nobody uses any more is taken out.
        world.edit("[\"nts-seal-2.json\", \"nts-seal-1.json\"]", "[\"nts-seal-2.json\"]");
        assert_eq!(gateway.reload().await, "done");
        client.some_more().await;
        client.finished.set(true);
    };
    tokio::join!(client.ask(&world, &gateway), rotate);
    let request = world.send(&world.pull(&person(MINJI))).http;
    assert_eq!(gateway.refusal(request).await, Refusal::UnknownKey);
    assert!(world.run(&["log", "verify"]).status.success());
}

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing_at_all() {
    let world = World::new();
    let gateway = Running::start(&world);
    let good = std::fs::read_to_string(world.at("gateway.toml")).unwrap();
    for (from, to) in [
        ("grants = [\"grant.json\"]", "grants = [\"grant.json\", \"missing.json\"]"),
        ("per_second = 1000", "per_second = 0"),
        ("agency = \"nts\"", "agency = \"nhis\""),
    ] {
        // What is right in the file is not taken either.
        world.edit("[\"madang-sign-1.public.json\"]", "[]");
        world.edit(from, to);
        assert_eq!(gateway.reload().await, "refused");
        assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
        std::fs::write(world.at("gateway.toml"), &good).unwrap();
    }
    assert_eq!(gateway.reload().await, "done");
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
}

#[tokio::test]
async fn a_grant_that_is_taken_out_counts_no_more_and_what_was_received_is_not_forgotten() {
    let world = World::new();
    let gateway = Running::start(&world);
    let message = world.send(&world.pull(&person(MINJI))).http;
    gateway.exchange(message.clone()).await;
    assert_eq!(gateway.reload().await, "done");
    assert_eq!(gateway.refusal(message).await, Refusal::Replayed);
    world.edit("grants = [\"grant.json\"]", "grants = []");
    assert_eq!(gateway.reload().await, "done");
    let reply = gateway.ask(&world, &world.pull(&person(MINJI))).await;
    assert_eq!(reply, Reply::refused(Refusal::UnknownClient));
}
