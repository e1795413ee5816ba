//! A tax office with a register and a running gateway, and a portal that may ask it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::Clock as _;
use exchange::{
    client::{Peer, Sender, Sent},
    grant::{Grant, Permission},
    ids::{CaseId, ConsentId, GrantId, PersonId, RequestId, TicketId},
    key_file::KeyFile,
    keys::KeyRing,
    message::{Ask, Page, Parameters, Request},
    sign::Window,
    subject::{SubjectKey, SubjectRef},
    target::Target,
    ticket::{Actor, Ground, Ticket},
    verb::Verb,
};
use gateway::system::{SystemChance, SystemClock};

pub use crate::running::Running;

pub const KIND: &str = "income-amount-certificate";
pub const MINJI: (&str, &str) = ("900101-1234567", "김민지");

pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// A folder with everything that a gateway needs, and what a client needs to ask it.
pub struct World {
    pub folder: tempfile::TempDir,
    pub sender: Sender,
    pub peer: Peer,
    pub keys: KeyRing,
    pub subjects: SubjectKey,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for (owner, id, purpose) in [
            ("nts", "nts-sign-1", "sign"),
            ("nts", "nts-seal-1", "seal"),
            ("madang", "madang-sign-1", "sign"),
            ("madang", "madang-subject-1", "subject"),
        ] {
            let made = run(at, &["key", "make", "--owner", owner, "--id", id, "--purpose", purpose]);
            assert!(made.status.success(), "{}", said(&made));
        }
        make_register(&at.join("register.sqlite"));
        let office = key(at, "nts-sign-1").signing_key().unwrap();
        fs::write(at.join("grant.json"), grant().sign(&office).unwrap()).unwrap();
        fs::write(at.join("gateway.toml"), CONFIG).unwrap();
        let mut keys = KeyRing::default();
        keys.add(key(at, "nts-sign-1.public").verifying_key().unwrap()).unwrap();
        let peer = Peer {
            agency: "nts".parse().unwrap(),
            origin: "https://gateway.nts.example".parse().unwrap(),
            sealing: key(at, "nts-seal-1.public").sealing_public().unwrap(),
        };
        let sender = Sender {
            client: "madang".parse().unwrap(),
            key: key(at, "madang-sign-1").signing_key().unwrap(),
            window: Window::default(),
        };
        let subjects = key(at, "madang-subject-1").subject_key().unwrap();
        Self { folder, sender, peer, keys, subjects }
    }

    /// The keys of both sides, as whoever settles a dispute has them.
    pub fn everybody(&self) -> KeyRing {
        let mut ring = self.keys.clone();
        ring.add(key(self.folder.path(), "madang-sign-1.public").verifying_key().unwrap()).unwrap();
        ring
    }

    pub fn at(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Changes the configuration before the gateway starts.
    pub fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.at("gateway.toml")).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(self.at("gateway.toml"), text.replace(from, to)).unwrap();
    }

    /// Adds to the end of the configuration.
    pub fn add(&self, text: &str) {
        let file = fs::read_to_string(self.at("gateway.toml")).unwrap();
        fs::write(self.at("gateway.toml"), file + text).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        run(self.folder.path(), arguments)
    }

    pub fn ticket(&self, verb: Verb, target: &Target) -> Ticket {
        let (now, chance) = (now(), &SystemChance);
        Ticket {
            id: TicketId::mint(now, chance),
            client: "madang".parse().unwrap(),
            actor: Actor::Citizen(PersonId::mint(now, chance)),
            subject: SubjectRef::of(&self.subjects, target),
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

    pub fn pull(&self, target: &Target) -> Request {
        Self::pull_with(self.ticket(Verb::Pull, target), target)
    }

    pub fn pull_with(ticket: Ticket, target: &Target) -> Request {
        Self::pull_page(ticket, target, (Some(2025), Page::first(20)))
    }

    pub fn pull_page(ticket: Ticket, target: &Target, (year, page): (Option<u16>, Page)) -> Request {
        let ask = Ask::Pull { parameters: Parameters { year, period: None }, page };
        Request::new(RequestId::mint(now(), &SystemChance), ticket, target.clone(), ask).unwrap()
    }

    pub fn verify(&self, target: &Target) -> Request {
        let ticket = self.ticket(Verb::Verify, target);
        Request::new(RequestId::mint(now(), &SystemChance), ticket, target.clone(), Ask::Verify {}).unwrap()
    }

    /// A submission about `target`: an amount.
    pub fn submit(&self, target: &Target, form: &str, amount: &str) -> Request {
        let content = [("amount".parse().unwrap(), serde_json::from_str(amount).unwrap())].into();
        let ask = Ask::Submit { form: form.parse().unwrap(), content };
        let ticket = self.ticket(Verb::Submit, target);
        Request::new(RequestId::mint(now(), &SystemChance), ticket, target.clone(), ask).unwrap()
    }

    /// Asks what became of a submission.
    pub fn status(&self, target: &Target, submission: RequestId) -> Request {
        let ticket = self.ticket(Verb::Status, target);
        let id = RequestId::mint(now(), &SystemChance);
        Request::new(id, ticket, target.clone(), Ask::Status { submission }).unwrap()
    }

    pub fn send(&self, request: &Request) -> Sent {
        self.sender.send(request, &self.peer, now(), &SystemChance).unwrap()
    }
}

pub fn person((number, name): (&str, &str)) -> Target {
    Target::Person { number: number.parse().unwrap(), name: name.parse().unwrap() }
}

/// What a program of this crate was told and said.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder).args(arguments).output().unwrap()
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madang-gateway"));
    command.current_dir(folder);
    command
}

