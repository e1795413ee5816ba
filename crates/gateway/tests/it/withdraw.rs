//! A consent that is withdrawn: nothing is given on it from then on, in whichever order messages come.

use std::path::Path;

use exchange::{
    ids::RequestId,
    log::Outcome,
    message::{Ask, Reply, Request},
    refusal::Refusal,
    sign::{Nonce, Noted},
    ticket::Ticket,
    verb::Verb,
};
use gateway::{
    log::{Kept, Log, Note},
    system::{SystemChance, SystemClock},
};

use crate::world::{MINJI, Running, World, now, person};

/// A request of `verb` on the same ground as `ticket`.
fn on_ground_of(world: &World, ticket: &Ticket, verb: Verb) -> Request {
    let target = person(MINJI);
    let mut new = world.ticket(verb, &target);
    new.ground = ticket.ground.clone();
    let ask = match verb {
        Verb::Withdraw => {
            Ask::Withdraw { consent: ticket.ground.consent().unwrap(), withdrawn: now().into() }
        }
        Verb::Verify => Ask::Verify {},
        _ => return World::pull_with(new, &target),
    };
    Request::new(RequestId::mint(now(), &SystemChance), new, target, ask).unwrap()
}

const WITHDRAWN: Reply = Reply::refused(Refusal::ConsentWithdrawn);

#[tokio::test]
async fn nothing_is_read_on_a_consent_once_it_was_withdrawn_not_even_after_a_restart() {
    let world = World::new();
    let gateway = Running::start(&world);
    let first = world.pull(&person(MINJI));
    assert!(matches!(gateway.ask(&world, &first).await, Reply::Found(_)));
    let before = gateway.queries().await;
    // The grant does not name the verb: what was given can always be taken back. Twice is once.
    let withdrawal = on_ground_of(&world, first.ticket(), Verb::Withdraw);
    for _ in 0..2 {
        assert_eq!(gateway.ask(&world, &withdrawal).await, Reply::Accepted {});
    }
    let again = on_ground_of(&world, first.ticket(), Verb::Withdraw);
    assert_eq!(gateway.ask(&world, &again).await, Reply::Accepted {});
    for verb in [Verb::Pull, Verb::Verify] {
        let later = on_ground_of(&world, first.ticket(), verb);
        assert_eq!(gateway.ask(&world, &later).await, WITHDRAWN);
    }
    // Nor is the first one answered a second time.
    assert_eq!(gateway.ask(&world, &first).await, WITHDRAWN);
    assert_eq!(gateway.queries().await, before);
    drop(gateway);
    let gateway = Running::start(&world);
    let later = on_ground_of(&world, first.ticket(), Verb::Pull);
    assert_eq!(gateway.ask(&world, &later).await, WITHDRAWN);
    assert_eq!(gateway.queries().await, 0);
    // Other consents hold.
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
    assert!(world.run(&["log", "verify"]).status.success());
}

#[tokio::test]
async fn a_withdrawal_that_comes_before_the_first_use_counts() {
    let world = World::new();
    let gateway = Running::start(&world);
    let pull = world.pull(&person(MINJI));
    let withdrawal = on_ground_of(&world, pull.ticket(), Verb::Withdraw);
    assert_eq!(gateway.ask(&world, &withdrawal).await, Reply::Accepted {});
    assert_eq!(gateway.ask(&world, &pull).await, WITHDRAWN);
    assert_eq!(gateway.queries().await, 0);
}

#[tokio::test]
async fn a_withdrawal_needs_a_good_ticket_all_the_same() {
    let world = World::new();
    let gateway = Running::start(&world);
    let pull = world.pull(&person(MINJI));
    let mut ticket = on_ground_of(&world, pull.ticket(), Verb::Withdraw).ticket().clone();
    ticket.subject =
        exchange::subject::SubjectRef::of(&world.subjects, &person(("910203-2345678", "이서연")));
    let consent = ticket.ground.consent().unwrap();
    let withdraw = |ticket: Ticket, withdrawn| {
        let id = RequestId::mint(now(), &SystemChance);
        Request::new(id, ticket, person(MINJI), Ask::Withdraw { consent, withdrawn }).unwrap()
    };
    let reply = gateway.ask(&world, &withdraw(ticket.clone(), now().into())).await;
    assert_eq!(reply, Reply::refused(Refusal::TicketMismatch));
    ticket.subject = pull.ticket().subject;
    let tomorrow = now() + chrono::TimeDelta::days(1);
    let reply = gateway.ask(&world, &withdraw(ticket, tomorrow.into())).await;
    assert_eq!(reply, Reply::refused(Refusal::Malformed));
    assert!(matches!(gateway.ask(&world, &pull).await, Reply::Found(_)));
}

