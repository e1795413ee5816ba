//! The use cases, one file each: authorise, load, decide, write, enqueue, audit, commit.

pub mod account;
pub mod catalogue;
pub mod change_contact;
pub mod change_password;
mod code;
pub mod delete_account;
pub mod demo;
pub mod exchange_log;
pub mod keys;
pub mod mailbox;
pub mod officer;
pub mod reset_password;
pub mod resident_register;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
mod tell;
mod throttle;
pub mod verify_identity;

use chrono::{DateTime, Utc};
use domain::{
    actor::{Actor, Holder},
    flaw::{Fault, Flaw},
    id::EventId,
    text::Locale,
};
use serde_json::Value;
use store::{PgConnection, StoreError, audit::AuditEvent};
use uuid::Uuid;

use crate::{password::HashError, state::Portal, vault::VaultError};

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Something in the form; the person can mend it.
    #[error("the form has flaws")]
    Flaws(Vec<Flaw>),
    /// The thing it is about is gone: a link used up, a session ended.
    #[error("it is gone")]
    Gone,
    /// Our database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Our vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Our hashing.
    #[error(transparent)]
    Hash(#[from] HashError),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Refusal {
    /// One flaw.
    pub fn flaw(field: &'static str, fault: Fault) -> Self {
        Self::Flaws(vec![Flaw::new(field, fault)])
    }
}

/// What somebody has proved by a password or a code: the account, and how old its password was then. A session is
/// opened with it, and is worth nothing once the password has another age.
#[derive(Clone, Copy, Debug)]
pub struct Entrance {
    /// The account.
    pub holder: Holder,
    /// When the password was set that was proved.
    pub password_set: Option<DateTime<Utc>>,
}

/// Where a request comes from and in which language: what use cases without an account need to know.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The client's address, of which only a keyed hash is kept.
    pub address: std::net::IpAddr,
    /// The language of the page.
    pub locale: Locale,
}

/// Writes an entry of the audit log in the caller's transaction.
async fn audit(
    portal: &Portal,
    db: &mut PgConnection,
    (actor, subject_id): (Actor, Uuid),
    action: &'static str,
    detail: Value,
) -> Result<(), StoreError> {
    let now = portal.now();
    let event_id = EventId::mint(now, &*portal.chance);
    store::audit::insert(db, &AuditEvent { event_id, subject_id, actor, action, detail }, now).await
}

fn locale_of(tag: &str) -> Locale {
    Locale::from_tag(tag).unwrap_or_default()
}
