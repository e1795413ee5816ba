//! What holds for all messages: they come back as they were sent, and not with a single bit changed.

use std::sync::LazyLock;

use exchange::{
    client::Sent,
    grant::Grant,
    ids::PackageId,
    message::{Ask, Found, Page, PageKey, Parameters, Reply},
    package::{self, Address, File, OpenedOnce},
    seal::{SealingKey, SealingKeys},
    ticket::Ticket,
    value::{Record, Value},
    verb::Verb,
};
use http::HeaderValue;
use proptest::prelude::*;

use crate::world::{Dice, World, found, in_force, named, now, seconds};

/// One exchange, made once: every case spoils a copy.
struct Sample {
    world: World,
    sent: Sent,
    reply: http::Response<Vec<u8>>,
    grant: Vec<u8>,
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let world = World::new();
    let sent = world.send(&world.pull());
    let reply = world.serve(&sent.http).unwrap();
    let grant = world.grants[0].sign(&world.receiver.key).unwrap();
    Sample { world, sent, reply, grant }
});

fn value() -> impl Strategy<Value = Value> {
    let text = "[^\\p{C}]{0,40}";
    let json = prop_oneof![
        text.prop_map(|text| serde_json::json!({ "text": text })),
        (1i32..3_000_000).prop_map(|day| {
            let day = chrono::NaiveDate::from_num_days_from_ce_opt(day).unwrap();
            serde_json::json!({ "date": day.to_string() })
        }),
        (0u64..=9_007_199_254_740_991).prop_map(|won| serde_json::json!({ "money": won })),
        any::<bool>().prop_map(|yes| serde_json::json!({ "yes_no": yes })),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(|n| serde_json::json!({ "integer": n })),
        "-?[1-9][0-9]{0,19}(\\.[0-9]{1,10})?".prop_map(|digits| serde_json::json!({ "decimal": digits })),
        proptest::collection::vec(text, 0..5).prop_map(|lines| serde_json::json!({ "list": lines })),
    ];
    json.prop_map(|json| serde_json::from_value(json).unwrap())
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let item = prop_oneof![Just("amount"), Just("year")].prop_map(|item| item.parse().unwrap());
    proptest::collection::vec(proptest::collection::btree_map(item, value(), 0..3), 0..20)
}

