//! What was asked and what became of it: a chain of entries in an SQLite file of its own, on the disk before the reply
//! leaves.
//!
//! One thread writes. What waits while it writes goes to the disk together, with one flush.

mod writer;

use std::{path::Path, thread::JoinHandle};

use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    keys::KeyRing,
    log::{Entry, Exchange, Head},
    sign::Evidence,
};
use rusqlite::{Connection, OptionalExtension as _};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

/// How many entries may wait before those who ask have to.
const WAITING: usize = 1_024;

/// Why there is no entry, or why a log is not believed.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be read or written.
    #[error("the log's file: {0}")]
    Database(#[from] rusqlite::Error),
    /// An entry is not one.
    #[error("entry {0} of the log: {1}")]
    Entry(u64, String),
    /// The thread that writes has ended.
    #[error("the log is closed")]
    Closed,
}

/// What became of an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// It was written just now, or it stood there already in the same words: a retry.
    Same,
    /// The request stands there with another ticket or outcome.
    Other,
}

/// An entry on its way: what is said, what proves it, and who waits.
struct Waiting {
    exchange: Exchange,
    evidence: Evidence,
    done: oneshot::Sender<Result<Kept, LogError>>,
}

/// The log while the gateway runs.
pub struct Log {
    writer: mpsc::Sender<Waiting>,
}

impl Log {
    /// Opens the log and starts the thread that writes; it ends when the log is dropped and everything is written.
    ///
    /// # Errors
    /// When the file cannot be opened, or its last entry is none.
    pub fn open(
        file: &Path,
        owner: &AgencyId,
        clock: Box<dyn domain::clock::Clock>,
    ) -> Result<(Self, JoinHandle<()>), LogError> {
        let connection = open(file)?;
        let head = head(&connection, owner)?;
        let (writer, waiting) = mpsc::channel(WAITING);
        let thread = writer::start(connection, (head, owner.clone()), waiting, clock);
        Ok((Self { writer }, thread))
    }

    /// Writes an entry, unless the request stands there already. When this returns, it is on the disk.
    ///
    /// # Errors
    /// When it could not be written. Then nothing may leave.
    pub async fn keep(&self, exchange: Exchange, evidence: Evidence) -> Result<Kept, LogError> {
        let (done, written) = oneshot::channel();
        let waiting = Waiting { exchange, evidence, done };
        self.writer.send(waiting).await.map_err(|_| LogError::Closed)?;
        written.await.map_err(|_| LogError::Closed)?
    }
}

/// Opens the file. A transaction that a killed process left half is undone by SQLite here.
fn open(file: &Path) -> Result<Connection, LogError> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // In WAL mode `full` is what flushes with every commit.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "create table if not exists entries (
             number integer primary key,
             request text not null unique,
             line text not null,
             evidence text not null
         ) strict",
    )?;
    Ok(connection)
}

fn head(connection: &Connection, owner: &AgencyId) -> Result<Head, LogError> {
    let query = "select number, line from entries order by number desc limit 1";
    let read = |row: &rusqlite::Row| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?));
    Ok(match connection.query_row(query, [], read).optional()? {
        None => Head::start(owner),
        Some((number, line)) => Head { entries: number, digest: Digest::of(line.as_bytes()) },
    })
}

/// Reads the whole log and hands each line to `each`, after checking that it continues the one before and that its
/// evidence proves that the client asked. Gives the end of the chain.
///
/// # Errors
/// The first entry that is not as it was written.
pub fn verify(
    file: &Path,
    owner: &AgencyId,
    clients: &KeyRing,
    mut each: impl FnMut(&str),
) -> Result<Head, LogError> {
    let connection = Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    let mut statement =
        connection.prepare("select number, request, line, evidence from entries order by number")?;
    let mut rows = statement.query([])?;
    let mut head = Head::start(owner);
    while let Some(row) = rows.next()? {
        let (number, request): (u64, String) = (row.get(0)?, row.get(1)?);
        let (line, evidence): (String, String) = (row.get(2)?, row.get(3)?);
        let bad = |what: String| LogError::Entry(number, what);
        let entry = Entry::parse(line.as_bytes()).map_err(|refused| bad(refused.to_string()))?;
        head = head.follow(&entry).map_err(|broken| bad(broken.to_string()))?;
        if entry.number != number || entry.exchange.request.to_string() != request {
            return Err(bad("it stands under another number or request".to_owned()));
        }
        let evidence: Evidence =
            serde_json::from_str(&evidence).map_err(|_| bad("its evidence cannot be read".to_owned()))?;
        let ticket = &entry.exchange.ticket;
        evidence.proves(ticket, &ticket.client, clients).map_err(|refused| bad(refused.to_string()))?;
        each(&line);
    }
    Ok(head)
}
