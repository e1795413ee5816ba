//! What register and inbox have in common where they are on a PostgreSQL server.

mod role;

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgPoolOptions};
use thiserror::Error;

use crate::config::Address;

pub(crate) use role::rights;

/// How many connections there may be at once; who needs another waits.
const CONNECTIONS: u32 = 4;
/// How much longer than the server we wait: it says why, when it gives up first.
const GRACE: Duration = Duration::from_millis(500);

/// A small pool that connects when it is first asked, inside of a runtime. No statement takes longer than `time`.
pub(crate) fn connect(address: &Address, time: Duration, read_only: bool) -> PgPool {
    let millis = time.as_millis().to_string();
    let settings = [
        ("statement_timeout", millis.as_str()),
        ("idle_in_transaction_session_timeout", &millis),
        ("synchronous_commit", "on"),
        ("default_transaction_read_only", if read_only { "on" } else { "off" }),
    ];
    let options = (*address.0).clone().application_name("madang-gateway").options(settings);
    PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(time).connect_lazy_with(options)
}

/// Works in a transaction, which `begin` begins. The server gives up after `time`, and we a little later.
pub(crate) async fn within<T, E: From<Trouble>>(
    (pool, time): (&PgPool, Duration),
    begin: &'static str,
    work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, E>,
) -> Result<T, E> {
    let mut connection = pool.acquire().await.map_err(Trouble::from)?;
    let worked = tokio::time::timeout(time + GRACE, async {
        let mut transaction = connection.begin_with(begin).await.map_err(Trouble::from)?;
        let found = work(&mut transaction).await?;
        transaction.commit().await.map_err(Trouble::from)?;
        Ok(found)
    });
    if let Ok(found) = worked.await {
        return found;
    }
    // What it still waits for must reach nobody else.
    drop(connection.detach());
    Err(Trouble("PostgreSQL does not answer in time".to_owned()).into())
}

/// A fault of PostgreSQL. It has nothing of the database's own message, which can repeat a value.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Trouble(String);

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self(match &error {
            sqlx::Error::Database(fault) => {
                format!("PostgreSQL refuses with SQLSTATE {}", fault.code().unwrap_or_default())
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed => error.to_string(),
            _ => "PostgreSQL answers with something unexpected".to_owned(),
        })
    }
}
