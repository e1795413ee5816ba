//! What the gateway may do, from one TOML file: read as a whole, with all faults at once.

mod database;
mod form;
mod kind;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::service::{AgencyId, RecordKindId};
use exchange::{
    grant::Grant, holder::Receiver, ids::FormId, key_file::KeyFile, keys::KeyRing, seal::SealingKeys,
    sign::Window, subject::SubjectKey,
};

pub use database::{Address, Database};
pub use form::Form;
pub use kind::{Kind, Type};
pub use toml_file::Fault;
use toml_file::{File, Node, Table};

/// Everything that the gateway is told.
#[derive(Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Who it is, with its keys and those of its clients.
    pub receiver: Receiver,
    /// The log's file.
    pub log: PathBuf,
    /// Where the register is.
    pub register: Database,
    /// Who may ask.
    pub clients: BTreeMap<AgencyId, Client>,
    /// What they may ask.
    pub grants: Vec<Grant>,
    /// How it is looked up.
    pub kinds: BTreeMap<RecordKindId, Kind>,
    /// Where submissions go; none, when they are not taken.
    pub inbox: Option<Database>,
    /// What submissions have to be like.
    pub forms: BTreeMap<FormId, Form>,
    /// How long a look-up in the register may take.
    pub query_time: Duration,
    /// What connections may take.
    pub limits: Limits,
}

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many there may be at once.
    pub connections: usize,
    /// How many of these one client may have.
    pub per_client: usize,
    /// How long the body of a request may take.
    pub body_time: Duration,
    /// How long a connection may be open on which nothing is asked, and so how long the head of a request may take.
    pub idle_time: Duration,
}

/// One who may ask.
pub struct Client {
    /// The secret shared with it, to name people.
    pub subjects: SubjectKey,
    /// How many requests a second.
    pub per_second: u32,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<client, {} a second>", self.per_second)
    }
}

impl Config {
    /// Reads the file and everything that it names. Paths in it are meant from its folder.
    ///
    /// # Errors
    /// All faults, with file and line.
    pub fn read(path: &Path, now: DateTime<Utc>) -> Result<Self, Vec<Fault>> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![Fault { file: path.to_owned(), line: 0, message: format!("cannot be read: {error}") }]
        })?;
        File::new(path, &text).parse(|table| read(table, now))
    }
}

fn read(table: &Table, now: DateTime<Utc>) -> Option<Config> {
    let agency: Option<AgencyId> = table.required("agency").and_then(|node| node.parsed());
    let origin = table.required("origin").and_then(|node| node.parsed());
    let listen = table.required("listen").and_then(|node| node.parsed());
    let log = table.required("log").and_then(|node| node.path());
    let register = table.table("register").and_then(|table| database::read(&table));
    let keys = table.table("keys").and_then(|keys| own_keys(&keys, agency.as_ref()?));
    let (clients, ring) = table.table("clients").map(|table| clients(&table)).unwrap_or_default();
    let grants = keys.as_ref().map(|keys| grants(table, keys, now)).unwrap_or_default();
    let kinds = table.table("kinds").map(|table| kinds(&table)).unwrap_or_default();
    let (inbox, forms) = inbox(table, register.as_ref());
    let query = number(table, "query_seconds", (60, 5));
    let limits = limits(table);
    let keys = keys?;
    Some(Config {
        listen: listen?,
        receiver: Receiver {
            agency: agency?,
            origin: origin?,
            key: keys.sign,
            sealing: SealingKeys::new(keys.seal),
            clients: ring,
            window: Window::default(),
        },
        log: log?,
        register: register?,
        clients,
        grants,
        kinds,
        inbox,
        forms,
        query_time: Duration::from_secs(query?.into()),
        limits: limits?,
    })
}

fn limits(table: &Table) -> Option<Limits> {
    let connections = number(table, "connections", (100_000, 1_000));
    let per_client = number(table, "connections_per_client", (100_000, 100));
    let body = number(table, "body_seconds", (60, 10));
    // A little more than the minute after which proxies give up idle connections themselves.
    let idle = number(table, "idle_seconds", (600, 75));
    Some(Limits {
        connections: usize::try_from(connections?).ok()?,
        per_client: usize::try_from(per_client?).ok()?,
        body_time: Duration::from_secs(body?.into()),
        idle_time: Duration::from_secs(idle?.into()),
    })
}

/// A number from 1 to `most`, or what it is when it is left out.
fn number(table: &Table, key: &'static str, (most, absent): (u32, u32)) -> Option<u32> {
    table.optional(key).map_or(Some(absent), |node| node.number(most))
}

