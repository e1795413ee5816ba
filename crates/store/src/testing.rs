//! A database of its own for each test, copied from a template that is migrated once.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::migrate;

/// Where a test's database is.
#[derive(Clone, Debug)]
pub struct TestDatabase {
    /// As its owner.
    pub owner: PgConnectOptions,
}

impl TestDatabase {
    /// Makes a database for the test `name`, on the server that `DATABASE_URL` names.
    ///
    /// # Panics
    /// When there is no such server, or it refuses.
    pub async fn create(name: &str, now: DateTime<Utc>) -> Self {
        let server = Self::server();
        let template = format!("madang_template_{:016x}", fingerprint());
        let mut db = server.connect().await.expect("DATABASE_URL names a running PostgreSQL");
        sqlx::query("select pg_advisory_lock(hashtext('madang_testing'))")
            .execute(&mut db)
            .await
            .expect("lock");
        let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&template)
            .fetch_one(&mut db)
            .await
            .expect("pg_database");
        if !known {
            build_template(&mut db, &server, &template, now).await;
        }
        let own = format!("madang_test_{}_{}", std::process::id(), short(name));
        statement(&mut db, format!("drop database if exists {own} with (force)")).await;
        statement(&mut db, format!("create database {own} template {template}")).await;
        sqlx::query("select pg_advisory_unlock(hashtext('madang_testing'))")
            .execute(&mut db)
            .await
            .expect("unlock");
        db.close().await.expect("close");
        Self { owner: server.database(&own) }
    }

    /// An empty database without any table, on the same server.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn create_empty(name: &str, options: &str) -> Self {
        let server = Self::server();
        let mut db = server.connect().await.expect("DATABASE_URL names a running PostgreSQL");
        let own = format!("madang_test_{}_{}", std::process::id(), short(name));
        statement(&mut db, format!("create database {own} template template0 {options}")).await;
        Self { owner: server.database(&own) }
    }

    #[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
    fn server() -> PgConnectOptions {
        let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names the PostgreSQL server for tests");
        PgConnectOptions::from_str(&url).expect("DATABASE_URL is a PostgreSQL address")
    }

    /// A small pool as the owner.
    ///
    /// # Panics
    /// When the database is gone.
    pub async fn owner_pool(&self) -> PgPool {
        PgPoolOptions::new().max_connections(4).connect_with(self.owner.clone()).await.expect("own database")
    }

    /// Removes the database.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn remove(self) {
        let name = self.owner.get_database().unwrap_or_default().to_owned();
        let mut db = Self::server().connect().await.expect("server");
        statement(&mut db, format!("drop database if exists {name} with (force)")).await;
    }
}

async fn build_template(
    db: &mut PgConnection,
    server: &PgConnectOptions,
    template: &str,
    now: DateTime<Utc>,
) {
    let building = format!("{template}_building");
    statement(db, format!("drop database if exists {building} with (force)")).await;
    statement(db, format!("create database {building} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")).await;
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .connect_with(server.clone().database(&building))
        .await
        .expect("template database");
    let turn = migrate::Turn::take(&pool).await.expect("the turn");
    migrate::run(&turn, &pool, now).await.expect("migrations");
    drop(turn);
    pool.close().await;
    statement(db, format!("alter database {building} rename to {template}")).await;
}

async fn statement(db: &mut PgConnection, sql: String) {
    db.execute(sqlx::AssertSqlSafe(sql)).await.expect("statement of the test set-up");
}

fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for migration in migrate::MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    include_str!("migrate.rs").hash(&mut hasher);
    hasher.finish()
}

/// PostgreSQL cuts names at 63 bytes; what is cut here is made up for by a hash.
fn short(name: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(20).collect();
    format!("{}_{:08x}", plain.to_lowercase(), hasher.finish() & 0xffff_ffff)
}
