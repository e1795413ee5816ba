//! The catalogue as it was loaded: versions that are never changed, and the words the search looks in.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use unicode_normalization::UnicodeNormalization;

use crate::StoreError;

/// A service's version within a catalogue that is being loaded.
#[derive(Debug)]
pub struct ServiceVersion {
    /// The service's id.
    pub service: String,
    /// The hash of its content.
    pub digest: Vec<u8>,
    /// The whole service.
    pub content: Value,
    /// Its name and all words it should be found by, in each language.
    pub words: Vec<Words>,
}

/// What a service is found by in one language.
#[derive(Clone, Debug)]
pub struct Words {
    /// Its name; words of it count for more.
    pub name: String,
    /// All its words, the name's among them.
    pub all: String,
}

/// Puts a catalogue in force. Versions that are known already are left as they are.
/// False when it is in force already.
///
/// # Errors
/// [`StoreError`].
pub async fn load(
    db: &mut PgConnection,
    digest: &[u8],
    content: &Value,
    services: &[ServiceVersion],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if current_digest(db).await?.as_deref() == Some(digest) {
        return Ok(false);
    }
    sqlx::query!(
        "insert into catalogue_versions (digest, content, first_loaded_at) values ($1, $2, $3) on conflict do nothing",
        digest,
        content,
        now,
    )
    .execute(&mut *db)
    .await?;
    for version in services {
        sqlx::query!(
            "insert into service_versions (service, digest, content) values ($1, $2, $3) on conflict do nothing",
            version.service,
            version.digest,
            version.content,
        )
        .execute(&mut *db)
        .await?;
    }
    replace_terms(db, services).await?;
    sqlx::query!(
        "insert into catalogue_current (is_current, digest, loaded_at) values (true, $1, $2)
         on conflict (is_current) do update set digest = excluded.digest, loaded_at = excluded.loaded_at",
        digest,
        now,
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// The words of these services become all there is to search in.
async fn replace_terms(db: &mut PgConnection, services: &[ServiceVersion]) -> Result<(), StoreError> {
    sqlx::query!("delete from service_terms").execute(&mut *db).await?;
    for version in services {
        let named: BTreeSet<String> = version.words.iter().flat_map(|words| terms(&words.name)).collect();
        let all: BTreeSet<String> = version.words.iter().flat_map(|words| terms(&words.all)).collect();
        let all: Vec<String> = all.union(&named).cloned().collect();
        let in_name: Vec<bool> = all.iter().map(|term| named.contains(term)).collect();
        sqlx::query!(
            "insert into service_terms (service, term, in_name)
             select $1, term, in_name from unnest($2::text[], $3::boolean[]) as terms(term, in_name)",
            version.service,
            &all,
            &in_name,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The hash of the catalogue in force.
///
/// # Errors
/// [`StoreError`].
pub async fn current_digest(db: &mut PgConnection) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!("select digest from catalogue_current where is_current")
        .fetch_optional(db)
        .await?)
}

/// The catalogue with this hash.
///
/// # Errors
/// [`StoreError`].
pub async fn content(db: &mut PgConnection, digest: &[u8]) -> Result<Option<Value>, StoreError> {
    Ok(sqlx::query_scalar!("select content from catalogue_versions where digest = $1", digest)
        .fetch_optional(db)
        .await?)
}

/// Services whose words resemble those of `query`, with how much they do (0 to 1.3), the most alike first, at most `most`.
/// Both languages are searched: people type what they know. Each word counts for itself, in any order.
///
/// # Errors
/// [`StoreError`].
pub async fn search(db: &mut PgConnection, query: &str, most: i64) -> Result<Vec<(String, f64)>, StoreError> {
    let asked: Vec<String> = terms(query).collect();
    // `%>` uses the index and its threshold; a word of the name counts for more than another. What a word finds nothing for
    // counts as nothing, so that services with all words come first.
    let rows = sqlx::query!(
        r#"select service as "service!", sum(likeness) / cardinality($1::text[]) as "likeness!" from (
               select place, service,
                   max(word_similarity(asked, term) * case when in_name then 1.3 else 1.0 end)::float8 as likeness
               from unnest($1::text[]) with ordinality as terms(asked, place)
               join service_terms on term %> asked
               group by place, service
           ) as found
           group by service order by 2 desc, service limit $2"#,
        &asked,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.service, row.likeness)).collect())
}

/// The words of a text, as the search compares them.
fn terms(text: &str) -> impl Iterator<Item = String> {
    let text = searchable(text);
    text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Lower case and decomposed (NFKD): `여ㄱ` typed on the way to `여권` then shares its letters with it.
pub fn searchable(text: &str) -> String {
    // Compatibility jamo (ㄱ as typed alone) are mapped to the conjoining ones that syllables are made of.
    text.to_lowercase().nfkd().filter(|c| *c != '\0').collect()
}
