//! The logs of both sides: chained, verified, matched; and the evidence kept beside them.

use chrono::TimeDelta;
use exchange::{
    ids::RequestId,
    log::{Broken, Difference, Entry, Exchange, Head, Outcome, match_logs},
    refusal::Refusal,
    ticket::Ticket,
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
    assert_eq!(match_logs(&ours, &theirs), []);
}

#[test]
fn what_one_side_lacks_or_tells_otherwise_is_found() {
    let ours = exchanges(6);
    let mut theirs = ours.clone();
    theirs[0].outcome = Outcome::NotFound {};
    theirs[1].ticket.purpose = "curiosity".parse().unwrap();
    theirs[2].request = RequestId::mint(seconds(1), &Dice::new(99));
    theirs.push(ours[4].clone());
    let found = match_logs(&ours, &theirs);
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
fn a_lost_reply_matches_whatever_the_holder_did() {
    let theirs = exchanges(2);
    let mut ours = theirs.clone();
    for exchange in &mut ours {
        exchange.outcome = Outcome::NoReply {};
    }
    assert_eq!(match_logs(&ours, &theirs), []);
    assert_eq!(match_logs(&ours, &theirs[..1]), []);
}

#[test]
fn evidence_proves_the_ticket_and_no_other() {
    let world = World::new();
    let sent = world.send(&world.pull());
    let opened = world.receiver.verify(&sent.http, &mut World::memory(), now()).unwrap().open(now()).unwrap();
    assert_eq!(opened.evidence(), sent.pending.evidence());
    let ticket = Ticket::parse(&opened.ticket().canonical().unwrap()).unwrap();
    let (madang, nts) = ("madang".parse().unwrap(), "nts".parse().unwrap());
    let evidence = opened.evidence();
    assert_eq!(evidence.proves(&ticket, &madang, &world.keys), Ok(()));

    let code = |result: Result<(), exchange::refusal::Refused>| result.err().map(|refused| refused.code);
    let other = world.ticket(Verb::Pull);
    assert_eq!(code(evidence.proves(&other, &madang, &world.keys)), Some(Refusal::TicketMismatch));
    assert_eq!(code(evidence.proves(&ticket, &nts, &world.keys)), Some(Refusal::TicketMismatch));
    let mut forged = evidence.clone();
    forged.base = forged.base.replace("/pull", "/submit");
    assert_eq!(code(forged.proves(&ticket, &madang, &world.keys)), Some(Refusal::BadSignature));
    forged.base = format!("\"x\": y\n{}", evidence.base);
    assert_eq!(code(forged.proves(&ticket, &madang, &world.keys)), Some(Refusal::Malformed));
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
