//! A register in an SQLite file.

mod check;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use exchange::refusal::Refusal;
use rusqlite::{
    Connection, OpenFlags, Statement,
    types::{Value as Sql, ValueRef},
};
use serde_json::Value as Json;
use tokio::sync::Semaphore;

use super::{
    Asked, RegisterError, Rows,
    given::{Given, Value},
    value::{Page, Row},
};

/// How many look-ups there may be at once; the others wait.
const CONNECTIONS: usize = 4;
/// How many steps of the database's machine lie between two looks at the time.
const STEPS: i32 = 10_000;

/// The file, with the connections to it that nobody uses now.
pub(super) struct Sqlite {
    file: PathBuf,
    query_time: Duration,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Sqlite {
    pub(super) fn new(file: &Path, query_time: Duration) -> Self {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        Self { file: file.to_owned(), query_time, idle: Mutex::default(), places }
    }

    /// A page of records.
    pub(super) async fn pull(self: &Arc<Self>, asked: Asked) -> Result<Rows, RegisterError> {
        self.work(move |connection| {
            let query = asked.kind.query.as_deref().ok_or(Refusal::VerbNotGranted)?;
            let mut statement = prepare(connection, query, &asked.given)?;
            asked.count();
            let mut page = Page::new(&asked);
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                if !page.take(row)? {
                    break;
                }
            }
            page.rows()
        })
        .await
    }

    /// The name that belongs to the number.
    pub(super) async fn name(self: &Arc<Self>, asked: Asked) -> Result<Option<String>, RegisterError> {
        self.work(move |connection| {
            let query = asked.kind.verify.as_deref().ok_or(Refusal::VerbNotGranted)?;
            let mut statement = prepare(connection, query, &asked.given)?;
            asked.count();
            let mut rows = statement.raw_query();
            Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
        })
        .await
    }

    /// Whether the file can be read now.
    pub(super) async fn ready(self: &Arc<Self>) -> bool {
        self.work(|connection| Ok(connection.query_row("select 1", [], |_| Ok(()))?)).await.is_ok()
    }

    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Connection) -> Result<T, RegisterError> + Send + 'static,
    ) -> Result<T, RegisterError> {
        let stopping = |_| RegisterError::Stopping;
        let place = self.places.clone().acquire_owned().await.map_err(stopping)?;
        let sqlite = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = sqlite.connection()?;
            let result = look(&connection);
            // A connection that failed may be broken: the next look-up opens another.
            if !matches!(result, Err(RegisterError::Sqlite(_))) {
                sqlite.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            result
        });
        work.await.map_err(|_| RegisterError::Stopping)?
    }

    fn connection(&self) -> Result<Connection, rusqlite::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        let until = Instant::now() + self.query_time;
        connection.progress_handler(STEPS, Some(move || Instant::now() > until))?;
        Ok(connection)
    }

    /// Opens the file so that nothing can be written: by how it is opened, and by a setting of the connection.
    fn open(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.busy_timeout(self.query_time)?;
        Ok(connection)
    }
}

/// Prepares a query, once for each connection, and gives it its parameters.
fn prepare<'c>(
    connection: &'c Connection,
    query: &str,
    given: &Given,
) -> Result<rusqlite::CachedStatement<'c>, RegisterError> {
    let mut statement = connection.prepare_cached(query)?;
    if !statement.readonly() {
        return Err(Refusal::VerbNotGranted.because("the mapped query is not read-only").into());
    }
    given.check(|name| uses(&statement, name))?;
    for index in 1..=statement.parameter_count() {
        let value = statement.parameter_name(index).and_then(|name| given.get(name));
        statement.raw_bind_parameter(index, value.map_or(Sql::Null, sql))?;
    }
    Ok(statement)
}

fn uses(statement: &Statement, name: &str) -> bool {
    matches!(statement.parameter_index(name), Ok(Some(_)))
}

fn sql(value: &Value) -> Sql {
    match value {
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Whole(number) => Sql::Integer(*number),
        Value::Day(day) => Sql::Text(day.to_string()),
    }
}

impl Row for rusqlite::Row<'_> {
    type Error = rusqlite::Error;

    fn json(&self, column: &str) -> Result<Option<Json>, rusqlite::Error> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Some(Json::Null),
            ValueRef::Integer(number) => Some(number.into()),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Json::from),
            ValueRef::Real(_) | ValueRef::Blob(_) => None,
        })
    }
}
