//! What was asked and what became of it: a chain of entries in an SQLite file of its own, on the disk before the reply
//! leaves.
//!
//! One thread writes. What waits while it writes goes to the disk together, with one flush.

mod read;
mod writer;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread::JoinHandle,
};

use chrono::{DateTime, Utc};
use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    ids::{ConsentId, RequestId},
    log::{Exchange, Head},
    moment::Moment,
    sign::{Evidence, NonceWindow, Noted},
};
use rusqlite::{Connection, OptionalExtension as _};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

pub use read::verify;

/// How many entries may wait before those who ask have to.
const WAITING: usize = 1_024;
/// The version of the file's tables.
const VERSION: i64 = 1;

/// Why there is no entry, or why a log is not believed.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be read or written.
    #[error("the log's file: {0}")]
    Database(#[from] rusqlite::Error),
    /// An entry is not one.
    #[error("entry {0} of the log: {1}")]
    Entry(u64, String),
    /// The file has other tables than this program knows.
    #[error("the log's file was written by another version of this program")]
    Version,
    /// What is kept beside the entries does not fit them.
    #[error("the log's file: {0}")]
    Beside(&'static str),
    /// The thread that writes has ended.
    #[error("the log is closed")]
    Closed,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    /// It was written just now, or it stood there already in the same words: a retry.
    Same,
    /// The same request stands there with another outcome, which stays.
    Changed,
    /// Another request stands there under the same id.
    Other,
    /// The consent was withdrawn while the register was asked: nothing may be given. If the request did not stand there
    /// yet, it does now, as refused.
    Withdrawn,
}

/// What is kept of a request.
#[derive(Clone, Debug)]
pub struct Note {
    /// What was asked, and what became of it.
    pub exchange: Exchange,
    /// What proves that it was asked.
    pub evidence: Evidence,
    /// What tells the request from any other under the same id.
    pub fingerprint: Digest,
    /// What keeps the message from being let through again after a restart.
    pub noted: Noted,
    /// Of an accepted withdrawal, since when the consent holds no more.
    pub withdrawn: Option<Moment>,
}

/// A note on its way, and who waits.
struct Waiting {
    note: Note,
    done: oneshot::Sender<Result<Kept, LogError>>,
}

/// The log while the gateway runs.
pub struct Log {
    writer: mpsc::Sender<Waiting>,
    // What is looked up here is one row by its key; a wait for a thread of its own would cost more.
    reader: Mutex<Connection>,
    /// What a process before this one let through; none, when there was no such process.
    noted: Option<Vec<Noted>>,
}

impl Log {
    /// Opens the log and starts the thread that writes; it ends when the log is dropped and everything is written.
    ///
    /// # Errors
    /// When the file cannot be opened, is of another version, or its last entry is none.
    pub fn open(
        file: &Path,
        owner: &AgencyId,
        clock: Box<dyn domain::clock::Clock>,
    ) -> Result<(Self, JoinHandle<()>), LogError> {
        let (connection, is_new) = open(file)?;
        let head = head(&connection, owner)?;
        let noted = if is_new { None } else { Some(read::noted(&connection, clock.now().into())?) };
        let reader = Connection::open(file)?;
        reader.pragma_update(None, "query_only", true)?;
        reader.busy_timeout(std::time::Duration::from_secs(5))?;
        let (writer, waiting) = mpsc::channel(WAITING);
        let thread = writer::start(connection, (head, owner.clone()), waiting, clock);
        Ok((Self { writer, reader: Mutex::new(reader), noted }, thread))
    }

    /// The memory of what was received, `per_sender` messages of each client. It goes on where the process before this one
    /// stopped; in front of a new log it begins `now`.
    pub fn received(&self, per_sender: usize, now: DateTime<Utc>) -> NonceWindow {
        match &self.noted {
            Some(noted) => NonceWindow::resume(noted.iter().cloned(), per_sender),
            None => NonceWindow::new(now, per_sender),
        }
    }

    /// Writes a note, unless the request stands there already. When this returns, it is on the disk.
    ///
    /// # Errors
    /// When it could not be written. Then nothing may leave.
    pub async fn keep(&self, note: Note) -> Result<Kept, LogError> {
        let (done, written) = oneshot::channel();
        self.writer.send(Waiting { note, done }).await.map_err(|_| LogError::Closed)?;
        written.await.map_err(|_| LogError::Closed)?
    }

    /// Whether `client` has withdrawn a consent.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn withdrawn(&self, client: &AgencyId, consent: ConsentId) -> Result<bool, LogError> {
        read::withdrawn(&self.reader(), client, consent)
    }

    /// The fingerprint of the request that stands there under this id of `client`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn fingerprint(&self, client: &AgencyId, request: RequestId) -> Result<Option<String>, LogError> {
        let reader = self.reader();
        let mut find = reader.prepare_cached(FIND_FINGERPRINT)?;
        Ok(find.query_row((client.as_str(), request.to_string()), |row| row.get(0)).optional()?)
    }

    fn reader(&self) -> std::sync::MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const FIND_FINGERPRINT: &str = "select fingerprint from entries where client = ?1 and request = ?2";

/// Opens the file, and tells whether it was made just now. A transaction that a killed process left half is undone by
/// SQLite here.
fn open(file: &Path) -> Result<(Connection, bool), LogError> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // In WAL mode `full` is what flushes with every commit.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    match (version, tables) {
        (VERSION, _) => return Ok((connection, false)),
        (0, 0) => {}
        _ => return Err(LogError::Version),
    }
    connection.execute_batch(
        "begin;
         create table entries (
             number integer primary key,
             client text not null,
             request text not null,
             fingerprint text not null,
             line text not null,
             evidence text not null,
             unique (client, request)
         ) strict;
         create table withdrawals (
             client text not null,
             consent text not null,
             withdrawn text not null,
             primary key (client, consent)
         ) strict, without rowid;
         create table received (
             until integer not null,
             client text not null,
             nonce blob not null,
             primary key (until, client, nonce)
         ) strict, without rowid;
         pragma user_version = 1;
         commit",
    )?;
    Ok((connection, true))
}

fn head(connection: &Connection, owner: &AgencyId) -> Result<Head, LogError> {
    let query = "select number, line from entries order by number desc limit 1";
    let read = |row: &rusqlite::Row| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?));
    Ok(match connection.query_row(query, [], read).optional()? {
        None => Head::start(owner),
        Some((number, line)) => Head { entries: number, digest: Digest::of(line.as_bytes()) },
    })
}
