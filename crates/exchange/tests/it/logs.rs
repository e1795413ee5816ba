//! The logs of both sides: chained, verified, matched; and the evidence kept beside them.

use chrono::TimeDelta;
use exchange::{
    ids::RequestId,
    log::{Broken, Difference, Entry, Exchange, Head, Matching, Mismatch, Outcome, Unlearned, match_logs},
    message::Reply,
    refusal::Refusal,
    verb::Verb,
};

use crate::world::{Dice, World, found, now, seconds};

fn exchanges(count: usize) -> Vec<Exchange> {
    let world = World::new();
    (0..count)
        .map(|_| {
            let ticket = world.ticket(Verb::Pull);
            let outcome = Outcome::from(&found(&ticket));
            Exchange {
                request: RequestId::mint(now(), &world.dice),
                holder: "nts".parse().unwrap(),
                ticket,
                outcome,
            }
        })
        .collect()
}

fn chain(exchanges: &[Exchange]) -> (Vec<Entry>, Head) {
    let mut head = Head::start(&"nts".parse().unwrap());
    let entries = exchanges
        .iter()
        .map(|exchange| {
            let (entry, next) = head.append(exchange.clone(), now()).unwrap();
            head = next;
            entry
        })
        .collect();
    (entries, head)
}

fn verify(entries: &[Entry]) -> Result<Head, Broken> {
    entries.iter().try_fold(Head::start(&"nts".parse().unwrap()), |head, entry| head.follow(entry))
}

#[test]
fn a_chain_that_nobody_touched_verifies() {
    let (entries, head) = chain(&exchanges(5));
    assert_eq!(verify(&entries), Ok(head));
    for entry in &entries {
        let line = entry.canonical().unwrap();
        assert_eq!(Entry::parse(&line).unwrap(), *entry);
        assert!(Entry::parse(&[line.as_slice(), b" "].concat()).is_err());
    }
}

#[test]
fn an_entry_taken_out_changed_moved_or_put_in_shows() {
    let (entries, head) = chain(&exchanges(5));
    let mut missing = entries.clone();
    missing.remove(2);
    assert_eq!(verify(&missing), Err(Broken::Number { after: 2 }));
    let mut changed = entries.clone();
    changed[2].exchange.outcome = Outcome::NotFound {};
    assert_eq!(verify(&changed), Err(Broken::Link { number: 4 }));
    let mut moved = entries.clone();
    moved.swap(1, 2);
    assert_eq!(verify(&moved), Err(Broken::Number { after: 1 }));
    // The last entry has no successor that would show it: the head that is kept elsewhere does.
    let mut last = entries.clone();
    last[4].exchange.outcome = Outcome::NotFound {};
    assert_ne!(verify(&last), Ok(head));
    assert_ne!(verify(&entries[..4]), Ok(head));
    // A log does not pass for another agency's.
    let other = Head::start(&"nhis".parse().unwrap());
    assert_eq!(other.follow(&entries[0]), Err(Broken::Link { number: 1 }));
}

#[test]
fn two_logs_that_tell_the_same_match_in_any_order() {
    let ours = exchanges(6);
    let mut theirs = ours.clone();
    theirs.reverse();
    assert_eq!(match_logs(&ours, &theirs), Matching::default());
}

#[test]
fn only_the_end_of_a_request_is_logged() {
    let refused = |code| Outcome::Refused { code };
    for outcome in [Outcome::NotFound {}, Outcome::NoReply {}, refused(Refusal::ConsentWithdrawn)] {
        assert!(outcome.is_logged(), "{outcome:?}");
    }
    for code in [Refusal::RateLimited, Refusal::Replayed, Refusal::IdTaken] {
        assert!(!refused(code).is_logged(), "{code}");
        assert_eq!(Reply::refused(code).is_final(), code == Refusal::IdTaken);
    }
    assert!(!Outcome::Unavailable {}.is_logged() && !Reply::Unavailable { retry_after: 1 }.is_final());
}

#[test]
fn what_one_side_lacks_or_tells_otherwise_is_found() {
    let ours = exchanges(6);
    let mut theirs = ours.clone();
    theirs[0].outcome = Outcome::NotFound {};
    theirs[1].ticket.purpose = "curiosity".parse().unwrap();
    theirs[2].request = RequestId::mint(seconds(1), &Dice::new(99));
    theirs.push(ours[4].clone());
    let Matching { mismatches: found, unlearned } = match_logs(&ours, &theirs);
    assert_eq!(unlearned, []);
    let of =
        |request| found.iter().filter(|m| m.request == request).map(|m| m.difference).collect::<Vec<_>>();
    assert_eq!(of(ours[0].request), [Difference::Outcome]);
    assert_eq!(of(ours[1].request), [Difference::Ticket]);
    assert_eq!(of(ours[2].request), [Difference::HolderLacks]);
    assert_eq!(of(theirs[2].request), [Difference::ClientLacks]);
    assert_eq!(of(ours[4].request), [Difference::Twice]);
    assert_eq!(found.len(), 5);
}

