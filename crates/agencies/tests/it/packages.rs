//! Requests and replies that are carried by hand.

use agencies::offline::Notes;
use chrono::TimeDelta;
use exchange::{
    ids::PackageId,
    keys::KeyRing,
    log::Outcome,
    message::{Reply, Request},
    moment::Moment,
    package::{self, Address, File, OpenedOnce as _},
    refusal::Refusal,
    seal::SealingKeys,
};
use gateway::{keys::Purpose, system::SystemChance};

use crate::world::{World, id, key, now, pull};

/// A portal and an office without a wire.
fn world() -> World {
    let mut world = World::new();
    key(world.folder.path(), "madang", "madang-seal", Purpose::Seal);
    world.top("seal = [\"madang-seal.json\"]");
    world.keys("mma");
    world.name("mma", "way = \"offline\"");
    world
}

/// The office opens the package, and answers each request with `answer`.
fn answered(world: &World, package: &[u8], answer: &dyn Fn(&Request) -> Reply) -> Vec<u8> {
    let mut ring = KeyRing::default();
    ring.add(world.key("madang-sign.public").verifying_key().unwrap()).unwrap();
    let keys = SealingKeys::new(vec![world.key("mma-seal").sealing_key().unwrap()]);
    let mut notes = Notes::open(world.at("mma-opened")).unwrap();
    let files = package::check(package, &id("mma"), &ring, now()).unwrap();
    let files = files.open(&keys, &mut notes, now()).unwrap();
    let replies = files.iter().map(|file| {
        let request = Request::parse(&file.bytes).unwrap();
        File { name: file.name.clone(), bytes: answer(&request).to_json(request.id()).unwrap().to_vec() }
    });
    packed(world, &replies.collect::<Vec<_>>())
}

fn packed(world: &World, files: &[File]) -> Vec<u8> {
    let made = Moment::from(now());
    let address = Address {
        id: PackageId::mint(now(), &SystemChance),
        from: id("mma"),
        to: id("madang"),
        time: (made, made.plus(TimeDelta::days(7))),
    };
    let sealing = world.key("madang-seal.public").sealing_public().unwrap();
    package::pack(&address, files, &world.key("mma-sign").signing_key().unwrap(), &sealing, &SystemChance)
        .unwrap()
}

#[test]
fn a_package_of_requests_comes_back_as_replies_and_is_opened_once() {
    let world = world();
    let agencies = world.agencies();
    let requests = [pull(&agencies, "mma"), pull(&agencies, "mma")];
    let made = agencies.make_package(&id("mma"), &requests, TimeDelta::days(7)).unwrap();
    assert!(!String::from_utf8_lossy(&made.bytes).contains("900101"));
    let back = answered(&world, &made.bytes, &|_| Reply::NotFound {});
    let mut notes = Notes::open(world.at("opened")).unwrap();
    let mut waiting = |from: &_, wanted| {
        assert_eq!(from, &id("mma"));
        requests.iter().find(|request| request.id() == wanted).cloned()
    };
    let opened = agencies.open_package(&back, &mut notes, &mut waiting).unwrap();
    for (answer, request) in opened.replies.iter().zip(&requests) {
        assert_eq!((answer.request, &answer.reply), (Some(request.id()), &Ok(Reply::NotFound {})));
        let exchange = answer.exchange.as_ref().unwrap();
        assert_eq!((&exchange.ticket, &exchange.outcome), (request.ticket(), &Outcome::NotFound {}));
    }
    // Also after a restart.
    let mut notes = Notes::open(world.at("opened")).unwrap();
    let again = agencies.open_package(&back, &mut notes, &mut waiting);
    assert_eq!(again.unwrap_err().code, Refusal::Replayed);
}

#[test]
fn a_reply_to_a_request_that_nobody_waits_for_is_none() {
    let world = world();
    let agencies = world.agencies();
    let request = pull(&agencies, "mma");
    let reply = Reply::NotFound {}.to_json(request.id()).unwrap().to_vec();
    let other = File { name: format!("{}.json", pull(&agencies, "mma").id()), bytes: reply.clone() };
    let right = File { name: format!("{}.json", request.id()), bytes: reply.clone() };
    let file = File { name: "notes.txt".to_owned(), bytes: reply };
    let back = packed(&world, &[right, other, file]);
    let mut notes = Notes::open(world.at("opened")).unwrap();
    let mut waiting = |_: &_, wanted| (wanted == request.id()).then(|| request.clone());
    let opened = agencies.open_package(&back, &mut notes, &mut waiting).unwrap();
    assert_eq!(opened.replies[0].reply, Ok(Reply::NotFound {}));
    assert!(opened.replies[1].reply.is_err() && opened.replies[1].exchange.is_none());
    assert!(opened.replies[2].reply.is_err() && opened.replies[2].request.is_none());
    let back = packed(&world, &[]);
    let changed = [&back[..back.len() - 1], &[back[back.len() - 1] ^ 1]].concat();
    let refused = agencies.open_package(&changed, &mut notes, &mut |_, _| None).unwrap_err();
    assert_eq!(refused.code, Refusal::BadDigest);
    assert!(agencies.open_package(&back, &mut notes, &mut |_, _| None).is_ok(), "it was not used up");
}

#[test]
fn what_cannot_be_noted_is_not_opened() {
    let world = world();
    let mut notes = Notes::open(world.at("opened")).unwrap();
    std::fs::remove_dir(world.at("opened")).unwrap();
    assert!(!notes.note(&"mma".parse().unwrap(), PackageId::mint(now(), &SystemChance)));
}
