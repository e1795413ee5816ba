//! A resident register with a real gateway in front of it.

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock as _, identity};
use exchange::{
    grant::{Grant, Permission},
    ids::GrantId,
    key_file::KeyFile,
    ticket::Statute,
    verb::Verb,
};
use gateway::{
    config::Config,
    door::Gateway,
    keys::{self, Purpose},
    log::Log,
    serve::{self, Open},
};
use metrics_exporter_prometheus::PrometheusBuilder;
use server::chance::SystemChance;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::portal::TestPortal;

/// Somebody of the register: the two halves of the number, the name, the mobile number.
pub type Person = (&'static str, &'static str, &'static str, &'static str);

pub const MINJI: Person = ("900101", "2345678", "김민지", "010-0000-1234");
pub const DOYUN: Person = ("850505", "1234567", "이도윤", "010-0000-5678");
/// Has died.
pub const SUNJA: Person = ("400303", "2234567", "박순자", "010-0000-9999");
/// The register has no contact of him.
pub const JIHO: Person = ("990909", "1999999", "최지호", "");

/// A register, its gateway's configuration, and the file that names it to a portal.
pub struct Register {
    folder: tempfile::TempDir,
    listener: Option<TcpListener>,
}

/// A gateway that runs until it is stopped.
pub struct Running(CancellationToken);

impl Running {
    pub fn stop(self) {
        self.0.cancel();
    }
}

impl Register {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let since: DateTime<Utc> = "2026-11-22T00:00:00Z".parse().unwrap();
        for (owner, id, purpose) in [
            ("mois", "mois-sign-1", Purpose::Sign),
            ("mois", "mois-seal-1", Purpose::Seal),
            ("madang", "madang-sign-1", Purpose::Sign),
            ("madang", "mois-madang-subject", Purpose::Subject),
        ] {
            let key = (owner.parse().unwrap(), id.parse().unwrap(), purpose);
            keys::make(at, key, (since, TimeDelta::days(100)), &SystemChance).unwrap();
        }
        let office = KeyFile::parse(&fs::read(at.join("mois-sign-1.json")).unwrap()).unwrap();
        let grant = grant(since).sign(&office.signing_key().unwrap()).unwrap();
        fs::write(at.join("grant.json"), grant).unwrap();
        fs::write(at.join("gateway.toml"), GATEWAY.replace("ORIGIN", &origin)).unwrap();
        fs::write(at.join("agencies.toml"), AGENCIES.replace("ORIGIN", &origin)).unwrap();
        let register = Self { folder, listener: Some(listener) };
        register.execute("create table residents (number text primary key, name text, mobile text, email text, died_on text)");
        for (birth, serial, name, mobile) in [MINJI, DOYUN, SUNJA, JIHO] {
            register.execute(&format!(
                "insert into residents values ('{birth}-{serial}', '{name}', nullif('{mobile}', ''), null, null)"
            ));
        }
        register.execute("update residents set died_on = '2026-10-01' where name = '박순자'");
        register
    }

    /// The file that `MADANG_AGENCIES` names.
    pub fn agencies(&self) -> String {
        self.folder.path().join("agencies.toml").display().to_string()
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Changes the register.
    pub fn execute(&self, sql: &str) {
        rusqlite::Connection::open(self.folder.path().join("register.sqlite"))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }

    /// What the register's agency has logged, as text.
    pub fn logged(&self) -> String {
        let config =
            Config::read(&self.path().join("gateway.toml"), "2026-11-23T00:00:00Z".parse().unwrap()).unwrap();
        let mut lines = String::new();
        let receiver = &config.receiver;
        gateway::log::verify(&config.log, &receiver.agency, &receiver.clients, |line| {
            lines.push_str(line);
            lines.push('\n');
        })
        .unwrap();
        lines
    }

    /// The portal that may ask it.
    pub async fn portal(&self, name: &str) -> TestPortal {
        // However busy the machine is: what is slow here is not what is tested.
        let settings = [("MADANG_AGENCIES", self.agencies()), ("MADANG_REQUEST_TIMEOUT", "60".to_owned())];
        TestPortal::start_with(name, &settings.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    }

    /// A portal that waits for an answer no longer than a moment.
    pub async fn impatient_portal(&self, name: &str) -> TestPortal {
        let file = self.path().join("agencies.toml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("timeout_ms = 30000", "timeout_ms = 200")).unwrap();
        self.portal(name).await
    }

    /// Starts the gateway, with the portal's clock.
    pub fn serve(&mut self, portal: &TestPortal) -> Running {
        let clock = portal.clock();
        let config = Config::read(&self.path().join("gateway.toml"), clock.now()).unwrap();
        let (log, _writer) =
            Log::open(&config.log, &config.receiver.agency, Box::new(clock.clone())).unwrap();
        let gateway = Arc::new(Gateway::new(config, log, Box::new(clock), Box::new(SystemChance)));
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let stop = CancellationToken::new();
        let listener = self.listener.take().expect("it is served once");
        tokio::spawn(serve::serve(Open { gateway, metrics }, listener, stop.clone()));
        Running(stop)
    }

    /// What listens in the gateway's place, for tests of what else may answer.
    pub fn listener(&mut self) -> TcpListener {
        self.listener.take().expect("it is served once")
    }
}

fn grant(since: DateTime<Utc>) -> Grant {
    let permission = Permission {
        verbs: [Verb::Pull, Verb::Verify].into(),
        items: [identity::MOBILE, identity::EMAIL].map(|item| item.parse().unwrap()).into(),
        purposes: [identity::PURPOSE.parse().unwrap()].into(),
        consent: false,
        statutes: [Statute::new(identity::LAW, identity::ARTICLE).unwrap()].into(),
    };
    Grant {
        id: GrantId::mint(since, &SystemChance),
        client: "madang".parse().unwrap(),
        holder: "mois".parse().unwrap(),
        kinds: [(identity::KIND.parse().unwrap(), permission)].into(),
        from: since.into(),
        until: (since + TimeDelta::days(100)).into(),
        per_minute: 6_000,
    }
}

const GATEWAY: &str = r#"
agency = "mois"
origin = "ORIGIN"
listen = "127.0.0.1:0"
log = "log.sqlite"
grants = ["grant.json"]

[register]
sqlite = "register.sqlite"

[keys]
sign = "mois-sign-1.json"
seal = ["mois-seal-1.json"]

[clients.madang]
keys = ["madang-sign-1.public.json"]
subject = "mois-madang-subject.json"
per_second = 1000

[kinds.resident-contact]
verify = "select name from residents where number = :resident_number and died_on is null"
query = """
select mobile, email from residents
where number = :resident_number and name = :name and died_on is null limit :limit"""

[kinds.resident-contact.items]
mobile = "text"
email = "text"
"#;

const AGENCIES: &str = r#"
client = "madang"
sign = "madang-sign-1.json"

[agencies.mois]
origin = "ORIGIN"
keys = ["mois-sign-1.public.json"]
seal = ["mois-seal-1.public.json"]
subject = "mois-madang-subject.json"
kinds = ["resident-contact"]
timeout_ms = 30000
connect_timeout_ms = 30000
"#;