#[test]
fn a_lost_reply_is_told_with_what_the_holder_logged() {
    let theirs = exchanges(3);
    let mut ours = theirs.clone();
    for exchange in &mut ours {
        exchange.outcome = Outcome::NoReply {};
    }
    ours[2].ticket.purpose = "curiosity".parse().unwrap();
    let learned = theirs[0].outcome.clone();
    let unlearned = |index: usize, holder| Unlearned { request: ours[index].request, holder };
    let mut expected = [unlearned(0, Some(learned)), unlearned(1, None)];
    expected.sort_unstable_by_key(|unlearned| unlearned.request);
    let matching = match_logs(&ours, [&theirs[0], &theirs[2]]);
    assert_eq!(matching.unlearned, expected);
    // Not to have had a reply excuses no other ticket.
    let mismatch = Mismatch { request: ours[2].request, difference: Difference::Ticket };
    assert_eq!(matching.mismatches, [mismatch]);
}

type Spoil = fn(&World, &mut Exchange);

#[test]
fn evidence_proves_one_request_to_one_holder_and_no_other() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
    assert_eq!(opened.evidence(), sent.pending.evidence());
    let exchange = opened.exchange(&found(opened.ticket()));
    let evidence = opened.evidence();
    assert_eq!(evidence.proves(&exchange, &world.keys), Ok(()));

    let spoils: [(Spoil, _); 6] = [
        (|world, other| other.ticket = world.ticket(Verb::Pull), Refusal::TicketMismatch),
        (|_, other| other.ticket.client = "nts".parse().unwrap(), Refusal::TicketMismatch),
        (|_, other| other.ticket.verb = Verb::Verify, Refusal::TicketMismatch),
        (|_, other| other.holder = "nhis".parse().unwrap(), Refusal::TicketMismatch),
        (|world, other| other.request = RequestId::mint(now(), &world.dice), Refusal::TicketMismatch),
        (|_, other| other.ticket.items.clear(), Refusal::TicketMismatch),
    ];
    for (spoil, expected) in spoils {
        let mut other = exchange.clone();
        spoil(&world, &mut other);
        assert_eq!(code(evidence.proves(&other, &world.keys)), Some(expected));
    }
    for (from, to, expected) in [
        ("gateway.nts", "gateway.nhis", Refusal::BadSignature),
        ("/pull", "/submit", Refusal::TicketMismatch),
        ("\"@method\": POST", "\"@method\": GET", Refusal::TicketMismatch),
        ("\"@method\"", "\"x\": y\n\"@method\"", Refusal::Malformed),
    ] {
        let mut forged = evidence.clone();
        forged.base = evidence.base.replacen(from, to, 1);
        assert_eq!(code(forged.proves(&exchange, &world.keys)), Some(expected), "{to}");
    }
}

fn code(result: Result<(), exchange::refusal::Refused>) -> Option<Refusal> {
    result.err().map(|refused| refused.code)
}

#[test]
fn the_evidence_of_a_reply_proves_its_outcome_and_no_other() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let asked = sent.pending.evidence();
    let answered = sent.pending.answered(&world.serve(&sent.http).unwrap(), &world.keys, now()).unwrap();
    let proof = &answered.evidence;
    assert_eq!(proof.proves_reply(asked, &answered.exchange, &world.keys), Ok(()));
    let lies = [Outcome::NotFound {}, Outcome::Refused { code: Refusal::NoGround }, Outcome::NoReply {}];
    for outcome in lies {
        let other = Exchange { outcome, ..answered.exchange.clone() };
        assert_eq!(code(proof.proves_reply(asked, &other, &world.keys)), Some(Refusal::TicketMismatch));
    }
    // Nor the reply to the same request signed anew, nor one that the holder did not sign.
    let anew = world.send(sent.pending.request());
    let refused = code(proof.proves_reply(anew.pending.evidence(), &answered.exchange, &world.keys));
    assert_eq!(refused, Some(Refusal::TicketMismatch));
    let mut forged = proof.clone();
    forged.signature.clone_from(&asked.signature);
    assert_eq!(
        code(forged.proves_reply(asked, &answered.exchange, &world.keys)),
        Some(Refusal::BadSignature)
    );
}

#[test]
fn the_evidence_of_a_refusal_that_was_not_sealed_proves_its_code() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let verified = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap();
    let response = verified.refuse(Refusal::BadSeal, now()).unwrap();
    let answered = sent.pending.answered(&response, &world.keys, now()).unwrap();
    let prove = |exchange: &Exchange| {
        code(answered.evidence.proves_reply(sent.pending.evidence(), exchange, &world.keys))
    };
    assert_eq!(prove(&answered.exchange), None);
    let outcome = Outcome::Refused { code: Refusal::UnknownKey };
    assert_eq!(prove(&Exchange { outcome, ..answered.exchange.clone() }), Some(Refusal::TicketMismatch));
}

#[test]
fn a_log_line_holds_nothing_that_names_the_person() {
    let (entries, _) = chain(&exchanges(1));
    let line = String::from_utf8(entries[0].canonical().unwrap()).unwrap();
    for secret in ["900101", "1234567", "김민지", "48200000"] {
        assert!(!line.contains(secret), "{secret}");
    }
    assert!(entries[0].at.instant() - now() < TimeDelta::seconds(1));
}
