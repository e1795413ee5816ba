//! Against the real gateway, in this process.

use std::{fs, sync::Arc};

use agencies::AskError;
use chrono::TimeDelta;
use exchange::{
    grant::{Grant, Permission},
    ids::GrantId,
    log::Outcome,
    message::{Page, Reply},
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

use crate::world::{KIND, MINJI, World, id, now, person, pull, pull_page, verify};

/// A gateway that runs until it is stopped.
struct Running {
    stop: CancellationToken,
    serving: JoinSet<bool>,
}

impl Running {
    async fn start(world: &mut World, agency: &str) -> Self {
        world.keys(agency);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        world.name(agency, &format!("origin = \"{origin}\"\ntimeout_ms = 60000"));
        make_register(world, agency);
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

    async fn finish(self) {
        self.stop.cancel();
        assert_eq!(self.serving.join_all().await, [true]);
    }
}

fn make_register(world: &World, agency: &str) {
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
        per_minute: 60_000,
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
per_second = 10000

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

#[tokio::test]
async fn a_gateway_verifies_a_person() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = world.agencies();
    let asked = agencies.ask(&id("nts"), &verify(&agencies, "nts", person(MINJI))).await;
    assert_eq!((asked.reply, asked.outcome), (Ok(Reply::Verified {}), Outcome::Verified {}));
    let other = verify(&agencies, "nts", person(("900101-1234567", "이서연")));
    assert_eq!(agencies.ask(&id("nts"), &other).await.reply, Ok(Reply::NotVerified {}));
    running.finish().await;
}

#[tokio::test]
async fn many_records_come_page_by_page_and_each_copy_proves_itself() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = world.agencies();
    let (mut page, mut records) = (Page::first(100), 0);
    loop {
        let request = pull_page(&agencies, "nts", page);
        let asked = agencies.ask(&id("nts"), &request).await;
        assert!(asked.sent && asked.evidence.is_some());
        let Ok(Reply::Found(found)) = asked.reply else { panic!("{:?}", asked.reply) };
        records += found.records.len();
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: 100 };
    }
    assert_eq!(records, 250);
    running.finish().await;
}

#[tokio::test]
async fn pulls_at_once_share_a_connection_and_a_retry_counts_once() {
    let mut world = World::new();
    let running = Running::start(&mut world, "nts").await;
    let agencies = Arc::new(world.agencies());
    let mut asking = JoinSet::new();
    for _ in 0..60 {
        let agencies = Arc::clone(&agencies);
        asking.spawn(async move {
            let request = pull(&agencies, "nts");
            let first = agencies.ask(&id("nts"), &request).await.reply;
            let again = agencies.ask(&id("nts"), &request).await.reply;
            matches!((first, again), (Ok(Reply::Found(_)), Ok(Reply::Found(_))))
        });
    }
    assert!(asking.join_all().await.into_iter().all(|found| found));
    running.finish().await;
    let log = rusqlite::Connection::open(world.at("nts-log.sqlite")).unwrap();
    let entries: i64 = log.query_row("select count(*) from entries", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 60);
}

#[tokio::test]
async fn an_agency_that_is_not_in_the_file_is_not_asked() {
    let mut world = World::new();
    world.keys("nts");
    world.name("nts", "way = \"offline\"");
    let agencies = world.agencies();
    let request = pull(&agencies, "nts");
    let asked = agencies.ask(&id("nps"), &request).await;
    assert_eq!((asked.reply, asked.sent), (Err(AskError::Unknown), false));
    assert_eq!(agencies.ask(&id("nts"), &request).await.reply, Err(AskError::Offline));
}