/// Changes one bit of a header's value, unless that makes it no header at all.
fn flip_header(headers: &mut http::HeaderMap, at: usize, bit: u8) -> bool {
    let names: Vec<_> = headers.keys().cloned().collect();
    let name = &names[at % names.len()];
    let mut bytes = headers[name].as_bytes().to_vec();
    let place = at / names.len() % bytes.len();
    bytes[place] ^= 1 << (bit % 8);
    HeaderValue::from_bytes(&bytes).is_ok_and(|value| headers.insert(name.clone(), value).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_request_with_any_flipped_bit_is_refused(at in any::<usize>(), bit in any::<u8>(), in_header in any::<bool>()) {
        let sample = &*SAMPLE;
        let mut message = sample.sent.http.clone();
        if in_header {
            prop_assume!(flip_header(message.headers_mut(), at, bit));
        } else {
            let at = at % message.body().len();
            message.body_mut()[at] ^= 1 << (bit % 8);
        }
        prop_assert!(sample.world.serve(&message).is_err());
    }

    #[test]
    fn a_reply_with_any_flipped_bit_is_refused(at in any::<usize>(), bit in any::<u8>(), in_header in any::<bool>()) {
        let sample = &*SAMPLE;
        let mut reply = sample.reply.clone();
        if in_header {
            prop_assume!(flip_header(reply.headers_mut(), at, bit));
        } else {
            let at = at % reply.body().len();
            reply.body_mut()[at] ^= 1 << (bit % 8);
        }
        prop_assert!(sample.sent.pending.open(&reply, &sample.world.keys, now()).is_err());
    }

    #[test]
    fn a_grant_with_any_flipped_bit_is_refused(at in any::<usize>(), bit in 0u8..8) {
        let sample = &*SAMPLE;
        let mut file = sample.grant.clone();
        let at = at % file.len();
        file[at] ^= 1 << bit;
        prop_assert!(Grant::open(&file, &sample.world.keys, None, now()).is_err());
    }

    #[test]
    fn a_ticket_with_any_flipped_bit_has_another_digest(at in any::<usize>(), bit in 0u8..8) {
        let ticket = SAMPLE.sent.pending.request().ticket();
        let mut bytes = ticket.canonical().unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(other) = Ticket::parse(&bytes) {
            prop_assert_ne!(other.digest().unwrap(), ticket.digest().unwrap());
        }
    }

    #[test]
    fn found_records_come_back_as_they_were_sent(records in records(), next in proptest::option::of("[!-~]{1,40}"), seed in any::<u64>()) {
        let mut world = World::new();
        world.dice = Dice::new(seed);
        let ticket = world.ticket(Verb::Pull);
        let next = next.filter(|_| !records.is_empty()).map(|key| PageKey::try_from(key).unwrap());
        let reply = Reply::Found(Found::new(&ticket, now().into(), records, next).unwrap());
        let sent = world.send(&world.request_with(ticket));
        let mut memory = World::memory();
        let opened = world.receiver.verify(&sent.http, &mut memory, now()).unwrap().open(now()).unwrap();
        let response = opened.reply(&reply, now(), &world.dice).unwrap();
        prop_assert_eq!(sent.pending.open(&response, &world.keys, now()).unwrap(), reply);
    }

    #[test]
    fn requests_come_back_as_they_were_sent(year in proptest::option::of(1900u16..3000), limit in 1u16..=1000, seed in any::<u64>()) {
        let mut world = World::new();
        world.dice = Dice::new(seed);
        let ask = Ask::Pull { parameters: Parameters { year, period: None }, page: Page::first(limit) };
        let id = exchange::ids::RequestId::mint(now(), &world.dice);
        let request = exchange::message::Request::new(id, world.ticket(Verb::Pull), crate::world::person(), ask).unwrap();
        let sent = world.send(&request);
        let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
        let authorised = opened.authorise(&world, now()).unwrap();
        prop_assert_eq!(authorised.ask(), request.ask());
        prop_assert_eq!(authorised.target(), request.target());
        prop_assert_eq!(authorised.ticket(), request.ticket());
    }

    #[test]
    fn packages_come_back_and_not_with_a_flipped_bit(contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..6), at in any::<usize>(), bit in 0u8..8) {
        let world = &SAMPLE.world;
        let key = SealingKey::make(named("madang", "madang-seal-1", in_force()), &world.dice);
        let me: domain::service::AgencyId = "madang".parse().unwrap();
        let address = Address {
            id: PackageId::mint(now(), &world.dice),
            from: "nts".parse().unwrap(),
            to: me.clone(),
            time: (now().into(), seconds(60).into()),
        };
        let files: Vec<_> = contents.into_iter().enumerate().map(|(number, bytes)| File { name: format!("{number}.bin"), bytes }).collect();
        let mut bytes = package::pack(&address, &files, &world.receiver.key, &key.public(), &world.dice).unwrap();
        let keys = SealingKeys::new(vec![key]);
        let open = |bytes: &[u8]| package::check(bytes, &me, &world.keys, now())?.open(&keys, &mut Always, now());
        prop_assert_eq!(open(&bytes).unwrap(), files);
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(open(&bytes).is_err());
    }
}

struct Always;
impl OpenedOnce for Always {
    fn note(&mut self, _: &domain::service::AgencyId, _: PackageId) -> bool {
        true
    }
}

#[test]
fn the_sample_itself_is_good() {
    let sample = &*SAMPLE;
    let reply = sample.sent.pending.open(&sample.reply, &sample.world.keys, now()).unwrap();
    assert_eq!(reply, found(sample.sent.pending.request().ticket()));
    assert!(Grant::open(&sample.grant, &sample.world.keys, None, now()).is_ok());
}
