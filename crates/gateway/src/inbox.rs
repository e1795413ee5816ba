//! What clients submit: kept in a table that the agency's own people and programs work off. No machine writes it to the
//! register.

mod postgres;
mod sqlite;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::service::AgencyId;
use exchange::{
    digest::Digest,
    ids::{FormId, RequestId},
    message::SubmissionState,
    moment::Moment,
    refusal::{Refusal, Refused},
    target::{Target, ThingKind},
    ticket::Ticket,
    value::Record,
};
use thiserror::Error;

use self::{postgres::Postgres, sqlite::Sqlite};
use crate::{
    config::{Database, Form},
    postgres::Trouble,
};

/// The table in PostgreSQL, with the rights of the gateway's role.
pub const POSTGRES: &str = include_str!("inbox/postgres.sql");

/// Why nothing was kept, or nothing can be told.
#[derive(Debug, Error)]
pub enum InboxError {
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The SQLite file does not answer.
    #[error("the inbox does not answer: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file cannot be made.
    #[error("the inbox cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// The PostgreSQL server does not answer.
    #[error("the inbox does not answer: {0}")]
    Postgres(#[from] Trouble),
    /// The agency's programs have written something else than a state and an instant.
    #[error("`{0}` of a submission is not as the documentation says")]
    Column(&'static str),
    /// The gateway is stopping.
    #[error("the gateway is stopping")]
    Stopping,
}

/// What is submitted, by whom, about whom.
#[derive(Clone, Copy)]
pub struct Submission<'a> {
    /// The request that submits it.
    pub request: RequestId,
    /// The ticket of the request.
    pub ticket: &'a Ticket,
    /// The person or thing that it is about.
    pub target: &'a Target,
    /// The form.
    pub form: &'a FormId,
    /// The answers.
    pub content: &'a Record,
    /// What tells the request from any other under the same id.
    pub fingerprint: Digest,
    /// When it came.
    pub received: Moment,
}

/// A row of the table, but for its state. It has no `Debug`: it is about somebody.
struct Row {
    client: String,
    request: RequestId,
    received: Moment,
    form: String,
    kind: String,
    purpose: String,
    petition: String,
    subject: String,
    target_kind: &'static str,
    target: String,
    name: Option<String>,
    content: String,
    ticket: String,
    fingerprint: String,
}

/// Which submission is asked for: only that of the same client, kind, and person or thing is told of.
struct Key {
    client: String,
    request: RequestId,
    kind: String,
    subject: String,
}

/// The inbox.
pub struct Inbox {
    forms: BTreeMap<FormId, Form>,
    place: Place,
}

enum Place {
    Sqlite(Arc<Sqlite>),
    Postgres(Postgres),
}

impl Inbox {
    /// An inbox that is opened when it is first asked. For PostgreSQL it has to be made inside of a runtime.
    pub fn new(database: &Database, forms: BTreeMap<FormId, Form>, query_time: Duration) -> Self {
        let place = match database {
            Database::Sqlite(file) => Place::Sqlite(Arc::new(Sqlite::new(file, query_time))),
            Database::Postgres(address) => Place::Postgres(Postgres::new(address, query_time)),
        };
        Self { forms, place }
    }

    /// Everything that is wrong with the table and the rights to it: one sentence each. An SQLite file that is not there yet
    /// is made, if `make` says so.
    pub async fn faults(&self, make: bool) -> Vec<String> {
        match &self.place {
            Place::Sqlite(sqlite) => sqlite.faults(make).await,
            Place::Postgres(postgres) => postgres.faults().await,
        }
    }

    /// Keeps a submission. When this returns, it is on the disk. The same again changes nothing. A `retry`, of a request that
    /// stands in the log, is not written: it has to be there.
    ///
    /// # Errors
    /// Refused, when it is not as its form wants it (`malformed`) or another stands under its id (`id_taken`). Otherwise
    /// what is wrong with the inbox.
    pub async fn submit(&self, submission: Submission<'_>, retry: bool) -> Result<(), InboxError> {
        let no_form = Refusal::Malformed.because("no such form");
        self.forms.get(submission.form).ok_or(no_form)?.check(submission.ticket, submission.content)?;
        let row = Row::new(submission)?;
        let fingerprint = row.fingerprint.clone();
        let kept = match &self.place {
            Place::Sqlite(sqlite) => sqlite.keep(row, !retry).await?,
            Place::Postgres(postgres) => postgres.keep(&row, !retry).await?,
        };
        // What was refused once stays refused under its id: both logs say so.
        if kept == Some(fingerprint) { Ok(()) } else { Err(Refused::from(Refusal::IdTaken).into()) }
    }

    /// What became of a submission, and since when; none, when this client has not submitted it about this person or thing.
    ///
    /// # Errors
    /// What is wrong with the inbox.
    pub async fn status(
        &self,
        submission: RequestId,
        ticket: &Ticket,
    ) -> Result<Option<(SubmissionState, Moment)>, InboxError> {
        let client: &AgencyId = &ticket.client;
        let key = Key {
            client: client.to_string(),
            request: submission,
            kind: ticket.kind.to_string(),
            subject: ticket.subject.to_string(),
        };
        match &self.place {
            Place::Sqlite(sqlite) => sqlite.state(key).await,
            Place::Postgres(postgres) => postgres.state(&key).await,
        }
    }
}

impl Row {
    fn new(submission: Submission) -> Result<Self, Refused> {
        let Submission { request, ticket, target, form, content, fingerprint, received } = submission;
        let unwritable = |_| Refusal::Malformed.because("cannot be written as JSON");
        let (target_kind, target, name) = match target {
            Target::Person { number, name } => ("person", number.expose(), Some(name.as_str().to_owned())),
            Target::Thing(thing) => (thing_kind(thing.kind()), thing.number(), None),
        };
        Ok(Self {
            client: ticket.client.to_string(),
            request,
            received,
            form: form.to_string(),
            kind: ticket.kind.to_string(),
            purpose: ticket.purpose.to_string(),
            petition: ticket.case.to_string(),
            subject: ticket.subject.to_string(),
            target_kind,
            target: target.to_owned(),
            name,
            content: serde_json::to_string(content).map_err(unwritable)?,
            ticket: String::from_utf8_lossy(&ticket.canonical()?).into_owned(),
            fingerprint: fingerprint.to_string(),
        })
    }
}

const fn thing_kind(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Plate => "plate",
        ThingKind::Parcel => "parcel",
        ThingKind::BusinessNumber => "business_number",
        ThingKind::CorporationNumber => "corporation_number",
        ThingKind::DocumentNumber => "document_number",
    }
}

/// A state as it stands in the table.
fn state(word: &str) -> Result<SubmissionState, InboxError> {
    match word {
        "received" => Ok(SubmissionState::Received),
        "in_progress" => Ok(SubmissionState::InProgress),
        "done" => Ok(SubmissionState::Done),
        "declined" => Ok(SubmissionState::Declined),
        _ => Err(InboxError::Column("state")),
    }
}
