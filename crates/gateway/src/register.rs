//! The agency's own database, read and never written: an SQLite file, or a PostgreSQL server.

mod check;
mod given;
mod postgres;
mod sqlite;
mod value;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::service::{ItemId, RecordKindId};
use exchange::{
    message::{Page, PageKey, Parameters},
    refusal::{Refusal, Refused},
    target::Target,
    ticket::Ticket,
    value::Record,
};
use subtle::ConstantTimeEq as _;
use thiserror::Error;

use self::postgres::Postgres;
use crate::{
    config::{Database, Kind, Type},
    postgres::Trouble,
};
use given::Given;
use sqlite::Sqlite;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// It is not looked up here, or not like this.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The register does not answer: the SQLite file.
    #[error("the register does not answer: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The register does not answer: the PostgreSQL server.
    #[error("the register does not answer: {0}")]
    Postgres(#[from] Trouble),
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

/// A look-up as a database needs it.
struct Asked {
    id: RecordKindId,
    kind: Arc<Kind>,
    given: Given,
    /// The ticket's items, with their types.
    wanted: Vec<(ItemId, Type)>,
    /// The most records on the page.
    limit: usize,
}

/// The register.
pub struct Register {
    kinds: BTreeMap<RecordKindId, Arc<Kind>>,
    place: Place,
}

enum Place {
    Sqlite(Arc<Sqlite>),
    Postgres(Postgres),
}

impl Register {
    /// A register that is opened when it is first asked. For PostgreSQL it has to be made inside of a runtime.
    pub fn new(database: &Database, kinds: BTreeMap<RecordKindId, Kind>, query_time: Duration) -> Self {
        let kinds = kinds.into_iter().map(|(id, kind)| (id, Arc::new(kind))).collect();
        let place = match database {
            Database::Sqlite(file) => Place::Sqlite(Arc::new(Sqlite::new(file, query_time))),
            Database::Postgres(address) => Place::Postgres(Postgres::new(address, &kinds, query_time)),
        };
        Self { kinds, place }
    }

    /// A page of the records about `target`.
    ///
    /// # Errors
    /// Refused, when this kind is not looked up here, or not by such a target or with such parameters: what a query does
    /// not use would not narrow its answer. Otherwise what is wrong with the register.
    pub async fn pull(
        &self,
        (ticket, target): (&Ticket, &Target),
        parameters: &Parameters,
        page: &Page,
    ) -> Result<Rows, RegisterError> {
        let given = Given::page(target, parameters, page);
        let asked = self.asked(ticket, given, page.limit.into())?;
        if asked.kind.query.is_none() {
            return Err(Refusal::VerbNotGranted.into());
        }
        match &self.place {
            Place::Sqlite(sqlite) => sqlite.pull(asked).await,
            Place::Postgres(postgres) => postgres.pull(&asked).await,
        }
    }

    /// Whether the name belongs to the number. Whether there is such a number cannot be told from the answer.
    ///
    /// # Errors
    /// As [`Register::pull`].
    pub async fn verify(&self, (ticket, target): (&Ticket, &Target)) -> Result<bool, RegisterError> {
        let Target::Person { name, .. } = target else { return Err(given::refused_target().into()) };
        let asked = self.asked(ticket, Given::target(target), 1)?;
        if asked.kind.verify.is_none() {
            return Err(Refusal::VerbNotGranted.into());
        }
        let known = match &self.place {
            Place::Sqlite(sqlite) => sqlite.name(asked).await?,
            Place::Postgres(postgres) => postgres.name(&asked).await?,
        };
        // Compared in any case, and not letter by letter: the time tells little, the answer nothing.
        let same = known.as_deref().unwrap_or("\0").as_bytes().ct_eq(name.as_str().as_bytes());
        Ok(bool::from(same))
    }

    /// Whether the register can tell whose number it is.
    pub fn names(&self, (ticket, target): (&Ticket, &Target)) -> bool {
        let kind = self.kinds.get(&ticket.kind);
        matches!(target, Target::Person { .. }) && kind.is_some_and(|kind| kind.verify.is_some())
    }

    /// Whether the register can be read now.
    pub async fn ready(&self) -> bool {
        match &self.place {
            Place::Sqlite(sqlite) => sqlite.ready().await,
            Place::Postgres(postgres) => postgres.ready().await,
        }
    }

    /// Everything in which the mapping does not fit the register, and in which the register could be written: one sentence
    /// each.
    pub async fn faults(&self) -> Vec<String> {
        match &self.place {
            Place::Sqlite(sqlite) => sqlite.faults(&self.kinds),
            Place::Postgres(postgres) => postgres.faults(&self.kinds).await,
        }
    }

    fn asked(&self, ticket: &Ticket, given: Given, limit: usize) -> Result<Asked, Refusal> {
        let kind = self.kinds.get(&ticket.kind).ok_or(Refusal::KindNotGranted)?;
        let wanted = kind.items.iter().filter(|(item, _)| ticket.items.contains(*item));
        let wanted = wanted.map(|(item, item_type)| (item.clone(), *item_type)).collect();
        Ok(Asked { id: ticket.kind.clone(), kind: kind.clone(), given, wanted, limit })
    }
}

impl Asked {
    /// The register is touched: counted where the query is about to run.
    fn count(&self) {
        metrics::counter!("madang_gateway_register_queries_total", "kind" => self.id.as_str().to_owned())
            .increment(1);
    }

    fn mapping(&self, column: &str, what: &'static str) -> RegisterError {
        RegisterError::Mapping { kind: self.id.clone(), column: column.to_owned(), what }
    }
}
