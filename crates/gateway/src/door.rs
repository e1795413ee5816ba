//! The one door of the exchange. The order of checks is the protocol's: a request is verified, then opened, then
//! authorised, and only then does anybody look into the register.

mod desk;
mod no_answer;
mod submissions;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use arc_swap::ArcSwap;
use domain::{clock::Clock, id::Chance, service::AgencyId};
use exchange::{
    grant::Grant,
    holder::{Receiver, open_refusal},
    ids::GrantId,
    refusal::Refused,
    sign::NonceWindow,
};

use self::desk::Desk;
pub use self::no_answer::NoAnswer;
use crate::{
    config::{Client, Config, Limits},
    inbox::Inbox,
    log::Log,
    rate::Rates,
    register::Register,
};

/// How many requests of one client are remembered until they have run out: at most 70 seconds' worth.
const REMEMBERED: usize = 100_000;

/// A request as it arrived.
pub type Arrived = http::Request<Vec<u8>>;
/// An answer as it leaves.
pub type Answer = http::Response<Vec<u8>>;

/// The gateway while it runs.
pub struct Gateway {
    desk: ArcSwap<Desk>,
    rooms: Arc<Rooms>,
    /// What connections may take.
    pub limits: Limits,
}

/// What can be read anew while the gateway runs.
struct Papers {
    receiver: Receiver,
    clients: BTreeMap<AgencyId, Client>,
    grants: Vec<Grant>,
}

/// What stays as long as the gateway runs.
struct Rooms {
    register: Register,
    inbox: Option<Inbox>,
    log: Log,
    received: Mutex<NonceWindow>,
    by_client: Rates<AgencyId>,
    by_grant: Rates<GrantId>,
    clock: Box<dyn Clock>,
    chance: Box<dyn Chance>,
}

impl Gateway {
    /// A gateway that goes on where the one before it, with the same log, stopped.
    pub fn new(config: Config, log: Log, clock: Box<dyn Clock>, chance: Box<dyn Chance>) -> Self {
        let Config { register, kinds, inbox, forms, query_time, limits, .. } = config;
        let rooms = Arc::new(Rooms {
            register: Register::new(&register, kinds, query_time),
            inbox: inbox.map(|place| Inbox::new(&place, forms, query_time)),
            received: Mutex::new(log.received(REMEMBERED, clock.now())),
            log,
            by_client: Rates::default(),
            by_grant: Rates::default(),
            clock,
            chance,
        });
        let papers = Papers { receiver: config.receiver, clients: config.clients, grants: config.grants };
        let desk = ArcSwap::from_pointee(Desk { papers, rooms: rooms.clone() });
        Self { desk, rooms, limits }
    }

    /// Takes keys, clients and grants of `config` from now on. Requests that have begun go on with the old ones; what was
    /// received and logged is not forgotten. Everything else stays as it was at the start.
    ///
    /// # Errors
    /// When the configuration is that of another agency.
    pub fn reload(&self, config: Config) -> Result<(), &'static str> {
        if config.receiver.agency != self.desk.load().papers.receiver.agency {
            return Err("the file is now that of another agency");
        }
        let papers = Papers { receiver: config.receiver, clients: config.clients, grants: config.grants };
        self.desk.store(Arc::new(Desk { papers, rooms: self.rooms.clone() }));
        Ok(())
    }

    /// Answers a request of the exchange.
    pub async fn answer(&self, request: &Arrived) -> Answer {
        self.desk.load_full().answer(request).await
    }

    /// Whether the register can be read now.
    pub async fn ready(&self) -> bool {
        self.rooms.register.ready().await
    }
}

/// A refusal for somebody who is not known to be who they say. The cause stays here.
pub fn refuse_stranger(refused: Refused) -> Answer {
    tracing::info!(%refused, "refused");
    count("none", refused.code.code());
    open_refusal(refused.code)
}

fn count(verb: &'static str, outcome: &'static str) {
    metrics::counter!("madang_gateway_requests_total", "verb" => verb, "outcome" => outcome).increment(1);
}
