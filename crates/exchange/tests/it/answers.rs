//! What passes between a portal and a tax office that both keep the rules.

use chrono::TimeDelta;
use exchange::{
    headers,
    holder::open_refusal,
    ids::{FormId, RequestId},
    keys::SigningKey,
    message::{Ask, Page, Parameters, Reply, Request, SubmissionState},
    refusal::Refusal,
    seal::{SealingKey, SealingKeys},
    verb::Verb,
};

use crate::world::{World, found, in_force, named, now, person, public, record, seconds};

#[test]
fn a_pull_gives_the_items_of_its_ticket() {
    let world = World::new();
    let request = world.pull();
    let sent = world.send(&request);
    let response = world.serve(&sent.http).unwrap();
    assert_eq!(sent.pending.open(&response, &world.keys, now()).unwrap(), found(request.ticket()));
}

#[test]
fn every_verb_has_its_answer() {
    let world = World::new();
    let form: FormId = "income-correction".parse().unwrap();
    let submission = RequestId::mint(now(), &world.dice);
    let withdrawal = world.ticket(Verb::Withdraw);
    let consent = withdrawal.ground.consent().unwrap();
    for (ask, reply) in [
        (Ask::Verify {}, Reply::Verified {}),
        (Ask::Verify {}, Reply::NotVerified {}),
        (Ask::Pull { parameters: Parameters::default(), page: Page::first(1) }, Reply::NotFound {}),
        (Ask::Withdraw { consent, withdrawn: now().into() }, Reply::Accepted {}),
        (Ask::Submit { form, content: record() }, Reply::Accepted {}),
        (Ask::Status { submission }, Reply::Status { state: SubmissionState::Received, since: now().into() }),
        (Ask::Status { submission }, Reply::refused(Refusal::RateLimited)),
        (Ask::Verify {}, Reply::Unavailable { retry_after: 30 }),
    ] {
        let id = RequestId::mint(now(), &world.dice);
        let ticket = if ask.verb() == Verb::Withdraw { withdrawal.clone() } else { world.ticket(ask.verb()) };
        let request = Request::new(id, ticket, person(), ask).unwrap();
        let sent = world.send(&request);
        let mut memory = World::memory();
        let verified = world.receiver.verify(&sent.http, &mut memory, now()).unwrap();
        let opened = verified.open(now()).unwrap();
        opened.authorise(&world, now()).unwrap();
        let response = opened.reply(&reply, now(), &world.dice).unwrap();
        assert_eq!(sent.pending.open(&response, &world.keys, now()).unwrap(), reply);
    }
}

#[test]
fn a_retry_has_the_same_id_and_is_no_replay() {
    let world = World::new();
    let request = world.pull();
    let mut memory = World::memory();
    let (first, second) = (world.send(&request), world.send(&request));
    let ids =
        [&first, &second].map(|sent| world.receiver.verify(&sent.http, &mut memory, now()).unwrap().id());
    assert_eq!(ids, [request.id(); 2]);
    assert_ne!(first.http.body(), second.http.body());
}

#[test]
fn old_and_new_sealing_key_open_during_the_overlap() {
    let mut world = World::new();
    let (old, new) = (
        SealingKey::make(named("nts", "nts-seal-0", (in_force().0, seconds(60).into())), &world.dice),
        SealingKey::make(named("nts", "nts-seal-2", in_force()), &world.dice),
    );
    world.receiver.sealing = SealingKeys::new(vec![old.clone(), new.clone()]);
    for key in [&old, &new] {
        world.peer.sealing = key.public();
        let sent = world.send(&world.pull());
        assert!(world.serve(&sent.http).is_ok());
    }
    world.peer.sealing = old.public();
    let sent = world.send(&world.pull());
    let mut memory = World::memory();
    let verified = world.receiver.verify(&sent.http, &mut memory, seconds(30)).unwrap();
    assert_eq!(verified.open(seconds(61)).err().unwrap().code, Refusal::UnknownKey);
}

#[test]
fn old_and_new_signing_key_are_taken_during_the_overlap() {
    let mut world = World::new();
    let new = SigningKey::make("madang-sign-2".parse().unwrap(), &world.dice);
    world.receiver.clients.add(public("madang", &new)).unwrap();
    assert!(world.serve(&world.send(&world.pull()).http).is_ok());
    world.sender.key = new;
    assert!(world.serve(&world.send(&world.pull()).http).is_ok());
}

