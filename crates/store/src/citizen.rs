//! Citizens' accounts.

use chrono::{DateTime, Utc};
use domain::id::CitizenId;
use sqlx::PgConnection;

use crate::StoreError;

/// A citizen's account. The hash is read apart from it.
#[derive(Clone, Debug)]
pub struct CitizenRow {
    /// The key.
    pub citizen_id: CitizenId,
    /// The name as the citizen gave it.
    pub name: String,
    /// `ko` or `en`: the language messages are written in.
    pub locale: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When the password was last set.
    pub password_changed_at: DateTime<Utc>,
}

/// Makes an account out of a confirmed registration.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_from_registration(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "insert into citizens (citizen_id, name, password_hash, locale, created_at, password_changed_at)
         select citizen_id, name, password_hash, locale, $2, $2 from registrations where citizen_id = $1",
        citizen_id.0,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The account, if there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn find(db: &mut PgConnection, citizen_id: CitizenId) -> Result<Option<CitizenRow>, StoreError> {
    Ok(sqlx::query_as!(
        CitizenRow,
        "select citizen_id, name, locale, created_at, password_changed_at
           from citizens where citizen_id = $1",
        citizen_id.0,
    )
    .fetch_optional(db)
    .await?)
}

/// The password's hash (a PHC string).
///
/// # Errors
/// [`StoreError`].
pub async fn password_hash(
    db: &mut PgConnection,
    citizen_id: CitizenId,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!("select password_hash from citizens where citizen_id = $1", citizen_id.0)
        .fetch_optional(db)
        .await?)
}

/// Sets another password.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password_hash(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update citizens set password_hash = $2, password_changed_at = $3 where citizen_id = $1",
        citizen_id.0,
        password_hash,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Replaces the hash only while it is still `old`: of two who change it at once, one is told. Without `changed_at` the
/// password counts as unchanged.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_password_hash(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    (old, new): (&str, &str),
    changed_at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update citizens set password_hash = $3, password_changed_at = coalesce($4, password_changed_at)
         where citizen_id = $1 and password_hash = $2",
        citizen_id.0,
        old,
        new,
        changed_at,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the account; its contacts and its identity go with it.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(db: &mut PgConnection, citizen_id: CitizenId) -> Result<(), StoreError> {
    // Whoever is just being verified comes first, and is then deleted whole.
    sqlx::query!("select from citizens where citizen_id = $1 for update", citizen_id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from sign_in_names where citizen_id = $1", citizen_id.0).execute(&mut *db).await?;
    sqlx::query!("delete from confirmations where citizen_id = $1", citizen_id.0).execute(&mut *db).await?;
    sqlx::query!("delete from messages where recipient_id = $1", citizen_id.0).execute(&mut *db).await?;
    sqlx::query!(
        "delete from identity_numbers
         where number_hash = (select number_hash from identities where citizen_id = $1)",
        citizen_id.0,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from citizens where citizen_id = $1", citizen_id.0).execute(&mut *db).await?;
    Ok(())
}
