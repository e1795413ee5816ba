//! A register on a PostgreSQL server.

mod check;
mod named;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::service::RecordKindId;
use exchange::refusal::Refusal;
use futures_util::TryStreamExt as _;
use serde_json::Value as Json;
use sqlx::{
    AssertSqlSafe, Column as _, ColumnIndex, Decode, PgConnection, PgPool, Row as _, TypeInfo as _,
    ValueRef as _,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use super::{
    Asked, RegisterError, Rows,
    given::{Given, Value},
    value::{Page, Row},
};
use crate::{
    config::{Address, Kind},
    postgres::{self, Trouble},
};
use named::Named;

/// The server, with a few connections to it.
pub(super) struct Postgres {
    pool: PgPool,
    queries: BTreeMap<RecordKindId, Queries>,
    query_time: Duration,
}

/// The queries of a kind.
struct Queries {
    pull: Option<Named>,
    verify: Option<Named>,
}

impl Postgres {
    pub(super) fn new(
        address: &Address,
        kinds: &BTreeMap<RecordKindId, Arc<Kind>>,
        query_time: Duration,
    ) -> Self {
        let queries = kinds.iter().map(|(id, kind)| {
            let named = |query: &Option<String>| query.as_deref().map(Named::read);
            (id.clone(), Queries { pull: named(&kind.query), verify: named(&kind.verify) })
        });
        Self { pool: postgres::connect(address, query_time, true), queries: queries.collect(), query_time }
    }

    /// A page of records.
    pub(super) async fn pull(&self, asked: &Asked) -> Result<Rows, RegisterError> {
        let query = self.queries.get(&asked.id).and_then(|queries| queries.pull.as_ref());
        let query = query.ok_or(Refusal::VerbNotGranted)?;
        asked.given.check(|name| query.uses(name))?;
        self.work(async |connection| {
            asked.count();
            let mut page = Page::new(asked);
            let mut rows = bound(query, &asked.given).fetch(connection);
            while let Some(row) = rows.try_next().await.map_err(Trouble::from)? {
                if !page.take(&row)? {
                    break;
                }
            }
            page.rows()
        })
        .await
    }

    /// The name that belongs to the number.
    pub(super) async fn name(&self, asked: &Asked) -> Result<Option<String>, RegisterError> {
        let query = self.queries.get(&asked.id).and_then(|queries| queries.verify.as_ref());
        let query = query.ok_or(Refusal::VerbNotGranted)?;
        asked.given.check(|name| query.uses(name))?;
        self.work(async |connection| {
            asked.count();
            let row = bound(query, &asked.given).fetch_optional(connection).await.map_err(Trouble::from)?;
            let name =
                row.map(|row| row.try_get::<Option<String>, _>(0)).transpose().map_err(Trouble::from)?;
            Ok(name.flatten())
        })
        .await
    }

    /// Whether the server answers now.
    pub(super) async fn ready(&self) -> bool {
        let ask = async |connection: &mut PgConnection| {
            Ok(sqlx::query("select 1").execute(connection).await.map(|_| ()).map_err(Trouble::from)?)
        };
        self.work(ask).await.is_ok()
    }

    /// Looks in a transaction that may only read.
    async fn work<T>(
        &self,
        look: impl AsyncFnOnce(&mut PgConnection) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        postgres::within((&self.pool, self.query_time), "begin transaction read only", look).await
    }
}

/// A query with its parameters. Each has a type of its own, null or not: what a query compares with it is the agency's to say.
fn bound<'q>(query: &Named, given: &Given) -> Query<'q, sqlx::Postgres, PgArguments> {
    // The query is the agency's own, from its configuration; what comes from outside is bound.
    let mut bound = sqlx::query(AssertSqlSafe(query.sql.clone()));
    for name in &query.names {
        let value = given.get(name);
        bound = match name.as_str() {
            ":year" | ":limit" => bound.bind(match value {
                Some(Value::Whole(number)) => Some(*number),
                _ => None,
            }),
            ":period_from" | ":period_to" => bound.bind(match value {
                Some(Value::Day(day)) => Some(*day),
                _ => None,
            }),
            _ => bound.bind(match value {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            }),
        };
    }
    bound
}

impl Row for PgRow {
    type Error = Trouble;

    fn json(&self, column: &str) -> Result<Option<Json>, Trouble> {
        let index = ColumnIndex::<Self>::index(&column, self)?;
        let raw = self.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Some(Json::Null));
        }
        Ok(match self.column(index).type_info().name() {
            "BOOL" => get::<bool>(self, index)?,
            "INT2" => get::<i16>(self, index)?,
            "INT4" => get::<i32>(self, index)?,
            "INT8" => get::<i64>(self, index)?,
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" => get::<String>(self, index)?,
            "TEXT[]" | "VARCHAR[]" => get::<Vec<String>>(self, index)?,
            "DATE" => day(raw.as_bytes().map_err(sqlx::Error::Decode)?),
            _ => None,
        })
    }
}

fn get<'r, T>(row: &'r PgRow, index: usize) -> Result<Option<Json>, Trouble>
where
    T: Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Into<Json>,
{
    Ok(Some(row.try_get::<T, _>(index)?.into()))
}

/// Days since 2000. `infinity` is no day; sqlx would panic on it.
fn day(bytes: &[u8]) -> Option<Json> {
    let days = i32::from_be_bytes(bytes.try_into().ok()?);
    let start = chrono::NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let day = start.checked_add_signed(chrono::TimeDelta::try_days(days.into())?)?;
    Some(day.to_string().into())
}