#[test]
fn a_ticket_that_a_fast_clock_issued_is_taken_and_one_that_ran_out_is_not() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let mut memory = World::memory();
    let slow = seconds(-5);
    let verified = world.receiver.verify(&sent.http, &mut memory, slow).unwrap();
    assert!(verified.open(slow).unwrap().authorise(&world, slow).is_ok());
    let late = seconds(600);
    let refused = verified.open(slow).unwrap().authorise(&world, late).err().unwrap();
    assert_eq!(refused.code, Refusal::TicketExpired);
}

#[test]
fn a_withdrawal_passes_without_a_grant_and_although_its_consent_is_withdrawn() {
    let mut world = World::new();
    world.grants.clear();
    let ticket = world.ticket(Verb::Withdraw);
    let ask = Ask::Withdraw { consent: ticket.ground.consent().unwrap(), withdrawn: now().into() };
    let request = Request::new(RequestId::mint(now(), &world.dice), ticket, person(), ask).unwrap();
    let sent = world.send(&request);
    let mut memory = World::memory();
    let opened = world.receiver.verify(&sent.http, &mut memory, now()).unwrap().open(now()).unwrap();
    world.withdrawn.extend(opened.ticket().ground.consent());
    assert!(opened.authorise(&world, now()).unwrap().grant().is_none());
}

#[test]
fn a_signed_refusal_is_an_answer_and_an_unsigned_one_is_none() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let mut memory = World::memory();
    let verified = world.receiver.verify(&sent.http, &mut memory, now()).unwrap();
    let signed = verified.refuse(Refusal::BadSeal, now()).unwrap();
    assert_eq!(sent.pending.open(&signed, &world.keys, now()).unwrap(), Reply::refused(Refusal::BadSeal));
    let unsigned = open_refusal(Refusal::UnknownKey);
    assert_eq!(sent.pending.open(&unsigned, &world.keys, now()).unwrap_err().code, Refusal::Unsigned);
    assert_eq!(exchange::client::open_refusal(unsigned.body()).unwrap(), Refusal::UnknownKey);
}

#[test]
fn nothing_about_the_person_can_be_read_on_the_way() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let response = world.serve(&sent.http).unwrap();
    let wire = format!("{:?}{:?}", sent.http, response);
    let bodies = [sent.http.body().as_slice(), response.body()].concat();
    for secret in ["900101", "1234567", "김민지", "48200000", "income-amount", "basic-livelihood"] {
        assert!(!wire.contains(secret), "{secret}");
        assert!(!bodies.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    assert_eq!(sent.http.headers()[headers::FROM], "madang");
}

#[test]
fn debug_output_shows_no_personal_value() {
    let world = World::new();
    let request = world.pull();
    let shown = format!("{request:?} {:?} {:?}", found(request.ticket()), world.sender);
    for secret in ["1234567", "김민지", "48200000"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn a_long_page_that_does_not_fit_is_told_before_it_is_sent() {
    let world = World::new();
    let text = serde_json::json!({ "text": "가".repeat(4_000) });
    let ticket = world.ticket(Verb::Pull);
    let record = [("amount".parse().unwrap(), serde_json::from_value(text).unwrap())].into();
    let records = vec![record; 100];
    let found = exchange::message::Found::new(&ticket, now().into(), records, None).unwrap();
    let ask = Ask::Pull { parameters: Parameters::default(), page: Page::first(100) };
    let request = Request::new(RequestId::mint(now(), &world.dice), ticket, person(), ask).unwrap();
    let sent = world.send(&request);
    let mut memory = World::memory();
    let opened = world.receiver.verify(&sent.http, &mut memory, now()).unwrap().open(now()).unwrap();
    let refused = opened.reply(&Reply::Found(found), now(), &world.dice).unwrap_err();
    assert_eq!(refused.code, Refusal::TooLarge);
    assert!(
        sent.pending.open(&open_refusal(Refusal::TooLarge), &world.keys, now() + TimeDelta::zero()).is_err()
    );
}
