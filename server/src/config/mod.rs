//! The effective configuration: defaults, then one TOML file, then `MADANG_*` variables.
//! Every fault of it is reported at once.

mod read;
mod source;

use std::{net::SocketAddr, path::PathBuf};

use chrono::TimeDelta;
use domain::actor::Holder;
use ipnet::IpNet;
use secrecy::SecretString;
pub use source::{FILE_VARIABLE, Fault, Origin, Source};

/// What the portal is for on this machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// To try things: marked on every page, messages are shown instead of sent, demo accounts exist.
    Sandbox,
    /// For real people: whatever belongs to the sandbox is refused at start.
    Production,
}

/// The effective configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Sandbox or production.
    pub mode: Mode,
    /// Where the portal listens.
    pub listen: SocketAddr,
    /// How people reach it: scheme and host, without a slash at the end.
    pub public_url: String,
    /// Where it keeps what has no place in the database.
    pub data: PathBuf,
    /// The catalogue's folder.
    pub catalogue: PathBuf,
    /// The file that names the agencies to ask; none: nobody is asked.
    pub agencies: Option<PathBuf>,
    /// The database.
    pub database: Database,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The key of all keyed hashes; none where the sandbox makes its own.
    pub secret: Option<SecretString>,
    /// Where the keys come from that seal what nobody may read in the database.
    pub vault: VaultKeys,
    /// How messages leave.
    pub messages: Messages,
    /// The cost of hashing a password.
    pub argon2: Argon2,
    /// How long sessions last.
    pub sessions: Sessions,
    /// What Prometheus has to show; in the sandbox it may be missing.
    pub metrics_token: Option<SecretString>,
    /// The log's filter, as tracing-subscriber reads it.
    pub log_filter: String,
    /// `json` for machines, otherwise text.
    pub log_json: bool,
    /// Seconds a request may take.
    pub request_timeout: u64,
    /// Connections at once; those beyond wait.
    pub connections: usize,
}

/// Where the vault's keys come from.
#[derive(Clone, Debug)]
pub enum VaultKeys {
    /// The sandbox makes them and keeps them in its data folder.
    Own,
    /// A file, which commands change.
    File(PathBuf),
    /// The setting itself.
    Text(SecretString),
}

/// The database's part.
#[derive(Clone, Debug)]
pub struct Database {
    /// The serving role's address; none: the portal starts a PostgreSQL of its own.
    pub url: Option<SecretString>,
    /// The migrating role's address; none: the same.
    pub migrate_url: Option<SecretString>,
    /// Connections of the serving pool.
    pub connections: u32,
}

/// The messaging part.
#[derive(Clone, Debug)]
pub struct Messages {
    /// The SMTP server, as `smtps://user:password@host:465` or `smtp://host:587?tls=required`.
    pub smtp: Option<SecretString>,
    /// The sender.
    pub from: String,
    /// The domain of a mail-to-text gateway: texts go to `<digits>@<domain>`.
    pub sms_domain: Option<String>,
}

/// Parameters of Argon2id (RFC 9106).
#[derive(Clone, Copy, Debug)]
pub struct Argon2 {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// Life of sessions, in minutes.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// Of a citizen who does nothing.
    pub citizen_idle: i64,
    /// Of a citizen, in all.
    pub citizen_total: i64,
    /// Of an officer who does nothing.
    pub officer_idle: i64,
    /// Of an officer, in all.
    pub officer_total: i64,
}

impl Sessions {
    /// How long a session of this account may rest, and how long it lasts.
    pub fn of(&self, holder: Holder) -> (TimeDelta, TimeDelta) {
        let (idle, total) = match holder {
            Holder::Citizen(_) => (self.citizen_idle, self.citizen_total),
            Holder::Officer(_) => (self.officer_idle, self.officer_total),
        };
        (TimeDelta::minutes(idle), TimeDelta::minutes(total))
    }
}

impl Config {
    /// Whether people reach the portal over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether the portal runs as a sandbox.
    pub fn is_sandbox(&self) -> bool {
        self.mode == Mode::Sandbox
    }
}
