use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use chrono::TimeDelta;
use exchange::{
    client::{Peer, Sender},
    ids::{CaseId, ConsentId, PersonId, RequestId, TicketId},
    key_file::KeyFile,
    keys::KeyRing,
    message::{Ask, Page, PageKey, Parameters, Reply, Request},
    sign::Window,
    subject::SubjectRef,
    target::{Target, Thing, ThingKind},
    ticket::{Actor, Ground, Statute, Ticket},
    value::Record,
};
use gateway::{
    seed::{self, Plan, known::Known},
    system::SystemChance,
};

use crate::world::{Running, now, person};

/// What is asked for: a kind and its items.
type Asked<'a> = (&'a str, &'a [&'a str]);

/// A sandbox that the program made.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// A gateway of the sandbox that runs.
pub struct Agency {
    id: String,
    running: Running,
}

/// The catalogue that is shipped.
pub fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue")
}

impl Sandbox {
    pub fn of(people: usize, seed: u64) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let (folder, catalogue) = (sandbox.at(""), catalogue());
        seed::seed(&Plan { people, seed, folder, port: 4711, catalogue, today }, now(), &SystemChance)
            .unwrap();
        sandbox
    }

    pub fn at(&self, file: &str) -> PathBuf {
        self.folder.path().join("sandbox").join(file)
    }

    /// The command.
    pub fn seed(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_madang-gateway"))
            .args(["seed", "--today", "2026-11-23", "--folder"])
            .arg(self.at(""))
            .arg("--catalogue")
            .arg(catalogue())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn command(&self, agency: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_madang-gateway"));
        command.arg("--config").arg(self.at(&format!("{agency}/gateway.toml")));
        command
    }

    pub fn check(&self, agency: &str) -> Output {
        self.command(agency).arg("check").output().unwrap()
    }

    /// Starts one gateway, on a port that is free; requests are signed for the one in its file.
    pub fn start(&self, agency: &str) -> Agency {
        let file = self.at(&format!("{agency}/gateway.toml"));
        let text = std::fs::read_to_string(&file).unwrap();
        let listen = text.lines().find(|line| line.starts_with("listen")).unwrap().to_owned();
        std::fs::write(&file, text.replace(&listen, "listen = \"127.0.0.1:0\"")).unwrap();
        let mut process =
            self.command(agency).arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().parse().expect("the address it listens on");
        Agency { id: agency.to_owned(), running: Running { process, address } }
    }

    fn key(&self, file: &str) -> KeyFile {
        KeyFile::parse(&std::fs::read(self.at(file)).unwrap()).unwrap()
    }

    fn ticket(&self, agency: &str, target: &Target, (kind, items): Asked, ask: &Ask) -> Ticket {
        let (now, chance) = (now(), &SystemChance);
        let subjects = self.key(&format!("{agency}/keys/{agency}-madang-subject.json"));
        Ticket {
            id: TicketId::mint(now, chance),
            client: "madang".parse().unwrap(),
            actor: Actor::Citizen(PersonId::mint(now, chance)),
            subject: SubjectRef::of(&subjects.subject_key().unwrap(), target),
            case: CaseId::mint(now, chance),
            verb: ask.verb(),
            kind: kind.parse().unwrap(),
            items: items.iter().map(|item| item.parse().unwrap()).collect(),
            purpose: "basic-livelihood".parse().unwrap(),
            ground: Ground::Consent {
                id: ConsentId::mint(now, chance),
                given: (now - TimeDelta::seconds(60)).into(),
            },
            issued: now.into(),
            expires: (now + TimeDelta::seconds(600)).into(),
        }
    }

    async fn ask(&self, agency: &Agency, request: &Request) -> Reply {
        let id = &agency.id;
        let text = std::fs::read_to_string(self.at("agencies.toml")).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let there = &table["agencies"][id.as_str()];
        let file = |path: &toml::Value| self.key(path.as_str().unwrap());
        let peer = Peer {
            agency: id.parse().unwrap(),
            origin: there["origin"].as_str().unwrap().parse().unwrap(),
            sealing: file(&there["seal"][0]).sealing_public().unwrap(),
        };
        let mut keys = KeyRing::default();
        keys.add(file(&there["keys"][0]).verifying_key().unwrap()).unwrap();
        let sender = Sender {
            client: table["client"].as_str().unwrap().parse().unwrap(),
            key: file(&table["sign"]).signing_key().unwrap(),
            window: Window::default(),
        };
        let sent = sender.send(request, &peer, now(), &SystemChance).unwrap();
        let response = agency.running.exchange(sent.http).await;
        sent.pending.open(&response, &keys, now()).unwrap()
    }

    pub async fn page(
        &self,
        agency: &Agency,
        known: &Known,
        asked: Asked<'_>,
        (after, limit): (Option<PageKey>, u16),
    ) -> Reply {
        let target = person((&known.number(), known.name));
        let ask = Ask::Pull { parameters: Parameters::default(), page: Page { after, limit } };
        let ticket = self.ticket(&agency.id, &target, asked, &ask);
        self.ask(agency, &Request::new(RequestId::mint(now(), &SystemChance), ticket, target, ask).unwrap())
            .await
    }

    pub async fn pull(&self, agency: &Agency, known: &Known, asked: Asked<'_>) -> Reply {
        self.page(agency, known, asked, (None, 100)).await
    }

    pub async fn verify(&self, agency: &Agency, known: &Known) -> Reply {
        let target = person((&known.number(), known.name));
        let mut ticket =
            self.ticket(&agency.id, &target, (domain::identity::KIND, &["mobile"]), &Ask::Verify {});
        ticket.purpose = domain::identity::PURPOSE.parse().unwrap();
        ticket.ground =
            Ground::Statute(Statute::new(domain::identity::LAW, domain::identity::ARTICLE).unwrap());
        let id = RequestId::mint(now(), &SystemChance);
        self.ask(agency, &Request::new(id, ticket, target, Ask::Verify {}).unwrap()).await
    }

    /// Asks about a parcel on the statute that the catalogue names for the kind.
    pub async fn parcel(&self, agency: &Agency, number: &str, kind: &str) -> Reply {
        let target = Target::Thing(Thing::new(ThingKind::Parcel, number).unwrap());
        let ask = Ask::Pull { parameters: Parameters::default(), page: Page::first(10) };
        let mut ticket = self.ticket(&agency.id, &target, (kind, &["zone"]), &ask);
        let kinds = catalogue::load(&catalogue()).unwrap();
        let basis = kinds.record_kind(&kind.parse().unwrap()).unwrap().legal_basis.clone().unwrap();
        let article = basis.article.as_deref().unwrap();
        ticket.ground = Ground::Statute(Statute::new(&basis.law.ko, article).unwrap());
        let id = RequestId::mint(now(), &SystemChance);
        self.ask(agency, &Request::new(id, ticket, target, ask).unwrap()).await
    }
}

/// The records of a reply.
pub fn json(reply: &Reply) -> String {
    let Reply::Found(found) = reply else { panic!("{reply:?}") };
    serde_json::to_string(&found.records).unwrap()
}

/// The plates of vehicles.
pub fn plates(records: &[Record]) -> BTreeSet<String> {
    records.iter().map(|record| serde_json::to_string(record).unwrap()).collect()
}

/// The tables of a register.
pub fn tables(register: &rusqlite::Connection) -> Vec<String> {
    let mut names =
        register.prepare("select name from sqlite_schema where type = 'table' order by name").unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

/// The first rows of a table, in the table's own order: one has 100,000 more of the same kind.
pub fn dump(register: &rusqlite::Connection, table: &str) -> String {
    let mut all = register.prepare(&format!("select * from {table} limit 2000")).unwrap();
    let columns = all.column_count();
    let (mut rows, mut text) = (all.raw_query(), table.to_owned());
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            write!(text, "{:?},", row.get_ref(column).unwrap()).unwrap();
        }
        text.push('\n');
    }
    text
}
