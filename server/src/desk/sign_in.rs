//! Somebody signs in. Unknown account and wrong password have one answer, and take the same time.

use domain::{
    account::{Contact, ContactKind},
    actor::{Actor, Holder},
    flaw::Fault,
    throttle::PER_ACCOUNT,
};
use serde_json::json;
use store::{PgConnection, StoreError, citizen, contact, officer};
use zeroize::Zeroizing;

use super::{
    Refusal, Visit, audit,
    throttle::{Count, count, forget},
};
use crate::state::Portal;

/// Which of the two doors somebody stands at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// `/sign-in`
    Citizens,
    /// `/staff/sign-in`
    Staff,
}

/// The account that contact and password belong to.
///
/// # Errors
/// [`Refusal`]; the flaws belong to the field `contact`.
pub async fn sign_in(
    portal: &Portal,
    visit: &Visit,
    (side, contact): (Side, &str),
    password: Zeroizing<String>,
) -> Result<Holder, Refusal> {
    // What cannot be a contact takes the same way as one that nobody has.
    let parsed = match side {
        Side::Citizens => Contact::parse(contact),
        Side::Staff => Contact::parse_as(ContactKind::Email, contact),
    };
    let address = parsed.as_ref().map_or(contact, Contact::address).to_owned();
    let purpose = match side {
        Side::Citizens => "sign-in",
        Side::Staff => "staff-sign-in",
    };
    count(portal, visit.address, Count { purpose, of: &address, limit: &PER_ACCOUNT }, "contact").await?;
    let (holder, hash) = {
        let mut db = portal.pool.acquire().await?;
        find(&mut db, side, parsed.ok().as_ref()).await?
    };
    let outdated = hash.as_deref().is_some_and(|hash| portal.passwords.is_outdated(hash));
    let fits = portal.passwords.verify(password.clone(), hash).await?;
    let Some(holder) = holder.filter(|_| fits) else {
        if let Some(holder) = holder {
            note(portal, holder, "account.sign_in_failed").await?;
        }
        return Err(Refusal::flaw("contact", Fault::WrongSignIn));
    };
    forget(portal, purpose, &address).await?;
    if outdated {
        renew_hash(portal, holder, password).await?;
    }
    note(portal, holder, "account.signed_in").await?;
    Ok(holder)
}

async fn find(
    db: &mut PgConnection,
    side: Side,
    contact: Option<&Contact>,
) -> Result<(Option<Holder>, Option<String>), StoreError> {
    let Some(contact) = contact else { return Ok((None, None)) };
    match side {
        Side::Citizens => match contact::holder_of(db, contact).await? {
            Some(id) => Ok((Some(Holder::Citizen(id)), citizen::password_hash(db, id).await?)),
            None => Ok((None, None)),
        },
        Side::Staff => match officer::holder_of(db, contact).await? {
            Some(id) => Ok((Some(Holder::Officer(id)), officer::password_hash(db, id).await?)),
            None => Ok((None, None)),
        },
    }
}

async fn note(portal: &Portal, holder: Holder, action: &'static str) -> Result<(), Refusal> {
    let actor = if action == "account.signed_in" { Actor::Account(holder) } else { Actor::Nobody };
    let mut tx = portal.pool.begin().await?;
    audit(portal, &mut tx, (actor, holder.id()), action, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// The parameters have changed since the hash was made: now, while the password is known, is the time.
async fn renew_hash(portal: &Portal, holder: Holder, password: Zeroizing<String>) -> Result<(), Refusal> {
    let hash = portal.passwords.hash(password).await?;
    let mut db = portal.pool.acquire().await?;
    match holder {
        Holder::Citizen(id) => {
            let since =
                citizen::find(&mut db, id).await?.map_or_else(|| portal.now(), |row| row.password_changed_at);
            citizen::set_password_hash(&mut db, id, &hash, since).await?;
        }
        Holder::Officer(id) => officer::set_password_hash(&mut db, id, &hash, portal.now()).await?,
    }
    Ok(())
}
