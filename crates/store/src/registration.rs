//! Sign-ups that wait for their contact to be confirmed.

use chrono::{DateTime, Utc};
use domain::{account::PersonName, id::CitizenId, text::Locale};
use sqlx::PgConnection;

use crate::StoreError;

/// What the sign-up form gave.
pub struct Registration<'a> {
    /// Minted here, kept for life.
    pub citizen_id: CitizenId,
    /// The name.
    pub name: &'a PersonName,
    /// A PHC string.
    pub password_hash: &'a str,
    /// The language the form was filled in.
    pub locale: Locale,
}

/// Keeps a registration.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    db: &mut PgConnection,
    new: Registration<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into registrations (citizen_id, name, password_hash, locale, created_at) values ($1, $2, $3, $4, $5)",
        new.citizen_id.0,
        new.name.as_str(),
        new.password_hash,
        new.locale.tag(),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes a registration, because it became an account or was given up.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(db: &mut PgConnection, citizen_id: CitizenId) -> Result<(), StoreError> {
    sqlx::query!("delete from registrations where citizen_id = $1", citizen_id.0).execute(db).await?;
    Ok(())
}

/// Removes registrations from before `instant` that never became accounts.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_older_than(db: &mut PgConnection, instant: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from registrations where created_at < $1", instant)
        .execute(db)
        .await?
        .rows_affected())
}