struct OwnKeys {
    sign: exchange::keys::SigningKey,
    seal: Vec<exchange::seal::SealingKey>,
    /// The keys that grants may be signed with: our own, and those of the sharing centre.
    granting: KeyRing,
    centre: Option<AgencyId>,
}

fn own_keys(table: &Table, agency: &AgencyId) -> Option<OwnKeys> {
    let sign_file = table.required("sign").and_then(|node| Some((key_file(&node, Some(agency))?, node)));
    let sign = sign_file.as_ref().and_then(|(file, node)| node.good(file.signing_key()));
    let mut seal = Vec::new();
    for node in table.list("seal") {
        seal.extend(key_file(&node, Some(agency)).and_then(|file| node.good(file.sealing_key())));
    }
    if seal.is_empty() {
        table.fault("`seal` names no key that requests could be sealed to");
    }
    let (mut granting, mut centre) = (KeyRing::default(), None);
    if let Some((file, node)) = &sign_file {
        let public = file.public().and_then(|file| file.verifying_key());
        node.good(public.and_then(|key| granting.add(key)));
    }
    for node in table.list("grants") {
        let Some(file) = key_file(&node, None) else { continue };
        if file.owner != *agency && centre.get_or_insert(file.owner.clone()) != &file.owner {
            node.fault("a second sharing centre: grants come from the agency itself and one centre");
        }
        node.good(file.verifying_key().and_then(|key| granting.add(key)));
    }
    Some(OwnKeys { sign: sign?, seal, granting, centre })
}

fn clients(table: &Table) -> (BTreeMap<AgencyId, Client>, KeyRing) {
    let (mut clients, mut ring) = (BTreeMap::new(), KeyRing::default());
    for (id, node) in table.entries::<AgencyId>() {
        let Some(table) = node.table() else { continue };
        for node in table.list("keys") {
            let key = key_file(&node, Some(&id)).and_then(|file| node.good(file.verifying_key()));
            key.and_then(|key| node.good(ring.add(key)));
        }
        let subjects = table
            .required("subject")
            .and_then(|node| key_file(&node, Some(&id)).and_then(|file| node.good(file.subject_key())));
        let per_second = table.required("per_second").and_then(|node| node.number(100_000));
        if let (Some(subjects), Some(per_second)) = (subjects, per_second) {
            clients.insert(id, Client { subjects, per_second });
        }
    }
    (clients, ring)
}

fn grants(table: &Table, keys: &OwnKeys, now: DateTime<Utc>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    let mut ids = BTreeSet::new();
    for node in table.list("grants") {
        let Some(bytes) = node.bytes() else { continue };
        let grant = Grant::open(&bytes, &keys.granting, keys.centre.as_ref(), now);
        let Some(grant) = node.good(grant) else { continue };
        if ids.insert(grant.id) {
            grants.push(grant);
        } else {
            node.fault("a grant that is named twice");
        }
    }
    grants
}

fn kinds(table: &Table) -> BTreeMap<RecordKindId, Kind> {
    let entries = table.entries::<RecordKindId>().into_iter();
    entries.filter_map(|(id, node)| Some((id, kind::read(&node.table()?)?))).collect()
}

fn inbox(table: &Table, register: Option<&Database>) -> (Option<Database>, BTreeMap<FormId, Form>) {
    let (inbox, forms) = (table.optional("inbox"), table.optional("forms"));
    if inbox.is_some() != forms.is_some() {
        table.fault("`[inbox]` and `[forms]` go together");
    }
    let place = inbox.and_then(|node| database::read(&node.table()?));
    if let (Some(Database::Sqlite(inbox)), Some(Database::Sqlite(register))) = (&place, register)
        && inbox == register
    {
        table.fault("the inbox is the register: submissions are never written there");
    }
    let entries = forms.and_then(|node| node.table()).map(|table| table.entries::<FormId>());
    let entries = entries.unwrap_or_default().into_iter();
    (place, entries.filter_map(|(id, node)| Some((id, form::read(&node.table()?)?))).collect())
}

/// The key file that a node names; a fault, when it is not `owner`'s.
fn key_file(node: &Node, owner: Option<&AgencyId>) -> Option<KeyFile> {
    let file = node.good(KeyFile::parse(&node.bytes()?))?;
    if owner.is_some_and(|owner| *owner != file.owner) {
        node.fault(format!("a key of `{}`", file.owner));
        return None;
    }
    Some(file)
}
