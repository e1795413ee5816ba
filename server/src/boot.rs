//! From a configuration to a portal that serves, and back to nothing.

mod ports;

use std::{path::Path, sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use domain::{clock::Clock, id::Chance, service::Catalogue};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use store::migrate::{MigrateError, Turn};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    chance::{SecretKey, SystemChance},
    clock::SystemClock,
    config::Config,
    database::{self, Database, DatabaseError},
    desk::{self, Refusal},
    jobs,
    messaging::Messenger,
    password::Passwords,
    state::{Parts, Portal},
    web,
};

/// Between two tries to reach a database that is down.
const RETRY: Duration = Duration::from_secs(1);
/// Between two looks whether another catalogue has been loaded, or the vault has another key.
const WATCH: Duration = Duration::from_secs(10);
/// For requests that have begun, once the portal is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Why the portal does not start, or a command does not do its work.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// Somebody else listens there.
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// No database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The catalogue has faults, a line each.
    #[error("the catalogue in {0} has {n} fault(s):\n{list}", n = .1.len(), list = .1.join("\n"))]
    Catalogue(String, Vec<String>),
    /// The file of agencies has faults, a line each.
    #[error("the agencies have {n} fault(s):\n  {list}", n = .0.len(), list = .0.join("\n  "))]
    Agencies(Vec<String>),
    /// The database cannot be brought to the present form.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Demo accounts in production.
    #[error("this database has the sandbox's demo accounts; production does not start on it")]
    Demo,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// A portal that does not listen yet.
pub struct Booted {
    /// The portal.
    pub portal: Portal,
    /// Connections of the migrating role.
    pub owner: PgPool,
    database: Database,
}

/// Time and chance, given from outside.
pub struct World {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where unpredictable bytes come from.
    pub chance: Arc<dyn Chance>,
}

impl Default for World {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), chance: Arc::new(SystemChance) }
    }
}

/// Opens the database and puts the parts together.
///
/// # Errors
/// [`BootError`].
pub async fn boot(config: Config, world: World) -> Result<Booted, BootError> {
    let other = |error: &dyn std::fmt::Display| BootError::Other(error.to_string());
    let messenger = Messenger::new(&config.messages).map_err(|error| other(&error))?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let passwords = Passwords::new(config.argon2, cores).map_err(|error| other(&error))?;
    let key = if let Some(secret) = &config.secret {
        SecretKey::new(secret.expose_secret())
    } else {
        let folder = database::data_folder(&config.data)?;
        SecretKey::new(&database::kept_secret(&folder, "secret", &*world.chance)?)
    };
    let (vault, agencies) = (ports::vault(&config, &world)?, ports::agencies(&config, &world)?);
    let database = Database::open(&config, &*world.chance).await?;
    let portal = Portal::new(Parts {
        pool: database.serving_pool(config.database.connections),
        config,
        clock: world.clock,
        chance: world.chance,
        key,
        vault,
        passwords,
        messenger,
        agencies,
        catalogue: ArcSwapOption::empty(),
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
    });
    Ok(Booted { portal, owner: database.migrating_pool(), database })
}

impl Booted {
    /// Closes every connection, and the database if it is ours.
    pub async fn close(self) {
        self.owner.close().await;
        self.portal.pool.close().await;
        self.database.close().await;
    }
}

/// Reads the catalogue's folder.
///
/// # Errors
/// [`BootError::Catalogue`].
pub fn read_catalogue(folder: &Path) -> Result<Catalogue, BootError> {
    desk::catalogue::read(folder).map_err(|faults| BootError::Catalogue(folder.display().to_string(), faults))
}

/// Serves until a signal asks to stop.
///
/// # Errors
/// [`BootError`].
pub async fn serve(config: Config) -> Result<(), BootError> {
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| BootError::Listen(config.listen, error))?;
    let catalogue = read_catalogue(&config.catalogue)?;
    let booted = boot(config, World::default()).await?;
    let portal = booted.portal.clone();
    web::start_counting(&portal);
    tracing::info!(listen = %portal.config.listen, mode = ?portal.config.mode, "listening");
    let stop = portal.stop.clone();
    portal.tasks.spawn(async move {
        tokio::select! {
            () = wait_for_signal() => stop.cancel(),
            () = stop.cancelled() => {}
        }
    });
    let server = {
        let portal = portal.clone();
        portal.tasks.clone().spawn(async move { web::serve(&portal, listener).await })
    };
    // Requests are answered from here on: with 503 until the database is ready.
    let outcome = prepare(&booted, &catalogue).await;
    if let Err(error) = &outcome {
        tracing::error!(%error, "stopping");
        portal.stop.cancel();
    }
    portal.stop.cancelled().await;
    if tokio::time::timeout(DRAIN, server).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    portal.tasks.close();
    if tokio::time::timeout(DRAIN, portal.tasks.wait()).await.is_err() {
        tracing::warn!("some tasks did not finish in time");
    }
    booted.close().await;
    tracing::info!("stopped");
    outcome
}

