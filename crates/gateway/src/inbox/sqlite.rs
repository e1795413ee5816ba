//! An inbox in an SQLite file of its own.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use exchange::{message::SubmissionState, moment::Moment};
use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::{InboxError, Key, Row, state};

/// The file. One connection does all: what it keeps goes to the disk one after the other anyway.
pub(super) struct Sqlite {
    file: PathBuf,
    query_time: Duration,
    connection: Mutex<Option<Connection>>,
}

impl Sqlite {
    pub(super) fn new(file: &Path, query_time: Duration) -> Self {
        Self { file: file.to_owned(), query_time, connection: Mutex::default() }
    }

    /// What is wrong with the file. It is made, when it is not there and a gateway is about to run.
    pub(super) async fn faults(self: &Arc<Self>, make: bool) -> Vec<String> {
        if !make && !self.file.exists() {
            return Vec::new();
        }
        let opened = self.work(|_| Ok(())).await;
        opened.err().map(|error| error.to_string()).into_iter().collect()
    }

    fn open(&self) -> Result<Connection, InboxError> {
        // Never for others to read; the agency's programs are in the group.
        OpenOptions::new().create(true).append(true).mode(0o660).open(&self.file)?;
        let connection = Connection::open(&self.file)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // In WAL mode `full` is what flushes with every commit.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.busy_timeout(self.query_time)?;
        connection.execute_batch(include_str!("sqlite.sql"))?;
        Ok(connection)
    }

    /// Writes a row, if it may and none stands there. Gives the fingerprint of the one that stands there then.
    pub(super) async fn keep(self: &Arc<Self>, row: Row, write: bool) -> Result<Option<String>, InboxError> {
        self.work(move |connection| {
            if write {
                insert(connection, &row)?;
            }
            let query = "select fingerprint from submissions where client = ?1 and request = ?2";
            let mut find = connection.prepare_cached(query)?;
            let key = (&row.client, row.request.to_string());
            Ok(find.query_row(key, |row| row.get(0)).optional()?)
        })
        .await
    }

    /// What became of a submission.
    pub(super) async fn state(
        self: &Arc<Self>,
        key: Key,
    ) -> Result<Option<(SubmissionState, Moment)>, InboxError> {
        self.work(move |connection| {
            let mut find = connection.prepare_cached(
                "select state, since from submissions
                 where client = ?1 and request = ?2 and kind = ?3 and subject = ?4",
            )?;
            let key = (&key.client, key.request.to_string(), &key.kind, &key.subject);
            let read = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
            let Some((word, since)) = find.query_row(key, read).optional()? else { return Ok(None) };
            let since = Moment::try_from(since).map_err(|_| InboxError::Column("since"))?;
            Ok(Some((state(&word)?, since)))
        })
        .await
    }

    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, InboxError> + Send + 'static,
    ) -> Result<T, InboxError> {
        let inbox = self.clone();
        let work = move || {
            let mut opened = inbox.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = opened.take().map_or_else(|| inbox.open(), Ok)?;
            let done = work(&connection);
            // A connection that failed may be broken: the next submission opens another.
            if !matches!(done, Err(InboxError::Sqlite(_))) {
                *opened = Some(connection);
            }
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| InboxError::Stopping)?
    }
}

fn insert(connection: &Connection, row: &Row) -> Result<(), rusqlite::Error> {
    let mut insert = connection.prepare_cached(
        "insert into submissions (client, request, received, form, kind, purpose, petition, subject,
             target_kind, target, name, content, ticket, fingerprint, since)
         values (:client, :request, :received, :form, :kind, :purpose, :petition, :subject,
             :target_kind, :target, :name, :content, :ticket, :fingerprint, :received)
         on conflict do nothing",
    )?;
    let changed = insert.execute(named_params! {
        ":client": row.client,
        ":request": row.request.to_string(),
        ":received": row.received.to_string(),
        ":form": row.form,
        ":kind": row.kind,
        ":purpose": row.purpose,
        ":petition": row.petition,
        ":subject": row.subject,
        ":target_kind": row.target_kind,
        ":target": row.target,
        ":name": row.name,
        ":content": row.content,
        ":ticket": row.ticket,
        ":fingerprint": row.fingerprint,
    });
    changed.map(|_| ())
}
