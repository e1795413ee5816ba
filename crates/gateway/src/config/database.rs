use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr as _};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use toml_file::{Node, Table};
use zeroize::Zeroizing;

/// Where a register or an inbox is.
#[derive(Clone, Debug)]
pub enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Address),
}

/// A PostgreSQL server, with the role to sign in as. `Debug` does not show the password.
#[derive(Clone)]
pub struct Address(pub Box<PgConnectOptions>);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} at {}>", self.0.get_username(), self.0.get_host())
    }
}

/// One of `sqlite`, `postgres`, `postgres_file` and `postgres_env`; a fault, when it is none or more than one.
pub(super) fn read(table: &Table) -> Option<Database> {
    let sqlite = table.optional("sqlite").map(|node| node.path().map(Database::Sqlite));
    let here = table.optional("postgres").map(|node| in_the_open(&node).map(Database::Postgres));
    let file = table.optional("postgres_file").map(|node| in_a_file(&node).map(Database::Postgres));
    let env = table.optional("postgres_env").map(|node| in_the_environment(&node).map(Database::Postgres));
    let mut given: Vec<_> = [sqlite, here, file, env].into_iter().flatten().collect();
    if given.len() != 1 {
        table.fault("one of `sqlite`, `postgres`, `postgres_file`, `postgres_env` is needed, and no other");
    }
    given.pop()?
}

fn in_the_open(node: &Node) -> Option<Address> {
    let url = node.string()?;
    let user = url.split_once("//").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(user, _)| user);
    if user.is_some_and(|user| user.contains(':')) || url.contains("password=") {
        node.fault("a password in this file: use `postgres_file` or `postgres_env`");
        return None;
    }
    parse(node, url)
}

fn in_a_file(node: &Node) -> Option<Address> {
    let bytes = node.bytes()?;
    let text = node.good(std::str::from_utf8(&bytes))?;
    parse(node, text.trim())
}

#[expect(clippy::disallowed_methods, reason = "a setting that the configuration's file names")]
fn in_the_environment(node: &Node) -> Option<Address> {
    let name = node.string()?;
    let Ok(url) = std::env::var(name).map(Zeroizing::new) else {
        node.fault(format!("`{name}` is not set"));
        return None;
    };
    parse(node, url.trim())
}

fn parse(node: &Node, url: &str) -> Option<Address> {
    // What is wrong with an address is not repeated: it may have a password.
    let Ok(options) = PgConnectOptions::from_str(url) else {
        node.fault("not an address such as postgres://reader@db.example/register?sslmode=verify-full");
        return None;
    };
    let host = options.get_host();
    let near = options.get_socket().is_some()
        || host == "localhost"
        || host.starts_with('/')
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !near && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        node.fault("a database on another machine is reached with `sslmode=verify-full`");
        return None;
    }
    Some(Address(Box::new(options)))
}
