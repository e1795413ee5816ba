use std::collections::HashMap;

use super::{Exchange, Outcome};
use crate::ids::RequestId;

/// What comes of comparing two logs; both lists are sorted by request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Matching {
    /// Where the logs tell different things.
    pub mismatches: Vec<Mismatch>,
    /// Where the asking side did not learn the outcome. That is no contradiction, but no agreement either.
    pub unlearned: Vec<Unlearned>,
}

/// Where two logs tell different things.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Mismatch {
    /// About which request.
    pub request: RequestId,
    /// How.
    pub difference: Difference,
}

/// How two logs differ about a request.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Difference {
    /// Only the asking side has it.
    HolderLacks,
    /// Only the holder has it.
    ClientLacks,
    /// One side has it twice.
    Twice,
    /// The tickets differ, or who was asked.
    Ticket,
    /// What became of it differs.
    Outcome,
}

/// A request that the asking side sent and had no reply to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unlearned {
    /// Which request.
    pub request: RequestId,
    /// What the holder logged; none, when the request never came to an end there.
    pub holder: Option<Outcome>,
}

/// Compares what the asking side and the holder have logged about each other, in any order. Give it only the entries that
/// belong to the two, and to the same time.
///
/// Both logs are held in memory by reference; for more than a few million entries, match a month at a time.
pub fn match_logs<'a>(
    client: impl IntoIterator<Item = &'a Exchange>,
    holder: impl IntoIterator<Item = &'a Exchange>,
) -> Matching {
    let mut matching = Matching::default();
    let asked = by_request(client, &mut matching.mismatches);
    let mut answered = by_request(holder, &mut matching.mismatches);
    for (request, ours) in asked {
        let theirs = answered.remove(&request);
        match compare(ours, theirs) {
            Some(difference) => matching.mismatches.push(Mismatch { request, difference }),
            None if ours.outcome == (Outcome::NoReply {}) => {
                let holder = theirs.map(|theirs| theirs.outcome.clone());
                matching.unlearned.push(Unlearned { request, holder });
            }
            None => {}
        }
    }
    let rest = answered.into_keys().map(|request| Mismatch { request, difference: Difference::ClientLacks });
    matching.mismatches.extend(rest);
    matching.mismatches.sort_unstable();
    matching.unlearned.sort_unstable_by_key(|unlearned| unlearned.request);
    matching
}

fn compare(ours: &Exchange, theirs: Option<&Exchange>) -> Option<Difference> {
    let learned = ours.outcome != (Outcome::NoReply {});
    let Some(theirs) = theirs else { return learned.then_some(Difference::HolderLacks) };
    if ours.ticket != theirs.ticket || ours.holder != theirs.holder {
        return Some(Difference::Ticket);
    }
    (learned && ours.outcome != theirs.outcome).then_some(Difference::Outcome)
}

fn by_request<'a>(
    exchanges: impl IntoIterator<Item = &'a Exchange>,
    mismatches: &mut Vec<Mismatch>,
) -> HashMap<RequestId, &'a Exchange> {
    let mut found = HashMap::new();
    for exchange in exchanges {
        if found.insert(exchange.request, exchange).is_some() {
            mismatches.push(Mismatch { request: exchange.request, difference: Difference::Twice });
        }
    }
    found
}