#[tokio::test]
async fn a_pull_under_way_gives_nothing_when_its_consent_is_withdrawn_meanwhile() {
    let world = World::new();
    let gateway = Running::start(&world);
    // From now on the gateway knows the register's tables, and counts a look-up before it waits for the file.
    gateway.ask(&world, &world.pull(&person(MINJI))).await;
    let before = gateway.queries().await;
    let pull = world.pull(&person(MINJI));
    let mut register = rusqlite::Connection::open(world.at("register.sqlite")).unwrap();
    let held = register.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive).unwrap();
    let withdrawn = async {
        while gateway.queries().await == before {}
        let withdrawal = on_ground_of(&world, pull.ticket(), Verb::Withdraw);
        assert_eq!(gateway.ask(&world, &withdrawal).await, Reply::Accepted {});
        held.rollback().unwrap();
    };
    let (reply, ()) = tokio::join!(gateway.ask(&world, &pull), withdrawn);
    assert_eq!(reply, WITHDRAWN);
    assert!(world.run(&["log", "verify"]).status.success());
}

#[tokio::test]
async fn a_log_without_its_withdrawals_is_not_believed() {
    let world = World::new();
    let gateway = Running::start(&world);
    let pull = world.pull(&person(MINJI));
    gateway.ask(&world, &on_ground_of(&world, pull.ticket(), Verb::Withdraw)).await;
    drop(gateway);
    let log = rusqlite::Connection::open(world.at("log.sqlite")).unwrap();
    log.execute("delete from withdrawals", []).unwrap();
    assert!(!world.run(&["log", "verify"]).status.success());
}

fn note(world: &World, request: &Request, outcome: Outcome) -> Note {
    let sent = world.send(request);
    let withdrawn = match request.ask() {
        Ask::Withdraw { withdrawn, .. } => Some(*withdrawn),
        _ => None,
    };
    let mut nonce = Nonce([0; 16]);
    domain::id::Chance::fill(&SystemChance, &mut nonce.0);
    Note {
        exchange: sent.pending.exchange(outcome),
        evidence: sent.pending.evidence().clone(),
        fingerprint: request.fingerprint(&world.subjects).unwrap(),
        noted: Noted { sender: "madang".parse().unwrap(), nonce, until: now().into() },
        withdrawn,
    }
}

fn open(file: &Path) -> Log {
    Log::open(file, &"nts".parse().unwrap(), Box::new(SystemClock)).unwrap().0
}

/// Every order of `count` things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    (0..count).fold(vec![vec![]], |shorter, next| {
        let longer = shorter.iter().flat_map(|order| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            })
        });
        longer.collect()
    })
}

#[tokio::test]
async fn in_every_order_what_comes_after_the_withdrawal_gives_nothing() {
    let world = World::new();
    let log = open(&world.at("orders.sqlite"));
    for order in orders(4) {
        let first = world.pull(&person(MINJI));
        let ground = first.ticket().clone();
        let requests = [
            on_ground_of(&world, &ground, Verb::Withdraw),
            on_ground_of(&world, &ground, Verb::Withdraw),
            on_ground_of(&world, &ground, Verb::Verify),
            first,
        ];
        let outcomes =
            [Outcome::Accepted {}, Outcome::Accepted {}, Outcome::Verified {}, Outcome::NotFound {}];
        let mut withdrawn = false;
        for index in &order {
            let kept = log.keep(note(&world, &requests[*index], outcomes[*index].clone())).await.unwrap();
            let gives = *index > 1;
            assert_eq!(kept, if gives && withdrawn { Kept::Withdrawn } else { Kept::Same }, "{order:?}");
            withdrawn |= !gives;
        }
        let consent = ground.ground.consent().unwrap();
        assert!(log.withdrawn(&ground.client, consent).unwrap());
        // A consent is its client's: nobody else withdraws it, or has it withdrawn.
        assert!(!log.withdrawn(&"bank".parse().unwrap(), consent).unwrap());
    }
}
