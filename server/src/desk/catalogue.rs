//! Loading the catalogue, and searching it.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{service::Catalogue, text::Locale};
use sqlx::PgPool;
use store::{
    StoreError,
    catalogue::{ServiceVersion, Words},
};

use super::Refusal;
use crate::state::{LoadedCatalogue, Portal, Searches};

/// How many services a search shows.
const MOST_FOUND: i64 = 20;
/// Characters of a query that are looked at.
const QUERY_MAX: usize = 100;

/// Reads the folder.
///
/// # Errors
/// Every fault of it, a line each.
pub fn read(folder: &Path) -> Result<Catalogue, Vec<String>> {
    catalogue::load(folder).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

/// Puts a catalogue in force, as the migrating role. True when it is another one than before.
///
/// # Errors
/// [`StoreError`].
pub async fn load(owner: &PgPool, catalogue: &Catalogue, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let digest = catalogue::catalogue_digest(catalogue).0;
    let services: Vec<ServiceVersion> =
        catalogue.services.iter().map(|service| version(catalogue, service)).collect::<Result<_, _>>()?;
    let mut tx = owner.begin().await?;
    let changed = store::catalogue::load(&mut tx, &digest, &json(catalogue)?, &services, now).await?;
    tx.commit().await?;
    Ok(changed)
}

fn version(catalogue: &Catalogue, service: &domain::service::Service) -> Result<ServiceVersion, StoreError> {
    let words = |locale: Locale| Words {
        name: service.name.get(locale).to_owned(),
        all: catalogue::search_text(catalogue, service, locale),
    };
    Ok(ServiceVersion {
        service: service.id.as_str().to_owned(),
        digest: catalogue::digest(service).0.to_vec(),
        content: json(service)?,
        words: Locale::ALL.map(words).to_vec(),
    })
}

fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Other(sqlx::Error::Encode(Box::new(error))))
}

/// Takes the catalogue that is in force in the database, unless the portal has it already.
///
/// # Errors
/// [`Refusal`]; [`Refusal::Gone`] when none is loaded.
pub async fn refresh(portal: &Portal) -> Result<Arc<LoadedCatalogue>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    let digest = store::catalogue::current_digest(&mut db).await?.ok_or(Refusal::Gone)?;
    if let Some(present) = portal.catalogue.load_full().filter(|present| present.digest == digest) {
        return Ok(present);
    }
    let content = store::catalogue::content(&mut db, &digest).await?.ok_or(Refusal::Gone)?;
    let catalogue = serde_json::from_value(content)
        .map_err(|error| StoreError::Other(sqlx::Error::Decode(Box::new(error))))?;
    let loaded = Arc::new(LoadedCatalogue { digest, catalogue, searches: Searches::default() });
    portal.catalogue.store(Some(loaded.clone()));
    Ok(loaded)
}

/// The services that resemble `query`, the most alike first, as places in the catalogue.
///
/// # Errors
/// [`Refusal`].
pub async fn search(portal: &Portal, loaded: &LoadedCatalogue, query: &str) -> Result<Arc<[usize]>, Refusal> {
    let query: String = query.trim().chars().take(QUERY_MAX).collect();
    if query.is_empty() {
        return Ok(Arc::new([]));
    }
    if let Some(known) = loaded.searches.get(&query) {
        return Ok(known);
    }
    let mut db = portal.pool.acquire().await?;
    let found = store::catalogue::search(&mut db, &query, MOST_FOUND).await?;
    let place = |id: &str| loaded.catalogue.services.iter().position(|service| service.id.as_str() == id);
    let mut places: Vec<(f64, usize)> =
        found.iter().filter_map(|(id, likeness)| Some(((likeness * 50.0).round(), place(id)?))).collect();
    // Of those that are about as much alike, the one that more people look for: the catalogue's own order.
    places.sort_by(|(likeness, place), (other, behind)| other.total_cmp(likeness).then(place.cmp(behind)));
    let places: Arc<[usize]> = places.into_iter().map(|(_, place)| place).collect();
    loaded.searches.put(query, places.clone());
    Ok(places)
}
