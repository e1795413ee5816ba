//! Somebody who is signed in sets another password; every other session ends.

use domain::{
    actor::{Actor, Holder},
    flaw::Fault,
    throttle::PER_ACCOUNT,
};
use serde_json::json;
use store::{PgConnection, StoreError, citizen, contact, officer};
use zeroize::Zeroizing;

use super::{
    Entrance, Refusal, Visit, audit,
    reset_password::tell_owner,
    throttle::{Count, count, forget},
};
use crate::state::Portal;

/// Sets the new password if the present one is right, and ends every session: the caller opens a new one.
///
/// # Errors
/// [`Refusal`]; the fields are `present` and `password`.
pub async fn change(
    portal: &Portal,
    visit: &Visit,
    holder: Holder,
    (present, new): (Zeroizing<String>, Zeroizing<String>),
) -> Result<Entrance, Refusal> {
    let old = prove(portal, visit, holder, (present.clone(), "present")).await?;
    if *present == *new {
        return Err(Refusal::flaw("password", Fault::SameAsOld));
    }
    let known = known_words(&mut *portal.pool.acquire().await?, holder).await?;
    portal
        .passwords
        .judge(new.clone(), known)
        .await?
        .map_err(|fault| Refusal::flaw("password", fault))?;
    let hash = portal.passwords.hash(new).await?;
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let replaced = match holder {
        Holder::Citizen(id) => citizen::replace_password_hash(&mut tx, id, (&old, &hash), Some(now)).await?,
        Holder::Officer(id) => officer::replace_password_hash(&mut tx, id, (&old, &hash), Some(now)).await?,
    };
    if !replaced {
        return Err(Refusal::flaw("present", Fault::WrongPassword));
    }
    store::session::delete_all(&mut tx, holder).await?;
    store::password_link::delete_of(&mut tx, holder).await?;
    tell_owner(portal, &mut tx, holder).await?;
    audit(portal, &mut tx, (Actor::Account(holder), holder.id()), "account.password_changed", json!({})).await?;
    tx.commit().await?;
    Ok(Entrance { holder, password_set: Some(now) })
}

/// Checks the present password of somebody who is signed in, against guessing as at the door; its hash.
pub(super) async fn prove(
    portal: &Portal,
    visit: &Visit,
    holder: Holder,
    (password, field): (Zeroizing<String>, &'static str),
) -> Result<String, Refusal> {
    if password.is_empty() {
        return Err(Refusal::flaw(field, Fault::Empty));
    }
    let id = holder.id().to_string();
    count(portal, visit.address, Count { purpose: "prove", of: &id, limit: &PER_ACCOUNT }, field).await?;
    let hash = {
        let mut db = portal.pool.acquire().await?;
        match holder {
            Holder::Citizen(id) => citizen::password_hash(&mut db, id).await?,
            Holder::Officer(id) => officer::password_hash(&mut db, id).await?,
        }
    };
    let fits = portal.passwords.verify(password, hash.clone()).await?;
    let Some(hash) = hash.filter(|_| fits) else {
        return Err(Refusal::flaw(field, Fault::WrongPassword));
    };
    forget(portal, visit.address, "prove", &id).await?;
    Ok(hash)
}

/// What somebody who knows the person would try first.
pub(super) async fn known_words(db: &mut PgConnection, holder: Holder) -> Result<Vec<String>, StoreError> {
    Ok(match holder {
        Holder::Citizen(id) => {
            let name = citizen::find(db, id).await?.map(|row| row.name);
            let contacts = contact::list(db, id).await?;
            name.into_iter().chain(contacts.iter().map(|contact| contact.address().to_owned())).collect()
        }
        Holder::Officer(id) => {
            officer::find(db, id).await?.map(|row| vec![row.name, row.email]).unwrap_or_default()
        }
    })
}
