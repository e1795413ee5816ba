//! What every request and job can reach.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use agencies::Agencies;
use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use domain::{clock::Clock, id::Chance};
use sqlx::PgPool;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{chance::SecretKey, config::Config, messaging::Messenger, password::Passwords, vault::Vault};

/// The portal's parts, shared by all requests and jobs.
#[derive(Clone)]
pub struct Portal(Arc<Parts>);

/// The parts.
pub struct Parts {
    /// The effective configuration.
    pub config: Config,
    /// Connections of the serving role.
    pub pool: PgPool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where unpredictable bytes come from.
    pub chance: Arc<dyn Chance>,
    /// The key of all keyed hashes.
    pub key: SecretKey,
    /// Seals what nobody may read in the database.
    pub vault: Vault,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// How messages leave.
    pub messenger: Messenger,
    /// The agencies to ask; none where the configuration names none.
    pub agencies: Option<Agencies>,
    /// The catalogue in force; none until the database has been reached for the first time.
    pub catalogue: ArcSwapOption<LoadedCatalogue>,
    /// Everything that runs beside the requests, so that shutdown can wait for it.
    pub tasks: TaskTracker,
    /// Told when the portal is to stop.
    pub stop: CancellationToken,
}

/// A catalogue with the hash under which the database knows it.
#[derive(Debug)]
pub struct LoadedCatalogue {
    /// Its hash.
    pub digest: Vec<u8>,
    /// All of it.
    pub catalogue: domain::service::Catalogue,
    /// What searches have found in it.
    pub searches: Searches,
}

/// What searches have found, as places in one catalogue. It never changes, and most people look for the same few words.
#[derive(Debug, Default)]
pub struct Searches(Mutex<HashMap<String, Arc<[usize]>>>);

impl Searches {
    /// So many are remembered; with more it begins again.
    const MOST: usize = 2000;

    /// What was found before.
    pub fn get(&self, query: &str) -> Option<Arc<[usize]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(query).cloned()
    }

    /// Remembers it.
    pub fn put(&self, query: String, found: Arc<[usize]>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(query, found);
    }
}

impl Portal {
    /// Shares the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The current instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl std::ops::Deref for Portal {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Portal")
    }
}
