//! The real gateway, in this process.

use std::{fs, sync::Arc};

use chrono::TimeDelta;
use exchange::{
    grant::{Grant, Permission},
    ids::GrantId,
    verb::Verb,
};
use gateway::{
    config::Config,
    door::Gateway,
    log::Log,
    serve::{Open, serve},
    system::{SystemChance, SystemClock},
};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::world::{KIND, World, id, now};

/// A gateway that runs until it is stopped.
pub struct Running {
    stop: CancellationToken,
    serving: JoinSet<bool>,
}

impl Running {
    pub async fn start(world: &mut World, agency: &str) -> Self {
        Self::with(world, (agency, "")).await
    }

    /// The same, after more was put into its register.
    pub async fn with(world: &mut World, (agency, more): (&str, &str)) -> Self {
        world.keys(agency);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        world.name(agency, &format!("origin = \"{origin}\"\ntimeout_ms = 60000"));
        make_register(world, (agency, more));
        let office = world.key(&format!("{agency}-sign")).signing_key().unwrap();
        fs::write(world.at(&format!("{agency}-grant.json")), grant(agency).sign(&office).unwrap()).unwrap();
        let path = world.at(&format!("{agency}.toml"));
        fs::write(&path, CONFIG.replace("ORIGIN", &origin).replace("nts", agency)).unwrap();
        let config = Config::read(&path, now()).unwrap();
        let (log, _) = Log::open(&config.log, &config.receiver.agency, Box::new(SystemClock)).unwrap();
        let gateway = Arc::new(Gateway::new(config, log, Box::new(SystemClock), Box::new(SystemChance)));
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let stop = CancellationToken::new();
        let serving = serve(Open { gateway, metrics }, listener, stop.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(serving);
        Self { stop, serving: tasks }
    }

    pub async fn finish(self) {
        self.stop.cancel();
        assert_eq!(self.serving.join_all().await, [true]);
    }
}

fn make_register(world: &World, (agency, more): (&str, &str)) {
    let register = rusqlite::Connection::open(world.at(&format!("{agency}.sqlite"))).unwrap();
    register
        .execute_batch(
            "create table residents (resident_number text primary key, name text not null);
             create table incomes (number integer primary key, resident_number text not null,
                 year integer not null, amount integer);
             insert into residents values ('900101-1234567', '김민지'), ('910203-2345678', '이서연');
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 250)
             insert into incomes select i, '900101-1234567', 2000 + i % 25, i * 1000 from n;
             insert into incomes values (999, '910203-2345678', 2025, 9900000);",
        )
        .unwrap();
    register.execute_batch(more).unwrap();
}

fn grant(agency: &str) -> Grant {
    let permission = Permission {
        verbs: [Verb::Pull, Verb::Verify].into(),
        items: ["amount", "year"].map(|item| item.parse().unwrap()).into(),
        purposes: ["basic-livelihood-benefit".parse().unwrap()].into(),
        consent: true,
        statutes: [].into(),
    };
    Grant {
        id: GrantId::mint(now(), &SystemChance),
        client: id("madang"),
        holder: id(agency),
        kinds: [(KIND.parse().unwrap(), permission)].into(),
        from: (now() - TimeDelta::days(1)).into(),
        until: (now() + TimeDelta::days(1)).into(),
        per_minute: 1_000_000,
    }
}

const CONFIG: &str = r#"
agency = "nts"
origin = "ORIGIN"
listen = "127.0.0.1:0"
log = "nts-log.sqlite"
grants = ["nts-grant.json"]

[register]
sqlite = "nts.sqlite"

[keys]
sign = "nts-sign.json"
seal = ["nts-seal.json"]

[clients.madang]
keys = ["madang-sign.public.json"]
subject = "nts-subject.json"
per_second = 100000

[kinds.income-amount-certificate]
verify = "select name from residents where resident_number = :resident_number"
query = """
select number, year, amount from incomes where resident_number = :resident_number and (:after is null or number > :after)
order by number limit :limit"""
page_key = "number"

[kinds.income-amount-certificate.items]
year = "integer"
amount = "money"
"#;
