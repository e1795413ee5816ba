//! The catalogue as it was loaded: versions that are never changed, and the words the search looks in.

use chrono::{DateTime, Utc};
use domain::text::Locale;
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
    /// Per language: its name, and all words it should be found by.
    pub words: Vec<(Locale, String, String)>,
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
        for (locale, name, words) in &version.words {
            sqlx::query!(
                "insert into service_words (digest, service, locale, name, words) values ($1, $2, $3, $4, $5)
                 on conflict do nothing",
                digest,
                version.service,
                locale.tag(),
                searchable(name),
                searchable(words),
            )
            .execute(&mut *db)
            .await?;
        }
    }
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
pub async fn search(
    db: &mut PgConnection,
    digest: &[u8],
    query: &str,
    most: i64,
) -> Result<Vec<(String, f64)>, StoreError> {
    let terms: Vec<String> = searchable(query).split_whitespace().map(str::to_owned).collect();
    // `%>` uses the index and its threshold; the name counts for more than the rest.
    let rows = sqlx::query!(
        r#"select service as "service!", likeness as "likeness!" from (
               select service, max((
                   select avg(word_similarity(term, name) * 0.3 + word_similarity(term, words))
                   from unnest($2::text[]) as term
               )) as likeness
               from service_words where digest = $1 and words %> any($2::text[]) group by service
           ) as found
           order by likeness desc, service limit $3"#,
        digest,
        &terms,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.service, row.likeness)).collect())
}

/// Lower case and decomposed (NFKD): `여ㄱ` typed on the way to `여권` then shares its letters with it.
pub fn searchable(text: &str) -> String {
    // Compatibility jamo (ㄱ as typed alone) are mapped to the conjoining ones that syllables are made of.
    text.to_lowercase().nfkd().filter(|c| *c != '\0').collect()
}
