//! A portal, a tax office and a citizen, the same in every test.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::Chance, service::AgencyId};
use exchange::{
    client::{Peer, Sender, Sent},
    grant::{Grant, Permission},
    holder::{Duty, Receiver},
    ids::{ConsentId, GrantId, RequestId},
    keys::{KeyRing, PublicKey, SigningKey},
    message::{Ask, Found, Page, Parameters, Reply, Request},
    moment::Moment,
    refusal::{Refusal, Refused},
    seal::{Named, SealingKey, SealingKeys},
    sign::{NonceWindow, Window},
    subject::{SubjectKey, SubjectRef},
    target::Target,
    ticket::{Actor, Ground, Ticket},
    value::{Record, Value},
    verb::Verb,
};

/// Repeatable chance: `SplitMix64`.
pub struct Dice(AtomicU64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_338_000, 0).unwrap()
}

pub fn seconds(count: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(count)
}

/// From yesterday until in a year.
pub fn in_force() -> (Moment, Moment) {
    (seconds(-86_400).into(), seconds(365 * 86_400).into())
}

pub struct World {
    pub dice: Dice,
    pub sender: Sender,
    pub receiver: Receiver,
    pub peer: Peer,
    /// The keys of everybody.
    pub keys: KeyRing,
    pub grants: Vec<Grant>,
    pub subjects: SubjectKey,
    /// The consents that the portal took back.
    pub withdrawn: Vec<ConsentId>,
}

pub fn named(owner: &str, id: &str, (from, until): (Moment, Moment)) -> Named {
    Named { owner: owner.parse().unwrap(), id: id.parse().unwrap(), from, until }
}

pub fn public(owner: &str, key: &SigningKey) -> PublicKey {
    let (from, until) = in_force();
    PublicKey { owner: owner.parse().unwrap(), id: key.id().clone(), bytes: key.public(), from, until }
}

impl World {
    pub fn new() -> Self {
        let dice = Dice::new(7);
        let portal_key = SigningKey::make("madang-sign-1".parse().unwrap(), &dice);
        let office_key = SigningKey::make("nts-sign-1".parse().unwrap(), &dice);
        let sealing = SealingKey::make(named("nts", "nts-seal-1", in_force()), &dice);
        let mut keys = KeyRing::default();
        keys.add(public("madang", &portal_key)).unwrap();
        keys.add(public("nts", &office_key)).unwrap();
        let origin: exchange::origin::Origin = "https://gateway.nts.example".parse().unwrap();
        let peer = Peer { agency: "nts".parse().unwrap(), origin: origin.clone(), sealing: sealing.public() };
        let sender = Sender { client: "madang".parse().unwrap(), key: portal_key, window: Window::default() };
        let receiver = Receiver {
            agency: peer.agency.clone(),
            origin,
            key: office_key,
            sealing: SealingKeys::new(vec![sealing]),
            clients: keys.clone(),
            window: Window::default(),
        };
        let subjects = SubjectKey::make(&dice);
        let grants = vec![grant(&dice)];
        Self { dice, sender, receiver, peer, keys, grants, subjects, withdrawn: vec![] }
    }

    pub fn memory() -> NonceWindow {
        NonceWindow::new(seconds(-3_600), 1_000)
    }

    pub fn ticket(&self, verb: Verb) -> Ticket {
        Ticket {
            id: exchange::ids::TicketId::mint(now(), &self.dice),
            client: "madang".parse().unwrap(),
            actor: Actor::Citizen(exchange::ids::PersonId::mint(now(), &self.dice)),
            subject: SubjectRef::of(&self.subjects, &person()),
            case: exchange::ids::CaseId::mint(now(), &self.dice),
            verb,
            kind: "income-amount-certificate".parse().unwrap(),
            items: ["amount", "year"].map(|item| item.parse().unwrap()).into(),
            purpose: "basic-livelihood-benefit".parse().unwrap(),
            ground: Ground::Consent { id: ConsentId::mint(now(), &self.dice), given: seconds(-60).into() },
            issued: now().into(),
            expires: seconds(600).into(),
        }
    }

    pub fn request_with(&self, ticket: Ticket) -> Request {
        self.request_about(ticket, person())
    }

    pub fn request_about(&self, ticket: Ticket, target: Target) -> Request {
        let ask =
            Ask::Pull { parameters: Parameters { year: Some(2025), period: None }, page: Page::first(20) };
        Request::new(RequestId::mint(now(), &self.dice), ticket, target, ask).unwrap()
    }

    pub fn pull(&self) -> Request {
        self.request_with(self.ticket(Verb::Pull))
    }

    pub fn send(&self, request: &Request) -> Sent {
        self.sender.send(request, &self.peer, now(), &self.dice).unwrap()
    }

    /// What a gateway does with a request, up to where it would look into its register.
    pub fn serve(&self, request: &http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Refused> {
        let mut memory = Self::memory();
        let verified = self.receiver.verify(request, &mut memory, now())?;
        let opened = verified.open(now())?;
        let authorised = opened.authorise(self, now())?;
        opened.reply(&found(authorised.ticket()), now(), &self.dice)
    }

    pub fn code(&self, request: &http::Request<Vec<u8>>) -> Option<Refusal> {
        self.serve(request).err().map(|refused| refused.code)
    }
}

impl Duty for World {
    type Error = Refused;

    fn grants(&self) -> &[Grant] {
        &self.grants
    }

    fn subjects(&self, client: &AgencyId) -> Option<&SubjectKey> {
        (client.as_str() == "madang").then_some(&self.subjects)
    }

    fn withdrawn(&self, _: &AgencyId, consent: ConsentId) -> Result<bool, Refused> {
        Ok(self.withdrawn.contains(&consent))
    }
}

pub fn person() -> Target {
    Target::Person { number: "900101-1234567".parse().unwrap(), name: "김민지".parse().unwrap() }
}

pub fn record() -> Record {
    let value = |json: &str| -> Value { serde_json::from_str(json).unwrap() };
    Record::from([
        ("amount".parse().unwrap(), value(r#"{"money":48200000}"#)),
        ("year".parse().unwrap(), value(r#"{"integer":2025}"#)),
    ])
}

pub fn found(ticket: &Ticket) -> Reply {
    Reply::Found(Found::new(ticket, now().into(), vec![record()], None).unwrap())
}

pub fn grant(dice: &Dice) -> Grant {
    let (from, until) = in_force();
    let permission = Permission {
        verbs: Verb::ALL.into(),
        items: ["amount", "year", "employer"].map(|item| item.parse().unwrap()).into(),
        purposes: ["basic-livelihood-benefit".parse().unwrap()].into(),
        consent: true,
        statutes: [].into(),
    };
    Grant {
        id: GrantId::mint(now(), dice),
        client: "madang".parse().unwrap(),
        holder: "nts".parse().unwrap(),
        kinds: [("income-amount-certificate".parse().unwrap(), permission)].into(),
        from,
        until,
        per_minute: 600,
    }
}
