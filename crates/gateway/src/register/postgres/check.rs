use std::{collections::BTreeMap, sync::Arc};

use domain::service::RecordKindId;
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Executor as _, PgConnection, SqlSafeStr as _,
    Statement as _, Type as SqlType, TypeInfo as _,
    postgres::{PgStatement, PgTypeInfo},
};

use super::{Named, Postgres, bound};
use crate::{
    config::{Kind, Type},
    postgres,
    register::{
        check::{self, Prepared},
        given::Given,
    },
};

/// SQLSTATE of what a read-only transaction refuses.
const READ_ONLY: &str = "25006";

impl Postgres {
    /// Everything in which the mapping does not fit the register, and what the role may write: one sentence each.
    pub(in crate::register) async fn faults(&self, kinds: &BTreeMap<RecordKindId, Arc<Kind>>) -> Vec<String> {
        let mut connection = match self.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return vec![format!("the register cannot be reached: {error}")],
        };
        let mut faults = match postgres::rights(&mut connection).await {
            Ok(role) => role.faults("register"),
            Err(error) => vec![format!("what the register's role may do cannot be told: {error}")],
        };
        for (id, queries) in &self.queries {
            let Some(kind) = kinds.get(id) else { continue };
            for (key, query) in [("query", &queries.pull), ("verify", &queries.verify)] {
                let Some(query) = query else { continue };
                let mut note = |message: String| faults.push(format!("kind `{id}`: {message}"));
                if query.numbered {
                    note(format!("`{key}` numbers a parameter: they have names"));
                }
                let statement = match prove(&mut connection, query).await {
                    Ok(statement) => statement,
                    Err(what) => {
                        note(format!("`{key}` {what}"));
                        continue;
                    }
                };
                let prepared = prepared(query, &statement);
                match key {
                    "query" => check::pull(&prepared, kind, fits, &mut note),
                    _ => check::verify(&prepared, &mut note),
                }
            }
        }
        faults
    }
}

/// Prepares a query and lets it run without a target and without a record.
async fn prove(connection: &mut PgConnection, query: &Named) -> Result<PgStatement, String> {
    let types: Vec<PgTypeInfo> = query.names.iter().map(|name| parameter_type(name)).collect();
    let prepare = |sql: String| AssertSqlSafe(sql).into_sql_str();
    let statement = connection
        .prepare_with(prepare(query.sql.to_string()), &types)
        .await
        .map_err(|error| format!("cannot be prepared: {error}"))?;
    // Inside of another query only a query that reads can stand.
    let inside = format!("select * from (\n{}\n) as page", query.sql);
    let reads = connection.prepare_with(prepare(inside), &types).await;
    reads.map_err(|error| format!("is not read-only, or ends with a semicolon: {error}"))?;
    let run = async {
        let mut transaction = connection.begin_with("begin transaction read only").await?;
        bound(query, &Given::nothing()).fetch_all(&mut *transaction).await?;
        transaction.rollback().await
    };
    match run.await {
        Ok(()) => Ok(statement),
        Err(sqlx::Error::Database(fault)) if fault.code().as_deref() == Some(READ_ONLY) => {
            Err("is not read-only".to_owned())
        }
        Err(error) => Err(format!("cannot be run: {error}")),
    }
}

fn parameter_type(name: &str) -> PgTypeInfo {
    match name {
        ":year" | ":limit" => <i64 as SqlType<sqlx::Postgres>>::type_info(),
        ":period_from" | ":period_to" => <chrono::NaiveDate as SqlType<sqlx::Postgres>>::type_info(),
        _ => <str as SqlType<sqlx::Postgres>>::type_info(),
    }
}

fn prepared<'s>(query: &'s Named, statement: &'s PgStatement) -> Prepared<'s> {
    let columns = statement.columns().iter();
    let columns = columns.map(|column| (column.name(), Some(column.type_info().name().to_owned())));
    Prepared { used: query.names.iter().map(String::as_str).collect(), columns: columns.collect() }
}

fn fits(item_type: Type, column: &str) -> bool {
    let text = matches!(column, "TEXT" | "VARCHAR" | "CHAR" | "NAME");
    let whole = matches!(column, "INT2" | "INT4" | "INT8");
    match item_type {
        Type::Money | Type::Integer => whole,
        Type::YesNo => whole || column == "BOOL",
        Type::Text | Type::Decimal => text,
        Type::Date => text || column == "DATE",
        Type::List => text || matches!(column, "TEXT[]" | "VARCHAR[]"),
    }
}
