//! Officers' accounts.

use chrono::{DateTime, Utc};
use domain::{
    account::{Contact, PersonName},
    actor::Role,
    id::OfficerId,
    text::Locale,
};
use sqlx::PgConnection;

use crate::StoreError;

/// An officer's account. The hash is read apart from it.
#[derive(Clone, Debug)]
pub struct OfficerRow {
    /// The key.
    pub officer_id: OfficerId,
    /// The officer's name.
    pub name: String,
    /// Where messages go, and what the officer signs in with.
    pub email: String,
    /// The agency's id in the catalogue.
    pub agency: String,
    /// The department's id in the catalogue.
    pub department: String,
    /// What the officer may do, by name.
    pub role: String,
    /// `ko` or `en`.
    pub locale: String,
    /// When the password was last set; none until the set-up link was used.
    pub password_changed_at: Option<DateTime<Utc>>,
}

/// An officer to be added.
#[derive(Debug)]
pub struct NewOfficer<'a> {
    /// The key.
    pub officer_id: OfficerId,
    /// The name.
    pub name: &'a PersonName,
    /// The e-mail address.
    pub email: &'a Contact,
    /// The agency's id.
    pub agency: &'a str,
    /// The department's id.
    pub department: &'a str,
    /// The role.
    pub role: Role,
    /// The language messages are written in.
    pub locale: Locale,
}

/// Adds an officer, without a password yet.
///
/// # Errors
/// `officers_email_unique` is violated when the address belongs to an officer already.
pub async fn insert(
    db: &mut PgConnection,
    new: &NewOfficer<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into officers (officer_id, name, email, agency, department, role, locale, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.officer_id.0,
        new.name.as_str(),
        new.email.address(),
        new.agency,
        new.department,
        new.role.name(),
        new.locale.tag(),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The account, if there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn find(db: &mut PgConnection, officer_id: OfficerId) -> Result<Option<OfficerRow>, StoreError> {
    Ok(sqlx::query_as!(
        OfficerRow,
        "select officer_id, name, email, agency, department, role, locale, password_changed_at
           from officers where officer_id = $1",
        officer_id.0,
    )
    .fetch_optional(db)
    .await?)
}

/// Who signs in with this address.
///
/// # Errors
/// [`StoreError`].
pub async fn holder_of(db: &mut PgConnection, email: &Contact) -> Result<Option<OfficerId>, StoreError> {
    Ok(sqlx::query_scalar!("select officer_id from officers where email = $1", email.address())
        .fetch_optional(db)
        .await?
        .map(OfficerId))
}

/// The password's hash (a PHC string), once one is set.
///
/// # Errors
/// [`StoreError`].
pub async fn password_hash(
    db: &mut PgConnection,
    officer_id: OfficerId,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!("select password_hash from officers where officer_id = $1", officer_id.0)
        .fetch_optional(db)
        .await?
        .flatten())
}

/// Sets another password.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password_hash(
    db: &mut PgConnection,
    officer_id: OfficerId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update officers set password_hash = $2, password_changed_at = $3 where officer_id = $1",
        officer_id.0,
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
    officer_id: OfficerId,
    (old, new): (&str, &str),
    changed_at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update officers set password_hash = $3, password_changed_at = coalesce($4, password_changed_at)
         where officer_id = $1 and password_hash = $2",
        officer_id.0,
        old,
        new,
        changed_at,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes who an officer is and what the officer may do; the address stays.
///
/// # Errors
/// [`StoreError`].
pub async fn update(db: &mut PgConnection, known: OfficerId, new: &NewOfficer<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "update officers set name = $2, agency = $3, department = $4, role = $5, locale = $6 where officer_id = $1",
        known.0,
        new.name.as_str(),
        new.agency,
        new.department,
        new.role.name(),
        new.locale.tag(),
    )
    .execute(db)
    .await?;
    Ok(())
}
