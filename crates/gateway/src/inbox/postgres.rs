//! An inbox on a PostgreSQL server, with a role of its own.

use std::time::Duration;

use chrono::{DateTime, Utc};
use exchange::{message::SubmissionState, moment::Moment};
use sqlx::{Executor as _, PgConnection, PgPool, SqlSafeStr as _};

use super::{InboxError, Key, Row, state};
use crate::{
    config::Address,
    postgres::{self, Trouble},
};

/// The one right that the role needs to write with.
const NEEDED: &str = "inbox.submissions: insert";

const INSERT: &str = "
    insert into inbox.submissions (client, request, received, form, kind, purpose, petition, subject,
        target_kind, target, name, content, ticket, fingerprint, since)
    values ($1, $2, $3, $4, $5, $6, $7::uuid, $8, $9, $10, $11, $12::jsonb, $13, $14, $3)
    on conflict do nothing";
const FIND: &str = "select fingerprint from inbox.submissions where client = $1 and request = $2";
const STATE: &str = "
    select state, since from inbox.submissions
    where client = $1 and request = $2 and kind = $3 and subject = $4";

/// The server, with a few connections to it.
pub(super) struct Postgres {
    pool: PgPool,
    query_time: Duration,
}

impl Postgres {
    pub(super) fn new(address: &Address, query_time: Duration) -> Self {
        Self { pool: postgres::connect(address, query_time, false), query_time }
    }

    /// Everything that the role may do and should not, or should and may not.
    pub(super) async fn faults(&self) -> Vec<String> {
        let mut connection = match self.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return vec![format!("the inbox cannot be reached: {error}")],
        };
        let mut faults = match postgres::rights(&mut connection).await {
            Ok(mut role) => {
                let all = role.tables.len();
                role.tables.retain(|right| right != NEEDED);
                let missing = role.tables.len() == all;
                let mut faults = role.faults("inbox");
                faults.extend(missing.then(|| format!("the inbox's role lacks the right `{NEEDED}`")));
                faults
            }
            Err(error) => vec![format!("what the inbox's role may do cannot be told: {error}")],
        };
        for query in [INSERT, FIND, STATE] {
            // Preparing looks at names and types, and writes nothing.
            if let Err(error) = connection.prepare(query.into_sql_str()).await {
                faults.push(format!("the inbox's table is not as it should be: {error}"));
            }
        }
        for column in ["client", "request", "kind", "subject", "fingerprint", "state", "since"] {
            let may = sqlx::query_scalar("select has_column_privilege('inbox.submissions', $1, 'select')");
            if !matches!(may.bind(column).fetch_one(&mut *connection).await, Ok(true)) {
                faults.push(format!("the inbox's role may not read `inbox.submissions.{column}`"));
            }
        }
        faults
    }

    /// Writes a row, if it may and none stands there. Gives the fingerprint of the one that stands there then.
    pub(super) async fn keep(&self, row: &Row, write: bool) -> Result<Option<String>, InboxError> {
        self.work(async |connection| {
            if write {
                insert(connection, row).await?;
            }
            let find = sqlx::query_scalar(FIND).bind(&row.client).bind(row.request.uuid());
            find.fetch_optional(connection).await
        })
        .await
    }

    /// What became of a submission.
    pub(super) async fn state(&self, key: &Key) -> Result<Option<(SubmissionState, Moment)>, InboxError> {
        let found: Option<(String, DateTime<Utc>)> = self
            .work(async |connection| {
                let find = sqlx::query_as(STATE).bind(&key.client).bind(key.request.uuid());
                find.bind(&key.kind).bind(&key.subject).fetch_optional(connection).await
            })
            .await?;
        found.map(|(word, since)| Ok((state(&word)?, since.into()))).transpose()
    }

    async fn work<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, InboxError> {
        let work = async |connection: &mut PgConnection| Ok::<_, Trouble>(work(connection).await?);
        Ok(postgres::within((&self.pool, self.query_time), "begin", work).await?)
    }
}

async fn insert(connection: &mut PgConnection, row: &Row) -> Result<(), sqlx::Error> {
    let insert = sqlx::query(INSERT)
        .bind(&row.client)
        .bind(row.request.uuid())
        .bind(row.received.instant())
        .bind(&row.form)
        .bind(&row.kind)
        .bind(&row.purpose)
        .bind(&row.petition)
        .bind(&row.subject)
        .bind(row.target_kind)
        .bind(&row.target)
        .bind(&row.name)
        .bind(&row.content)
        .bind(&row.ticket)
        .bind(&row.fingerprint);
    insert.execute(connection).await.map(|_| ())
}
