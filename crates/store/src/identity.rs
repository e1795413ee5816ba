//! Who somebody is, as the resident register has confirmed it.

use chrono::{DateTime, Utc};
use domain::id::CitizenId;
use sqlx::PgConnection;

use crate::{StoreError, sealed::Sealed};

/// A verified identity. The number is sealed, the hash is keyed: neither tells anything by itself.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// The account.
    pub citizen_id: CitizenId,
    /// The name as the register has it.
    pub name: String,
    /// The resident number.
    pub number: Sealed,
    /// Its keyed hash.
    pub number_hash: Vec<u8>,
    /// When the code came back.
    pub verified_at: DateTime<Utc>,
}

/// The identity of an account, if it is verified.
///
/// # Errors
/// [`StoreError`].
pub async fn find(db: &mut PgConnection, citizen_id: CitizenId) -> Result<Option<IdentityRow>, StoreError> {
    let row = sqlx::query!(
        "select name, number_sealed, number_key, number_hash, verified_at from identities where citizen_id = $1",
        citizen_id.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| IdentityRow {
        citizen_id,
        name: row.name,
        number: Sealed { key: row.number_key, bytes: row.number_sealed },
        number_hash: row.number_hash,
        verified_at: row.verified_at,
    }))
}

/// Makes the person the account's. None when that is done; the other account, when the person has one already. Of two at
/// once the second waits for the first.
///
/// # Errors
/// [`StoreError`].
pub async fn claim(db: &mut PgConnection, new: &IdentityRow) -> Result<Option<CitizenId>, StoreError> {
    let done = sqlx::query!(
        "insert into identity_numbers (number_hash, citizen_id) values ($1, $2)
         on conflict (number_hash) do nothing",
        new.number_hash,
        new.citizen_id.0,
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        let holder = sqlx::query_scalar!(
            "select citizen_id from identity_numbers where number_hash = $1",
            new.number_hash
        )
        .fetch_optional(db)
        .await?
        // Deleted in this moment: worth another try.
        .ok_or(StoreError::Unavailable(sqlx::Error::RowNotFound))?;
        return Ok(Some(CitizenId(holder)));
    }
    sqlx::query!(
        "insert into identities (citizen_id, name, number_sealed, number_key, number_hash, verified_at)
         values ($1, $2, $3, $4, $5, $6)",
        new.citizen_id.0,
        new.name,
        new.number.bytes,
        new.number.key,
        new.number_hash,
        new.verified_at,
    )
    .execute(db)
    .await?;
    Ok(None)
}

/// Accounts after `after` whose number is sealed with `key`, by account, at most `most`.
///
/// # Errors
/// [`StoreError`].
pub async fn list_sealed_with(
    db: &mut PgConnection,
    key: &str,
    after: CitizenId,
    most: i64,
) -> Result<Vec<(CitizenId, Sealed)>, StoreError> {
    let rows = sqlx::query!(
        "select citizen_id, number_sealed from identities
         where number_key = $1 and citizen_id > $2 order by citizen_id limit $3",
        key,
        after.0,
        most,
    )
    .fetch_all(db)
    .await?;
    let sealed = |bytes| Sealed { key: key.to_owned(), bytes };
    Ok(rows.into_iter().map(|row| (CitizenId(row.citizen_id), sealed(row.number_sealed))).collect())
}

/// Puts `new` in place of `old`, unless somebody else has changed it.
///
/// # Errors
/// [`StoreError`].
pub async fn reseal(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    (old, new): (&Sealed, &Sealed),
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update identities set number_sealed = $4, number_key = $5
         where citizen_id = $1 and number_sealed = $2 and number_key = $3",
        citizen_id.0,
        old.bytes,
        old.key,
        new.bytes,
        new.key,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many values are sealed with each key, attempts among them.
///
/// # Errors
/// [`StoreError`].
pub async fn count_by_key(db: &mut PgConnection) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"select number_key as "key!", count(*) as "values!" from (
               select number_key from identities
               union all
               select number_key from identity_attempts where number_key is not null
           ) as sealed group by number_key order by number_key"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.values)).collect())
}