/// Migrates, loads the catalogue and starts the jobs, as soon as the database can be reached.
async fn prepare(booted: &Booted, catalogue: &Catalogue) -> Result<(), BootError> {
    let portal = &booted.portal;
    loop {
        let stopped = tokio::select! {
            outcome = prepare_once(booted, catalogue) => match outcome {
                Ok(()) => return Ok(()),
                Err(error) if is_unavailable(&error) => {
                    tracing::warn!(%error, "waiting for the database");
                    false
                }
                Err(error) => return Err(error),
            },
            () = portal.stop.cancelled() => true,
        };
        if stopped {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(RETRY) => {}
            () = portal.stop.cancelled() => return Ok(()),
        }
    }
}

async fn prepare_once(booted: &Booted, catalogue: &Catalogue) -> Result<(), BootError> {
    let portal = &booted.portal;
    let turn = Turn::take(&booted.owner).await.map_err(MigrateError::Store)?;
    migrate_and_load(&turn, booted, catalogue).await?;
    if portal.config.is_sandbox() {
        desk::demo::make(portal).await.map_err(from_refusal)?;
    } else if desk::demo::exists(portal).await.map_err(from_refusal)? {
        return Err(BootError::Demo);
    }
    drop(turn);
    // With the catalogue the portal is ready: whoever waits for that finds everything else in place.
    desk::catalogue::refresh(portal).await.map_err(from_refusal)?;
    portal.tasks.spawn(work(portal.clone()));
    portal.tasks.spawn(watch(portal.clone()));
    portal.tasks.spawn(desk::exchange_log::keep_sealing(portal.clone()));
    tracing::info!("ready");
    Ok(())
}

/// Brings the database to the present form and puts the catalogue in force. True when it is another one than before.
///
/// # Errors
/// [`BootError`].
pub async fn migrate_and_load(
    turn: &Turn,
    booted: &Booted,
    catalogue: &Catalogue,
) -> Result<bool, BootError> {
    store::migrate::run(turn, &booted.owner, booted.portal.now()).await?;
    load_catalogue(turn, booted, catalogue).await
}

/// Puts the catalogue in force. True when it is another one than before.
///
/// # Errors
/// [`BootError`].
pub async fn load_catalogue(_turn: &Turn, booted: &Booted, catalogue: &Catalogue) -> Result<bool, BootError> {
    let now = booted.portal.now();
    Ok(desk::catalogue::load(&booted.owner, catalogue, now).await.map_err(MigrateError::Store)?)
}

/// Runs the jobs until the portal stops, beginning again after the database was away.
async fn work(portal: Portal) {
    while !portal.stop.is_cancelled() {
        let outcome = match jobs::worker(&portal).await {
            Ok(worker) => worker.run().await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        if portal.stop.is_cancelled() {
            return;
        }
        tracing::warn!(?outcome, "the worker has stopped and begins again");
        tokio::select! {
            () = tokio::time::sleep(RETRY) => {}
            () = portal.stop.cancelled() => return,
        }
    }
}

/// Follows a catalogue that another process loads, and keys that another process makes.
async fn watch(portal: Portal) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(WATCH) => {}
            () = portal.stop.cancelled() => return,
        }
        if let Err(error) = desk::catalogue::refresh(&portal).await {
            tracing::warn!(%error, "the catalogue in force could not be looked up");
        }
        if let Err(error) = portal.vault.reload() {
            tracing::warn!(%error, "the vault goes on with the keys it has");
        }
    }
}

fn from_refusal(refusal: Refusal) -> BootError {
    match refusal {
        Refusal::Store(error) => BootError::Migrate(MigrateError::Store(error)),
        other => BootError::Other(other.to_string()),
    }
}

fn is_unavailable(error: &BootError) -> bool {
    use store::StoreError;
    match error {
        BootError::Migrate(MigrateError::Store(error)) => matches!(error, StoreError::Unavailable(_)),
        BootError::Migrate(MigrateError::Migration(sqlx::migrate::MigrateError::Execute(error))) => {
            matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut)
        }
        _ => false,
    }
}

/// SIGTERM from a service manager, SIGINT from a keyboard.
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be received; stop the process another way");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
