//! Agencies that do not exist, with real gateways in processes of their own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use chrono::TimeDelta;
use domain::clock::Clock as _;
use exchange::{
    ids::{CaseId, ConsentId, PersonId, RequestId, TicketId},
    message::{Ask, Page, Parameters, Request},
    target::Target,
    ticket::{Actor, Ground, Ticket},
};
use gateway::seed::{self, Plan, known::Known};
use server::{chance::SystemChance, clock::SystemClock, state::Portal};

use crate::portal::root;

/// A folder with the registers, keys and logs of every agency.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// A gateway that runs; killed with SIGKILL when it is dropped.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Sandbox {
    /// With so many people; each of `agencies` gets a port that is free.
    pub fn of(people: usize, agencies: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Self { folder };
        let plan = Plan {
            people,
            seed: 1,
            folder: sandbox.at(""),
            port: 4711,
            catalogue: root().join("catalogue"),
            today: "2026-11-23".parse().unwrap(),
        };
        seed::seed(&plan, SystemClock.now(), &SystemChance).unwrap();
        let listeners: Vec<_> = agencies.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        for (agency, listener) in agencies.iter().zip(&listeners) {
            sandbox.move_to(agency, listener.local_addr().unwrap().port());
        }
        sandbox
    }

    pub fn at(&self, file: &str) -> PathBuf {
        self.folder.path().join("sandbox").join(file)
    }

    /// The file that `MADANG_AGENCIES` names.
    pub fn agencies(&self) -> String {
        self.at("agencies.toml").display().to_string()
    }

    fn move_to(&self, agency: &str, port: u16) {
        let file = self.at(&format!("{agency}/gateway.toml"));
        let text = fs::read_to_string(&file).unwrap();
        let line = text.lines().find(|line| line.starts_with("listen")).unwrap();
        let old = line.rsplit(':').next().unwrap().trim_matches('"').to_owned();
        for file in [file, self.at("agencies.toml")] {
            let text = fs::read_to_string(&file).unwrap();
            let (from, to) = (format!("127.0.0.1:{old}\""), format!("127.0.0.1:{port}\""));
            assert!(text.contains(&from), "{from} in {}", file.display());
            fs::write(&file, text.replace(&from, &to)).unwrap();
        }
    }

    fn command(&self, agency: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_madang")).with_file_name("madang-gateway");
        assert!(program.exists(), "cargo build -p gateway makes {}", program.display());
        let mut command = Command::new(program);
        command.arg("--config").arg(self.at(&format!("{agency}/gateway.toml")));
        command
    }

    /// Starts a gateway, and waits until it says that it listens. What it logs is added to `<agency>/said`.
    pub fn start(&self, agency: &str) -> Running {
        let said = self.at(&format!("{agency}/said"));
        let said = fs::OpenOptions::new().create(true).append(true).open(said).unwrap();
        let mut process =
            self.command(agency).arg("serve").stdout(Stdio::piped()).stderr(said).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("listens on"), "{agency}: {line}");
        Running(process)
    }

    /// The agency's log, as its own command prints it.
    pub fn log(&self, agency: &str) -> String {
        let shown = self.command(agency).args(["log", "show"]).output().unwrap();
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        String::from_utf8(shown.stdout).unwrap()
    }
}

/// A citizen with consents to everything.
#[derive(Clone, Copy)]
pub struct Petitioner {
    pub person: &'static Known,
    pub citizen: domain::id::CitizenId,
}

impl Petitioner {
    pub fn new(role: &str) -> Self {
        let citizen = domain::id::CitizenId::mint(SystemClock.now(), &SystemChance);
        Self { person: seed::known::known(role), citizen }
    }

    /// A request for all of a person's records of a kind.
    pub fn pull(&self, portal: &Portal, holder: &str, (kind, items): (&str, &[&str])) -> Request {
        let number = self.person.number().parse().unwrap();
        let target = Target::Person { number, name: self.person.name.parse().unwrap() };
        let (now, chance) = (portal.now(), &SystemChance);
        let agencies = portal.agencies.as_ref().unwrap();
        let ticket = Ticket {
            id: TicketId::mint(now, chance),
            client: agencies.client().clone(),
            actor: Actor::Citizen(PersonId::try_from(self.citizen.0).unwrap()),
            subject: agencies.subject(&holder.parse().unwrap(), &target).unwrap(),
            case: CaseId::mint(now, chance),
            verb: exchange::verb::Verb::Pull,
            kind: kind.parse().unwrap(),
            items: items.iter().map(|item| item.parse().unwrap()).collect(),
            purpose: "basic-livelihood".parse().unwrap(),
            ground: Ground::Consent {
                id: ConsentId::mint(now, chance),
                given: (now - TimeDelta::seconds(60)).into(),
            },
            issued: now.into(),
            expires: (now + TimeDelta::seconds(600)).into(),
        };
        let ask = Ask::Pull { parameters: Parameters::default(), page: Page::first(100) };
        Request::new(RequestId::mint(now, chance), ticket, target, ask).unwrap()
    }
}
