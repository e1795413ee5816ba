//! Confirmed contacts, and the accounts they sign in to.

use chrono::{DateTime, Utc};
use domain::{
    account::{Contact, ContactKind},
    id::CitizenId,
};
use sqlx::PgConnection;

use crate::StoreError;

/// Who signs in with this contact.
///
/// # Errors
/// [`StoreError`].
pub async fn holder_of(db: &mut PgConnection, contact: &Contact) -> Result<Option<CitizenId>, StoreError> {
    Ok(sqlx::query_scalar!("select citizen_id from sign_in_names where address = $1", contact.address())
        .fetch_optional(db)
        .await?
        .map(CitizenId))
}

/// The contacts of an account, e-mail first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &mut PgConnection, citizen_id: CitizenId) -> Result<Vec<Contact>, StoreError> {
    let rows =
        sqlx::query!("select kind, address from contacts where citizen_id = $1 order by kind", citizen_id.0)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().filter_map(|row| to_contact(&row.kind, row.address)).collect())
}

/// Makes a contact the account's own, in place of an earlier one of its kind.
///
/// # Errors
/// `sign_in_names_pkey` is violated when it belongs to an account already.
pub async fn put(
    db: &mut PgConnection,
    citizen_id: CitizenId,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from sign_in_names where citizen_id = $1
         and address = (select address from contacts where citizen_id = $1 and kind = $2)",
        citizen_id.0,
        contact.kind().name(),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into sign_in_names (address, citizen_id) values ($1, $2)",
        contact.address(),
        citizen_id.0
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into contacts (citizen_id, kind, address, confirmed_at) values ($1, $2, $3, $4)
         on conflict (citizen_id, kind) do update set address = excluded.address, confirmed_at = excluded.confirmed_at",
        citizen_id.0,
        contact.kind().name(),
        contact.address(),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn to_contact(kind: &str, address: String) -> Option<Contact> {
    Some(match ContactKind::from_name(kind)? {
        ContactKind::Email => Contact::Email(address),
        ContactKind::Phone => Contact::Phone(address),
    })
}
