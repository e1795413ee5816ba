//! The database: one that is given, or a PostgreSQL that the portal starts for itself.

use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use domain::id::Chance;
use postgresql_embedded::{PostgreSQL, Settings};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, Connection, Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{chance, config::Config};

const NAME: &str = "madang";

/// Where the database is, for each of the two roles.
#[derive(Debug)]
pub struct Database {
    serving: PgConnectOptions,
    migrating: PgConnectOptions,
    own: Option<Own>,
}

/// A PostgreSQL of the portal's own.
#[derive(Debug)]
struct Own {
    postgres: PostgreSQL,
    /// Whether this process started it, and so has to stop it.
    started: bool,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Something about the data folder.
    #[error("the data folder {0} cannot be used: {1}")]
    Folder(PathBuf, std::io::Error),
    /// PostgreSQL refuses to run as root.
    #[error(
        "PostgreSQL does not run as root. Start the portal with ./run, which uses an account without rights, or name a \
         database by DATABASE_URL"
    )]
    Root,
    /// PostgreSQL did not start.
    #[error("PostgreSQL did not start: {0}")]
    Start(String),
    /// The address is none.
    #[error("the database's address cannot be read: {0}")]
    Address(sqlx::Error),
    /// It started and refuses to be set up.
    #[error("the portal's own database cannot be set up: {0}")]
    SetUp(#[from] sqlx::Error),
}

impl Database {
    /// The database that the configuration names, or our own, started if need be.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(config: &Config, chance: &dyn Chance) -> Result<Self, DatabaseError> {
        let Some(serving) = &config.database.url else { return own(config, chance).await };
        let migrating = config.database.migrate_url.as_ref().unwrap_or(serving);
        let parse = |url: &SecretString| {
            PgConnectOptions::from_str(url.expose_secret()).map(quiet).map_err(DatabaseError::Address)
        };
        Ok(Self { serving: parse(serving)?, migrating: parse(migrating)?, own: None })
    }

    /// Connections that serve: without the right to change tables, and with limits on time. Nothing is connected yet.
    pub fn serving_pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(3))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute(
                            "set role madang_server; set statement_timeout = '10s'; set lock_timeout = '5s'",
                        )
                        .await?;
                    Ok(())
                })
            })
            .connect_lazy_with(self.serving.clone().application_name("madang"))
    }

    /// Connections that migrate and load the catalogue. Nothing is connected yet.
    pub fn migrating_pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(3)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(self.migrating.clone().application_name("madang migrate"))
    }

    /// Stops the database if this process started it.
    pub async fn close(self) {
        if let Some(Own { postgres, started: true }) = self.own
            && let Err(error) = postgres.stop().await
        {
            tracing::error!(%error, "PostgreSQL did not stop");
        }
    }
}

/// Statements in the log would show what people typed.
fn quiet(options: PgConnectOptions) -> PgConnectOptions {
    options.disable_statement_logging()
}

/// Makes the data folder, readable by nobody else.
///
/// # Errors
/// [`DatabaseError::Folder`].
pub fn data_folder(path: &Path) -> Result<PathBuf, DatabaseError> {
    use std::os::unix::fs::DirBuilderExt;
    let wrong = |error| DatabaseError::Folder(path.to_owned(), error);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(wrong)?;
    let whole = path.canonicalize().map_err(wrong)?;
    // A folder that exists may still refuse to be written to.
    let probe = whole.join(".probe");
    std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).map_err(wrong)?;
    Ok(whole)
}

/// The secret in a file of the data folder, made when it is missing.
///
/// # Errors
/// [`DatabaseError::Folder`].
pub fn kept_secret(folder: &Path, name: &str, chance: &dyn Chance) -> Result<String, DatabaseError> {
    kept(folder, (name, &chance::token(chance)), chance)
}

