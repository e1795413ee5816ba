//! A portal for one test.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Contact, PersonName},
    actor::Role,
    clock::Clock,
    text::Locale,
};
use server::{
    boot::{self, World},
    chance::SystemChance,
    clock::SystemClock,
    config::{Config, Source},
    desk::officer::{self, AddOfficer},
    state::Portal,
    web::{self, Web},
};
use sqlx::PgPool;
use store::{migrate::Turn, testing::TestDatabase};

use crate::browser::Browser;

/// A password that is strong enough, for accounts of tests.
pub const PASSWORD: &str = "seven quiet lanterns";

/// The vault's keys, for tests that do not change them.
pub const VAULT: &str = "look-up=bG9vay11cCBrZXkgb2YgdGVzdHMsIDMyIGJ5dGVzISE \
                     seal-1=c2VhbGluZyBrZXkgb2YgdGVzdHMsIDMyIGJ5dGVzLi4";

/// A clock that a test moves. It ticks by a millisecond whenever it is read, so that things have an order.
#[derive(Debug)]
pub struct TestClock {
    now: Mutex<DateTime<Utc>>,
    /// For what has to agree with other processes: how far ahead of the machine's time it is.
    ahead: Option<Mutex<TimeDelta>>,
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        if let Some(ahead) = &self.ahead {
            return SystemClock.now() + *ahead.lock().unwrap();
        }
        let mut now = self.now.lock().unwrap();
        *now += TimeDelta::milliseconds(1);
        *now
    }
}

/// The same clock for somebody else.
#[derive(Clone, Debug)]
pub struct SharedClock(Arc<TestClock>);

impl Clock for SharedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// A portal with its database.
pub struct TestPortal {
    pub portal: Portal,
    pub web: Web,
    pub owner: PgPool,
    clock: Arc<TestClock>,
    database: TestDatabase,
}

