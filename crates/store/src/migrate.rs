//! Brings a database to the present form.

use chrono::{DateTime, Utc};
use sqlx::{Executor, PgPool, Postgres, migrate::Migrator, pool::PoolConnection};

use crate::{StoreError, audit};

/// The migrations, in order. Forward only.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Why a database could not be brought to the present form.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A migration failed, or one that was applied has changed since.
    #[error("migrating: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The job queue's own migrations failed.
    #[error("migrating the job queue: {0}")]
    Jobs(String),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was made with an encoding or a locale under which Korean search does not work.
    #[error(
        "the database has encoding {encoding} and locale {ctype}; it needs UTF8 and a locale such as C.UTF-8"
    )]
    Locale {
        /// What it has.
        encoding: String,
        /// What it has.
        ctype: String,
    },
}

/// The turn to prepare a database: migrations, catalogue, first accounts. Servers that start together wait for each
/// other, since half of what they do would otherwise wait crosswise for the other's half. Ends with its connection.
#[derive(Debug)]
pub struct Turn {
    _lock: PoolConnection<Postgres>,
}

impl Turn {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take(owner: &PgPool) -> Result<Self, StoreError> {
        let mut lock = owner.acquire().await?;
        lock.close_on_drop();
        sqlx::query("select pg_advisory_lock(hashtext('madang_migrate'))").execute(&mut *lock).await?;
        Ok(Self { _lock: lock })
    }
}

/// Migrates as the owner.
///
/// # Errors
/// [`MigrateError`].
pub async fn run(_turn: &Turn, owner: &PgPool, now: DateTime<Utc>) -> Result<(), MigrateError> {
    check_locale(owner).await?;
    MIGRATIONS.run(owner).await?;
    let worker = graphile_worker::WorkerOptions::default()
        .pg_pool(owner.clone())
        .schema("graphile_worker")
        .init()
        .await
        .map_err(|error| MigrateError::Jobs(error.to_string()))?;
    drop(worker);
    owner
        .execute(
            "grant usage on schema graphile_worker to madang_server;
             grant all on all tables in schema graphile_worker to madang_server;
             grant all on all sequences in schema graphile_worker to madang_server;
             grant execute on all functions in schema graphile_worker to madang_server;",
        )
        .await
        .map_err(StoreError::from)?;
    // The queue's tables let only their owner see rows, until a policy says otherwise.
    owner
        .execute(
            "do $$
             declare
                 name text;
             begin
                 for name in
                     select c.relname from pg_class c
                     where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity
                     and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'madang_server')
                 loop
                     execute format(
                         'create policy madang_server on graphile_worker.%I to madang_server using (true) with check (true)', name
                     );
                 end loop;
             end
             $$",
        )
        .await
        .map_err(StoreError::from)?;
    let mut db = owner.acquire().await.map_err(StoreError::from)?;
    audit::prepare_months(&mut db, now.date_naive()).await?;
    Ok(())
}

async fn check_locale(owner: &PgPool) -> Result<(), MigrateError> {
    let (encoding, ctype): (String, String) = sqlx::query_as(
        "select pg_encoding_to_char(encoding), datcollate || '/' || datctype from pg_database where datname = current_database()",
    )
    .fetch_one(owner)
    .await
    .map_err(StoreError::from)?;
    let posix = ctype.split('/').next_back().is_some_and(|ctype| ctype == "C" || ctype == "POSIX");
    if encoding != "UTF8" || posix { Err(MigrateError::Locale { encoding, ctype }) } else { Ok(()) }
}

/// Whether every migration of this program has been applied.
///
/// # Errors
/// [`StoreError`].
pub async fn is_current(pool: &PgPool) -> Result<bool, StoreError> {
    let applied: i64 =
        sqlx::query_scalar("select count(*) from _sqlx_migrations where success").fetch_one(pool).await?;
    Ok(usize::try_from(applied).is_ok_and(|applied| applied >= MIGRATIONS.iter().count()))
}
