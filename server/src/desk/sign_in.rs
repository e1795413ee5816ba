//! Somebody signs in. Unknown account and wrong password have one answer, and take the same time.

use domain::{
    account::{Contact, ContactKind},
    actor::{Actor, Holder},
    flaw::Fault,
};
use serde_json::json;
use store::{PgConnection, StoreError, citizen, contact, officer};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Entrance, Refusal, Visit, audit,
    throttle::{count_sign_in, forget_sign_in},
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

impl Side {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Citizens => "sign-in",
            Self::Staff => "staff-sign-in",
        }
    }
}

/// Forgets the tries for every contact of an account whose owner has just proved to be it in another way.
///
/// # Errors
/// [`Refusal`].
pub async fn forgive(portal: &Portal, visit: &Visit, holder: Holder) -> Result<(), Refusal> {
    let (side, contacts) = {
        let mut db = portal.pool.acquire().await?;
        match holder {
            Holder::Citizen(id) => (Side::Citizens, contact::list(&mut db, id).await?),
            Holder::Officer(id) => {
                let row = officer::find(&mut db, id).await?;
                (Side::Staff, row.map(|row| Contact::Email(row.email)).into_iter().collect())
            }
        }
    };
    for contact in contacts {
        forget_sign_in(portal, visit.address, (side.purpose(), contact.address())).await?;
    }
    Ok(())
}

/// What contact and password open.
///
/// # Errors
/// [`Refusal`]; the flaws belong to the field `contact`.
pub async fn sign_in(
    portal: &Portal,
    visit: &Visit,
    (side, contact): (Side, &str),
    password: Zeroizing<String>,
) -> Result<Entrance, Refusal> {
    // What cannot be a contact takes the same way as one that nobody has.
    let parsed = match side {
        Side::Citizens => Contact::parse(contact),
        Side::Staff => Contact::parse_as(ContactKind::Email, contact),
    };
    let address = parsed.as_ref().map_or(contact, Contact::address).to_owned();
    let counted = (side.purpose(), address.as_str());
    count_sign_in(portal, visit.address, counted, "contact").await?;
    let known = {
        let mut db = portal.pool.acquire().await?;
        find(&mut db, side, parsed.ok().as_ref()).await?
    };
    let hash = known.as_ref().map(|known| known.hash.clone());
    let fits = portal.passwords.verify(password.clone(), hash).await?;
    let Some(known) = known.as_ref().filter(|_| fits) else {
        // Written for unknown accounts too: the same work, and the log tells of guessing.
        let subject = known.map_or_else(Uuid::nil, |known| known.entrance.holder.id());
        note(portal, (Actor::Nobody, subject), "account.sign_in_failed").await?;
        return Err(Refusal::flaw("contact", Fault::WrongSignIn));
    };
    let holder = known.entrance.holder;
    forget_sign_in(portal, visit.address, counted).await?;
    if portal.passwords.is_outdated(&known.hash) {
        renew_hash(portal, holder, (&known.hash, password)).await?;
    }
    note(portal, (Actor::Account(holder), holder.id()), "account.signed_in").await?;
    Ok(known.entrance)
}

/// An account as it was when its password was about to be verified.
struct Known {
    entrance: Entrance,
    hash: String,
}

async fn find(
    db: &mut PgConnection,
    side: Side,
    contact: Option<&Contact>,
) -> Result<Option<Known>, StoreError> {
    let Some(contact) = contact else { return Ok(None) };
    let (holder, hash, password_set) = match side {
        Side::Citizens => {
            let Some(id) = contact::holder_of(db, contact).await? else { return Ok(None) };
            // The age before the hash: a change in between makes the session worthless, not the other way round.
            let age = citizen::find(db, id).await?.map(|row| row.password_changed_at);
            (Holder::Citizen(id), citizen::password_hash(db, id).await?, age)
        }
        Side::Staff => {
            let Some(id) = officer::holder_of(db, contact).await? else { return Ok(None) };
            let age = officer::find(db, id).await?.and_then(|row| row.password_changed_at);
            (Holder::Officer(id), officer::password_hash(db, id).await?, age)
        }
    };
    Ok(hash.map(|hash| Known { entrance: Entrance { holder, password_set }, hash }))
}

async fn note(portal: &Portal, who: (Actor, Uuid), action: &'static str) -> Result<(), Refusal> {
    let mut tx = portal.pool.begin().await?;
    audit(portal, &mut tx, who, action, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// The parameters have changed since the hash was made: now, while the password is known, is the time. A password
/// that was changed meanwhile stays.
async fn renew_hash(
    portal: &Portal,
    holder: Holder,
    (old, password): (&str, Zeroizing<String>),
) -> Result<(), Refusal> {
    let new = portal.passwords.hash(password).await?;
    let mut db = portal.pool.acquire().await?;
    match holder {
        Holder::Citizen(id) => citizen::replace_password_hash(&mut db, id, (old, &new), None).await?,
        Holder::Officer(id) => officer::replace_password_hash(&mut db, id, (old, &new), None).await?,
    };
    Ok(())
}