/// The folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl TestPortal {
    /// With the real catalogue, in the sandbox.
    pub async fn start(name: &str) -> Self {
        Self::start_with(name, &[]).await
    }

    /// With more settings.
    pub async fn start_with(name: &str, settings: &[(&str, &str)]) -> Self {
        let began = "2026-11-23T01:00:00Z".parse().unwrap();
        Self::start_by(TestClock { now: Mutex::new(began), ahead: None }, name, settings).await
    }

    /// By the machine's time, for what has to agree with other processes.
    pub async fn start_at_present(name: &str, settings: &[(&str, &str)]) -> Self {
        let ahead = Some(Mutex::new(TimeDelta::zero()));
        Self::start_by(TestClock { now: Mutex::new(SystemClock.now()), ahead }, name, settings).await
    }

    async fn start_by(clock: TestClock, name: &str, settings: &[(&str, &str)]) -> Self {
        let began = clock.now();
        let database = TestDatabase::create(name, began).await;
        let url = url(&database);
        let migrate_url = format!("{url}?application_name=owner");
        let mut variables = vec![
            ("DATABASE_URL", url.as_str()),
            ("MADANG_MIGRATE_URL", migrate_url.as_str()),
            ("MADANG_ARGON2_MEMORY_KIB", "64"),
            ("MADANG_ARGON2_PASSES", "1"),
            ("MADANG_SECRET", "a key of tests, longer than it has to be"),
            ("MADANG_VAULT_KEYS", VAULT),
            ("MADANG_DATABASE_CONNECTIONS", "8"),
            ("MADANG_PUBLIC_URL", "http://portal.test"),
            ("MADANG_LOG", "off"),
        ];
        variables.retain(|(name, _)| settings.iter().all(|(set, _)| set != name));
        variables.extend_from_slice(settings);
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::read(Source::new(None, variables).unwrap()).unwrap();
        let clock = Arc::new(clock);
        let world = World { clock: clock.clone(), chance: Arc::new(SystemChance) };
        let booted = boot::boot(config, world).await.unwrap();
        let catalogue = boot::read_catalogue(&root().join("catalogue")).unwrap();
        let turn = Turn::take(&booted.owner).await.unwrap();
        boot::migrate_and_load(&turn, &booted, &catalogue).await.unwrap();
        drop(turn);
        server::desk::catalogue::refresh(&booted.portal).await.unwrap();
        let (portal, owner) = (booted.portal.clone(), booted.owner.clone());
        Self { web: web::service(&portal), portal, owner, clock, database }
    }

    /// The address of the database, as its owner.
    pub fn address(&self) -> String {
        url(&self.database)
    }

    /// The portal's clock, for somebody who has to agree with it.
    pub fn clock(&self) -> SharedClock {
        SharedClock(self.clock.clone())
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        match &self.clock.ahead {
            Some(ahead) => *ahead.lock().unwrap() += by,
            None => *self.clock.now.lock().unwrap() += by,
        }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.web.clone())
    }

    /// A browser in which a citizen with this contact has just signed up.
    pub async fn citizen(&self, contact: &str) -> Browser {
        let mut browser = self.browser();
        let form = [("name", "김민지"), ("contact", contact), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-up", &form).await.goes_to(), "/sign-up/confirm");
        let code = self.code_for(contact).await;
        assert_eq!(browser.post("/sign-up/confirm", &[("code", &code)]).await.goes_to(), "/account");
        browser
    }

    /// A browser in which staff of this role has just signed in.
    pub async fn staff(&self, role: Role) -> Browser {
        let email = format!("{}@agency.test", role.name());
        let new = AddOfficer {
            name: PersonName::parse("이도윤").unwrap(),
            email: Contact::parse(&email).unwrap(),
            agency: "gaon".to_owned(),
            department: "reception".to_owned(),
            role,
            locale: Locale::Ko,
        };
        let link = officer::add(&self.portal, &new).await.unwrap();
        let mut browser = self.browser();
        let path = link.strip_prefix("http://portal.test").unwrap();
        assert_eq!(browser.post(path, &[("password", PASSWORD)]).await.goes_to(), "/staff/sign-in");
        let form = [("contact", email.as_str()), ("password", PASSWORD)];
        assert_eq!(browser.post("/staff/sign-in", &form).await.goes_to(), "/staff");
        browser
    }

    /// The newest message to a contact: subject and body.
    pub async fn newest_message(&self, contact: &str) -> Option<(String, String)> {
        let contact = Contact::parse(contact).unwrap();
        let mut db = self.portal.pool.acquire().await.unwrap();
        let messages = store::message::list_kept(&mut db, 100).await.unwrap();
        messages
            .into_iter()
            .find(|message| message.contact == contact)
            .map(|message| (message.subject, message.body))
    }

    /// The code in the newest message to a contact.
    pub async fn code_for(&self, contact: &str) -> String {
        let (_, body) = self.newest_message(contact).await.expect("a message was written");
        let digits: Vec<&str> =
            body.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 6).collect();
        digits.first().expect("the message has a code").to_string()
    }

    /// Does what use cases have left to jobs.
    pub async fn run_jobs(&self) {
        server::jobs::worker(&self.portal).await.unwrap().run_once().await.unwrap();
    }

    /// The path of the link in the newest message to a contact.
    pub async fn link_for(&self, contact: &str) -> String {
        self.run_jobs().await;
        let (_, body) = self.newest_message(contact).await.expect("a message was written");
        let line = body.lines().find(|line| line.starts_with("http://")).expect("the message has a link");
        line.strip_prefix("http://portal.test").unwrap().to_owned()
    }

    /// What the audit log tells about the holder of a contact.
    pub async fn told_about(&self, contact: &str) -> Vec<String> {
        let mut db = self.owner.acquire().await.unwrap();
        let contact = Contact::parse(contact).unwrap();
        let holder = store::contact::holder_of(&mut db, &contact).await.unwrap().expect("an account");
        store::audit::actions_about(&mut db, holder.0).await.unwrap()
    }

    /// Closes every connection and removes the database.
    pub async fn finish(self) {
        self.portal.pool.close().await;
        self.owner.close().await;
        self.database.remove().await;
    }
}

/// The address of a test's database.
pub fn url(database: &TestDatabase) -> String {
    let at = &database.owner;
    format!(
        "postgres://{}@{}:{}/{}",
        at.get_username(),
        at.get_host(),
        at.get_port(),
        at.get_database().unwrap()
    )
}