pub fn key(folder: &Path, name: &str) -> KeyFile {
    KeyFile::parse(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap()
}

fn make_register(file: &Path) {
    let register = rusqlite::Connection::open(file).unwrap();
    register
        .execute_batch(
            "create table residents (resident_number text primary key, name text not null);
             create table incomes (number integer primary key, resident_number text not null,
                 year integer not null, amount integer, employer text);
             insert into residents values ('900101-1234567', '김민지'), ('910203-2345678', '이서연');
             insert into incomes values
                 (1, '900101-1234567', 2024, 41000000, 'Hangang Works'),
                 (2, '900101-1234567', 2025, 48200000, 'Hangang Works'),
                 (3, '900101-1234567', 2025, null, 'Namsan Books'),
                 (4, '910203-2345678', 2025, 9900000, 'Canary Ltd');",
        )
        .unwrap();
}

fn grant() -> Grant {
    let permission = Permission {
        verbs: [Verb::Pull, Verb::Verify, Verb::Submit, Verb::Status].into(),
        items: ["amount", "year"].map(|item| item.parse().unwrap()).into(),
        purposes: ["basic-livelihood-benefit".parse().unwrap()].into(),
        consent: true,
        statutes: [].into(),
    };
    Grant {
        id: GrantId::mint(now(), &SystemChance),
        client: "madang".parse().unwrap(),
        holder: "nts".parse().unwrap(),
        kinds: [(KIND.parse().unwrap(), permission)].into(),
        from: (now() - TimeDelta::days(1)).into(),
        until: (now() + TimeDelta::days(1)).into(),
        per_minute: 6_000,
    }
}

const CONFIG: &str = r#"
agency = "nts"
origin = "https://gateway.nts.example"
listen = "127.0.0.1:0"
log = "log.sqlite"
grants = ["grant.json"]
body_seconds = 1

[register]
sqlite = "register.sqlite"

[keys]
sign = "nts-sign-1.json"
seal = ["nts-seal-1.json"]

[clients.madang]
keys = ["madang-sign-1.public.json"]
subject = "madang-subject-1.json"
per_second = 1000

[kinds.income-amount-certificate]
verify = "select name from residents where resident_number = :resident_number"
query = """
select number, year, amount, employer from incomes
where resident_number = :resident_number and (:year is null or year = :year) and (:after is null or number > :after)
order by number limit :limit"""
page_key = "number"

[kinds.income-amount-certificate.items]
year = "integer"
amount = "money"
employer = "text"
"#;
