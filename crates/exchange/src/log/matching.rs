use std::collections::HashMap;

use super::{Exchange, Outcome};
use crate::ids::RequestId;

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

/// Compares what the asking side and the holder have logged about each other, in any order; sorted by request. Give it
/// only the entries that belong to the two, and to the same time. That no reply arrived agrees with every outcome: the
/// holder may have sent one.
///
/// Both logs are held in memory by reference; for more than a few million entries, match a month at a time.
pub fn match_logs<'a>(
    client: impl IntoIterator<Item = &'a Exchange>,
    holder: impl IntoIterator<Item = &'a Exchange>,
) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let asked = by_request(client, &mut mismatches);
    let mut answered = by_request(holder, &mut mismatches);
    for (request, ours) in asked {
        let difference = match answered.remove(&request) {
            // A request that never arrived leaves no trace at the holder.
            None if ours.outcome == (Outcome::NoReply {}) => continue,
            None => Difference::HolderLacks,
            Some(theirs) if ours.ticket != theirs.ticket || ours.holder != theirs.holder => {
                Difference::Ticket
            }
            Some(theirs) if ours.outcome != theirs.outcome && ours.outcome != (Outcome::NoReply {}) => {
                Difference::Outcome
            }
            Some(_) => continue,
        };
        mismatches.push(Mismatch { request, difference });
    }
    let rest = answered.into_keys().map(|request| Mismatch { request, difference: Difference::ClientLacks });
    mismatches.extend(rest);
    mismatches.sort_unstable();
    mismatches
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
