use exchange::{
    headers,
    ids::RequestId,
    message::{Ask, Request},
    refusal::Refusal,
    target::{Target, Thing, ThingKind},
    ticket::{Ground, Statute, Ticket},
    verb::Verb,
};

use super::{refused_after, refused_with};
use crate::world::{World, now, person, seconds};

#[test]
fn a_stripped_ticket_is_refused() {
    let code = refused_after(|_, message| drop(message.headers_mut().remove(headers::TICKET)));
    assert_eq!(code, Some(Refusal::NoTicket));
    let inside = br#"{"id":"019dab3e-7c00-7abc-8def-0123456789ab","target":{"thing":{"kind":"plate","number":"12\uac003456"}},"ask":{"verify":{}}}"#;
    assert_eq!(Request::parse(inside).unwrap_err().code, Refusal::NoTicket);
}

#[test]
fn a_ticket_for_another_person_or_thing_is_refused() {
    let world = World::new();
    let twin =
        Target::Person { number: "900101-1234568".parse().unwrap(), name: "김민지".parse().unwrap() };
    let car = Target::Thing(Thing::new(ThingKind::Plate, "12가3456").unwrap());
    for target in [twin, car] {
        let request = world.request_about(world.ticket(Verb::Pull), target);
        assert_eq!(world.code(&world.send(&request).http), Some(Refusal::TicketMismatch));
    }
}

#[test]
fn a_ticket_for_another_verb_or_client_is_refused() {
    let world = World::new();
    let ask = Ask::Verify {};
    let id = RequestId::mint(now(), &world.dice);
    let refused = Request::new(id, world.ticket(Verb::Pull), person(), ask).unwrap_err();
    assert_eq!(refused.code, Refusal::TicketMismatch);
    let mut ticket = world.ticket(Verb::Pull);
    ticket.client = "bank".parse().unwrap();
    let request = world.request_with(ticket);
    let refused = world.sender.send(&request, &world.peer, now(), &world.dice).err().unwrap();
    assert_eq!(refused.code, Refusal::TicketMismatch);
}

#[test]
fn a_ticket_outside_its_time_is_refused() {
    let expired = refused_with(|_, ticket| {
        ticket.issued = seconds(-600).into();
        ticket.expires = now().into();
    });
    let early = refused_with(|_, ticket| ticket.issued = seconds(11).into());
    assert_eq!([expired, early], [Some(Refusal::TicketExpired); 2]);
}

#[test]
fn what_the_grant_does_not_name_is_refused() {
    type Spoil = fn(&World, &mut Ticket);
    let cases: [(Spoil, Refusal); 5] = [
        (|_, ticket| ticket.kind = "vat-base-certificate".parse().unwrap(), Refusal::KindNotGranted),
        (|_, ticket| ticket.items.extend(["debts".parse().unwrap()]), Refusal::ItemNotGranted),
        (|_, ticket| ticket.purpose = "curiosity".parse().unwrap(), Refusal::PurposeNotGranted),
        (
            |_, ticket| ticket.ground = Ground::Statute(Statute::new("국세기본법", "81-13").unwrap()),
            Refusal::NoGround,
        ),
        (
            |_, ticket| {
                let Ground::Consent { given, .. } = &mut ticket.ground else { return };
                *given = seconds(1).into();
            },
            Refusal::NoGround,
        ),
    ];
    for (spoil, expected) in cases {
        assert_eq!(refused_with(spoil), Some(expected));
    }
}

#[test]
fn a_verb_that_the_grant_does_not_name_is_refused() {
    let mut world = World::new();
    world.grants[0].kinds.values_mut().for_each(|permission| permission.verbs = [Verb::Verify].into());
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::VerbNotGranted));
}

#[test]
fn a_client_without_a_grant_in_force_is_refused() {
    let mut world = World::new();
    world.grants[0].until = now().into();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::KindNotGranted));
    world.grants[0].client = "bank".parse().unwrap();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownClient));
    // A grant that another holder gave counts for nothing here.
    let mut world = World::new();
    world.grants[0].holder = "nhis".parse().unwrap();
    assert_eq!(world.code(&world.send(&world.pull()).http), Some(Refusal::UnknownClient));
}

#[test]
fn a_withdrawn_consent_is_refused() {
    let mut world = World::new();
    let request = world.pull();
    world.withdrawn.extend(request.ticket().ground.consent());
    assert_eq!(world.code(&world.send(&request).http), Some(Refusal::ConsentWithdrawn));
}
