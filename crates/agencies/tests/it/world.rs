//! A folder with the keys of a portal and of some agencies, the file that names them, and requests.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use agencies::Agencies;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock as _, service::AgencyId};
use exchange::{
    ids::{CaseId, ConsentId, PersonId, RequestId, TicketId},
    key_file::KeyFile,
    message::{Ask, Page, Parameters, Request},
    target::Target,
    ticket::{Actor, Ground, Ticket},
    verb::Verb,
};
use gateway::{
    keys::{Purpose, make},
    system::{SystemChance, SystemClock},
};

pub const KIND: &str = "income-amount-certificate";
pub const MINJI: (&str, &str) = ("900101-1234567", "김민지");

pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

pub fn person((number, name): (&str, &str)) -> Target {
    Target::Person { number: number.parse().unwrap(), name: name.parse().unwrap() }
}

/// The folder. Each agency's keys are `<agency>-sign.json`, `<agency>-seal.json` and `<agency>-subject.json`.
pub struct World {
    pub folder: tempfile::TempDir,
    file: String,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        key(folder.path(), "madang", "madang-sign", Purpose::Sign);
        Self { folder, file: "client = \"madang\"\nsign = \"madang-sign.json\"\n".to_owned() }
    }

    pub fn at(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn key(&self, name: &str) -> KeyFile {
        KeyFile::parse(&fs::read(self.at(&format!("{name}.json"))).unwrap()).unwrap()
    }

    /// Makes the keys of an agency.
    pub fn keys(&self, agency: &str) {
        key(self.folder.path(), agency, &format!("{agency}-sign"), Purpose::Sign);
        key(self.folder.path(), agency, &format!("{agency}-seal"), Purpose::Seal);
        key(self.folder.path(), "madang", &format!("{agency}-subject"), Purpose::Subject);
    }

    /// A line before all agencies.
    pub fn top(&mut self, line: &str) {
        self.file.insert_str(0, &format!("{line}\n"));
    }

    /// Names an agency in the file; `more` are further lines.
    pub fn name(&mut self, agency: &str, more: &str) {
        write!(
            self.file,
            "[agencies.{agency}]\nkeys = [\"{agency}-sign.public.json\"]\nseal = [\"{agency}-seal.public.json\"]\n\
             subject = \"{agency}-subject.json\"\nkinds = [\"{KIND}\"]\n{more}\n"
        )
        .unwrap();
    }

    /// Further text of the file.
    pub fn add(&mut self, text: &str) {
        self.file.push_str(text);
    }

    pub fn agencies(&self) -> Agencies {
        let path = self.at("agencies.toml");
        fs::write(&path, &self.file).unwrap();
        Agencies::read(&path, Arc::new(SystemClock), Arc::new(SystemChance)).unwrap()
    }
}

pub fn id(agency: &str) -> AgencyId {
    agency.parse().unwrap()
}

pub fn key(folder: &Path, owner: &str, id: &str, purpose: Purpose) {
    let named = (owner.parse().unwrap(), id.parse().unwrap(), purpose);
    make(folder, named, (now(), TimeDelta::days(1)), &SystemChance).unwrap();
}

/// A ticket that stands on a consent.
pub fn ticket(agencies: &Agencies, holder: &str, (verb, target): (Verb, &Target)) -> Ticket {
    let (now, chance) = (now(), &SystemChance);
    Ticket {
        id: TicketId::mint(now, chance),
        client: agencies.client().clone(),
        actor: Actor::Citizen(PersonId::mint(now, chance)),
        subject: agencies.subject(&id(holder), target).unwrap(),
        case: CaseId::mint(now, chance),
        verb,
        kind: KIND.parse().unwrap(),
        items: ["amount", "year"].map(|item| item.parse().unwrap()).into(),
        purpose: "basic-livelihood-benefit".parse().unwrap(),
        ground: Ground::Consent {
            id: ConsentId::mint(now, chance),
            given: (now - TimeDelta::seconds(60)).into(),
        },
        issued: now.into(),
        expires: (now + TimeDelta::seconds(600)).into(),
    }
}

/// A first page of Minji's records.
pub fn pull(agencies: &Agencies, holder: &str) -> Request {
    pull_page(agencies, holder, Page::first(20))
}

pub fn pull_page(agencies: &Agencies, holder: &str, page: Page) -> Request {
    pull_of(agencies, (holder, person(MINJI)), page)
}

pub fn pull_of(agencies: &Agencies, (holder, target): (&str, Target), page: Page) -> Request {
    let ask = Ask::Pull { parameters: Parameters::default(), page };
    request(ticket(agencies, holder, (Verb::Pull, &target)), target, ask)
}

pub fn verify(agencies: &Agencies, holder: &str, target: Target) -> Request {
    request(ticket(agencies, holder, (Verb::Verify, &target)), target, Ask::Verify {})
}

fn request(ticket: Ticket, target: Target, ask: Ask) -> Request {
    Request::new(RequestId::mint(now(), &SystemChance), ticket, target, ask).unwrap()
}