/// What a file of the data folder holds, which is `fresh` when the file is missing.
///
/// # Errors
/// [`DatabaseError::Folder`].
pub fn kept(
    folder: &Path,
    (name, fresh): (&str, &str),
    chance: &dyn Chance,
) -> Result<String, DatabaseError> {
    let path = folder.join(name);
    let wrong = |error| DatabaseError::Folder(path.clone(), error);
    match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= 32 => return Ok(text.trim().to_owned()),
        Ok(_) => return Err(wrong(std::io::Error::other("it holds no whole secret"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(wrong(error)),
    }
    // Written whole under another name first: no crash and no second process sees half of it.
    let draft = folder.join(format!(".{name}.{}", chance::token(chance)));
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(wrong)?;
    file.write_all(fresh.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong)?;
    let linked = std::fs::hard_link(&draft, &path);
    std::fs::remove_file(&draft).map_err(wrong)?;
    match linked {
        Ok(()) => Ok(fresh.trim().to_owned()),
        // Somebody else was first.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            kept(folder, (name, fresh), chance)
        }
        Err(error) => Err(wrong(error)),
    }
}

async fn own(config: &Config, chance: &dyn Chance) -> Result<Database, DatabaseError> {
    let folder = data_folder(&config.data)?;
    let password = kept_secret(&folder, "postgres.password", chance)?;
    let owner_password = kept_secret(&folder, "owner.password", chance)?;
    let web_password = kept_secret(&folder, "web.password", chance)?;
    let mut settings = Settings {
        data_dir: folder.join("postgres"),
        password_file: folder.join("postgres.password"),
        password: password.clone(),
        host: "127.0.0.1".to_owned(),
        port: 0,
        temporary: false,
        timeout: Some(Duration::from_mins(1)),
        socket_dir: Some(folder.clone()),
        ..Settings::new()
    };
    // The crate starts PostgreSQL with -F, which risks the data for speed; the later option wins.
    for (key, value) in [("fsync", "on"), ("listen_addresses", "127.0.0.1"), ("shared_buffers", "64MB")] {
        settings.configuration.insert(key.to_owned(), value.to_owned());
    }
    if let Some(installed) = installed() {
        settings.installation_dir = installed;
        settings.trust_installation_dir = true;
    } else {
        settings.installation_dir = folder.join("postgresql");
        tracing::info!("PostgreSQL is not installed; downloading it");
    }
    let running = running_port(&settings.data_dir).await;
    let start = |error: postgresql_embedded::Error| {
        let why = error.to_string();
        if why.contains("cannot be run as root") { DatabaseError::Root } else { DatabaseError::Start(why) }
    };
    let mut postgres = PostgreSQL::new(settings);
    let port = if let Some(port) = running {
        port
    } else {
        postgres.setup().await.map_err(start)?;
        postgres.start().await.map_err(start)?;
        postgres.settings().port
    };
    let login = |user: &str, password: &str| {
        quiet(
            PgConnectOptions::new()
                .host("127.0.0.1")
                .port(port)
                .username(user)
                .password(password)
                .database(NAME),
        )
    };
    let database = Database {
        serving: login("madang_web", &web_password),
        migrating: login("madang_owner", &owner_password),
        own: Some(Own { postgres, started: running.is_none() }),
    };
    if let Err(error) = set_up(login("postgres", &password), (&owner_password, &web_password)).await {
        database.close().await;
        return Err(error.into());
    }
    Ok(database)
}

/// The port of the PostgreSQL that runs on this folder already, such as beside a command of the operator.
async fn running_port(data_dir: &Path) -> Option<u16> {
    let file = std::fs::read_to_string(data_dir.join("postmaster.pid")).ok()?;
    let port: u16 = file.lines().nth(3)?.trim().parse().ok()?;
    tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(|_| port)
}

/// The newest PostgreSQL of Debian's packages.
fn installed() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    folders
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("bin/initdb").exists())
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path)))
        .max()
        .map(|(_, path)| path)
}

/// Makes the database and the three roles: the owner, who migrates; the server's rights; and its login.
async fn set_up(superuser: PgConnectOptions, (owner, web): (&str, &str)) -> Result<(), sqlx::Error> {
    let mut db = superuser.database("postgres").connect().await?;
    let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut db)
        .await?;
    if !known {
        // Whoever was killed after this began begins again: a role that is there already is no fault. The passwords are
        // our own, of letters that need no quoting.
        for (role, rights) in [
            ("madang_owner", format!("login password '{owner}'")),
            ("madang_server", "nologin".to_owned()),
            ("madang_web", format!("login password '{web}' in role madang_server")),
        ] {
            let made = db.execute(sqlx::AssertSqlSafe(format!("create role {role} {rights}"))).await;
            if let Err(error) = made
                && error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref()
                    != Some("42710")
            {
                return Err(error);
            }
        }
        // Last, because its presence says that all of this is done. The locale is named, whatever the machine's is.
        db.execute(
            "create database madang owner madang_owner template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'",
        )
        .await?;
    }
    db.close().await
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::chance::SystemChance;

    #[test]
    fn a_secret_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let make = || kept_secret(folder.path(), "secret", &SystemChance).unwrap();
        let both = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(make), scope.spawn(make));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(both.0, both.1, "two that start together agree");
        assert_eq!(kept_secret(folder.path(), "secret", &SystemChance).unwrap(), both.0);
        let mode = std::fs::metadata(folder.path().join("secret")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn half_a_secret_is_refused_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "short").unwrap();
        assert!(kept_secret(folder.path(), "secret", &SystemChance).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join("secret")).unwrap(), "short");
    }
}
