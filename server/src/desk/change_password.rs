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
    Refusal, Visit, audit,
    reset_password::tell_owner,
    throttle::{Count, count, forget},
};
use crate::{password, state::Portal};

/// Sets the new password if the present one is right, and ends every session: the caller opens a new one.
///
/// # Errors
/// [`Refusal`]; the fields are `present` and `password`.
pub async fn change(
    portal: &Portal,
    visit: &Visit,
    holder: Holder,
    (present, new): (Zeroizing<String>, Zeroizing<String>),
) -> Result<(), Refusal> {
    let known = known_words(&mut *portal.pool.acquire().await?, holder).await?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    password::judge(&new, &known).map_err(|fault| Refusal::flaw("password", fault))?;
    prove(portal, visit, holder, (present.clone(), "present")).await?;
    if *present == *new {
        return Err(Refusal::flaw("password", Fault::SameAsOld));
    }
    let hash = portal.passwords.hash(new).await?;
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    match holder {
        Holder::Citizen(id) => citizen::set_password_hash(&mut tx, id, &hash, now).await?,
        Holder::Officer(id) => officer::set_password_hash(&mut tx, id, &hash, now).await?,
    }
    store::session::delete_all(&mut tx, holder).await?;
    store::password_link::delete_of(&mut tx, holder).await?;
    if let Holder::Citizen(id) = holder {
        tell_owner(portal, &mut tx, id).await?;
    }
    audit(portal, &mut tx, (Actor::Account(holder), holder.id()), "account.password_changed", json!({}))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Checks the present password of somebody who is signed in, against guessing as at the door.
pub(super) async fn prove(
    portal: &Portal,
    visit: &Visit,
    holder: Holder,
    (password, field): (Zeroizing<String>, &'static str),
) -> Result<(), Refusal> {
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
    if !portal.passwords.verify(password, hash).await? {
        return Err(Refusal::flaw(field, Fault::WrongPassword));
    }
    forget(portal, "prove", &id).await
}

/// What somebody who knows the person would try first.
async fn known_words(db: &mut PgConnection, holder: Holder) -> Result<Vec<String>, StoreError> {
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
