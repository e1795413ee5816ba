//! The agency's own database, read and never written.

mod check;
mod value;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::service::{ItemId, RecordKindId};
use exchange::{
    message::{PageKey, Parameters},
    refusal::{Refusal, Refused},
    target::Target,
    ticket::Ticket,
    value::Record,
};
use rusqlite::{Connection, OpenFlags, Statement, types::Value as Sql};
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::config::Kind;

/// How many look-ups there may be at once; the others wait.
const CONNECTIONS: usize = 4;
/// How many steps of the database's machine lie between two looks at the time.
const STEPS: i32 = 10_000;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// It is not looked up here, or not like this.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The register does not answer.
    #[error("the register does not answer: {0}")]
    Database(#[from] rusqlite::Error),
    /// The register has something else than the mapping says. The value is not told.
    #[error("the mapping does not fit the register: `{column}` of `{kind}` {what}")]
    Mapping {
        /// Of which kind.
        kind: RecordKindId,
        /// Which column.
        column: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The gateway is stopping.
    #[error("the gateway is stopping")]
    Stopping,
}

impl From<Refusal> for RegisterError {
    fn from(code: Refusal) -> Self {
        Self::Refused(code.into())
    }
}

/// A page of what the register has.
#[derive(Debug)]
pub struct Rows {
    /// The records, with the ticket's items alone.
    pub records: Vec<Record>,
    /// Where the next page begins.
    pub next: Option<PageKey>,
}

/// The values of a query's parameters.
type Given = BTreeMap<&'static str, Sql>;

/// The register.
pub struct Register {
    file: PathBuf,
    kinds: BTreeMap<RecordKindId, Kind>,
    query_time: Duration,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Register {
    /// A register that is opened when it is first asked.
    pub fn new(file: &Path, kinds: BTreeMap<RecordKindId, Kind>, query_time: Duration) -> Self {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        Self { file: file.to_owned(), kinds, query_time, idle: Mutex::default(), places }
    }

    /// A page of the records about `target`.
    ///
    /// # Errors
    /// Refused, when this kind is not looked up here, or not by such a target or with such parameters: what a query does
    /// not use would not narrow its answer. Otherwise what is wrong with the register.
    pub async fn pull(
        self: &Arc<Self>,
        (ticket, target): (&Ticket, &Target),
        parameters: &Parameters,
        page: &exchange::message::Page,
    ) -> Result<Rows, RegisterError> {
        let mut given = by_target(target);
        // Registers number years as they like; all of 1900 to 2999 are whole numbers.
        given.extend(parameters.year.map(|year| (":year", Sql::Integer(year.into()))));
        if let Some(period) = parameters.period {
            given.insert(":period_from", Sql::Text(period.from.into()));
            given.insert(":period_to", Sql::Text(period.to.into()));
        }
        given.extend(page.after.as_ref().map(|key| (":after", Sql::Text(key.as_str().to_owned()))));
        // One more than asked shows whether there is another page.
        given.insert(":limit", Sql::Integer(i64::from(page.limit) + 1));
        let (kind, items, limit) = (ticket.kind.clone(), ticket.items.clone(), usize::from(page.limit));
        self.work(move |register, connection| {
            let mapping = register.kinds.get(&kind).ok_or(Refusal::KindNotGranted)?;
            let query = mapping.query.as_deref().ok_or(Refusal::VerbNotGranted)?;
            let mut statement = prepare(connection, query, &given)?;
            count(&kind);
            let wanted: Vec<_> = mapping.items.iter().filter(|(item, _)| items.contains(*item)).collect();
            value::rows(&mut statement, (&kind, &wanted, mapping.page_key.as_deref()), limit)
        })
        .await
    }

    /// Whether the name belongs to the number. Whether there is such a number cannot be told from the answer.
    ///
    /// # Errors
    /// As [`Register::pull`].
    pub async fn verify(
        self: &Arc<Self>,
        (ticket, target): (&Ticket, &Target),
    ) -> Result<bool, RegisterError> {
        let Target::Person { name, .. } = target else { return Err(refused_target().into()) };
        let (kind, name, given) = (ticket.kind.clone(), name.clone(), by_target(target));
        self.work(move |register, connection| {
            let mapping = register.kinds.get(&kind).ok_or(Refusal::KindNotGranted)?;
            let query = mapping.verify.as_deref().ok_or(Refusal::VerbNotGranted)?;
            let mut statement = prepare(connection, query, &given)?;
            count(&kind);
            let mut rows = statement.raw_query();
            let known = rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?;
            // Compared in any case, and not letter by letter: the time tells little, the answer nothing.
            let same = known.as_deref().unwrap_or("\0").as_bytes().ct_eq(name.as_str().as_bytes());
            Ok(bool::from(same))
        })
        .await
    }

    /// Whether the register can be read now.
    pub async fn ready(self: &Arc<Self>) -> bool {
        let asked = self.work(|_, connection| Ok(connection.query_row("select 1", [], |_| Ok(()))?)).await;
        asked.is_ok()
    }

    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Self, &Connection) -> Result<T, RegisterError> + Send + 'static,
    ) -> Result<T, RegisterError> {
        let stopping = |_| RegisterError::Stopping;
        let place = self.places.clone().acquire_owned().await.map_err(stopping)?;
        let register = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = register.connection()?;
            let result = look(&register, &connection);
            // A connection that failed may be broken: the next look-up opens another.
            if !matches!(result, Err(RegisterError::Database(_))) {
                register.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
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

/// Prepares a query and gives it its parameters.
fn prepare<'c>(
    connection: &'c Connection,
    query: &str,
    given: &Given,
) -> Result<Statement<'c>, RegisterError> {
    let mut statement = connection.prepare(query)?;
    if !statement.readonly() {
        return Err(Refusal::VerbNotGranted.because("the mapped query is not read-only").into());
    }
    for name in given.keys().filter(|name| !matches!(**name, ":limit" | ":name")) {
        if statement.parameter_index(name)?.is_none() {
            return Err(refused_target().into());
        }
    }
    for index in 1..=statement.parameter_count() {
        let value = statement.parameter_name(index).and_then(|name| given.get(name));
        statement.raw_bind_parameter(index, value.unwrap_or(&Sql::Null))?;
    }
    Ok(statement)
}

const fn refused_target() -> Refused {
    Refusal::Malformed.because("this kind is not looked up by such a target or with such parameters")
}

fn by_target(target: &Target) -> Given {
    match target {
        Target::Person { number, name } => Given::from([
            (":resident_number", Sql::Text(number.expose().to_owned())),
            (":name", Sql::Text(name.as_str().to_owned())),
        ]),
        Target::Thing(thing) => {
            use exchange::target::ThingKind as Thing;
            let name = match thing.kind() {
                Thing::Plate => ":plate",
                Thing::Parcel => ":parcel",
                Thing::BusinessNumber => ":business_number",
                Thing::CorporationNumber => ":corporation_number",
                Thing::DocumentNumber => ":document_number",
            };
            Given::from([(name, Sql::Text(thing.number().to_owned()))])
        }
    }
}

/// The register was touched: counted where the query is about to run.
fn count(kind: &RecordKindId) {
    metrics::counter!("madang_gateway_register_queries_total", "kind" => kind.as_str().to_owned())
        .increment(1);
}

/// An item with its type.
type Column<'a> = (&'a ItemId, &'a crate::config::Type);
