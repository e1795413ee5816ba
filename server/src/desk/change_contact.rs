//! A citizen adds a second contact or replaces one; it counts only after its code came back.

use app::words::message as words;
use domain::{
    account::{Contact, ContactKind},
    actor::{Actor, Holder},
    flaw::Fault,
    id::CitizenId,
    throttle::PER_CONTACT,
};
use serde_json::json;
use store::{citizen, confirmation, contact};
use zeroize::Zeroizing;

use super::{
    Entrance, Refusal, Visit, audit,
    change_password::prove,
    code, locale_of,
    tell::tell,
    throttle::{Count, count},
};
use crate::state::Portal;

/// Sends a code to the new contact. The password is asked for, because a contact is a way into the account.
///
/// # Errors
/// [`Refusal`]; the fields are `contact` and `present`.
pub async fn ask(
    portal: &Portal,
    visit: &Visit,
    (citizen_id, contact): (CitizenId, &Contact),
    present: Zeroizing<String>,
) -> Result<(), Refusal> {
    prove(portal, visit, Holder::Citizen(citizen_id), (present, "present")).await?;
    let limited = Count { purpose: "contact", of: contact.address(), limit: &PER_CONTACT };
    count(portal, visit.address, limited, "contact").await?;
    let mut tx = portal.pool.begin().await?;
    if contact::list(&mut tx, citizen_id).await?.contains(contact) {
        return Err(Refusal::flaw("contact", Fault::SameAsOld));
    }
    code::send(portal, &mut tx, (citizen_id, contact), visit.locale).await?;
    tx.commit().await?;
    Ok(())
}

/// The contact that waits for its code.
///
/// # Errors
/// [`Refusal`].
pub async fn waiting(
    portal: &Portal,
    citizen_id: CitizenId,
    kind: ContactKind,
) -> Result<Option<Contact>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    Ok(confirmation::find(&mut db, citizen_id, kind).await?.map(|row| row.contact))
}

/// Makes the contact the account's own if the code is right, tells the contacts it had before, and ends every session:
/// the caller opens a new one.
///
/// # Errors
/// [`Refusal`].
pub async fn confirm(
    portal: &Portal,
    (citizen_id, kind): (CitizenId, ContactKind),
    given: &str,
) -> Result<Entrance, Refusal> {
    let mut tx = portal.pool.begin().await?;
    let proved = match code::check(portal, &mut tx, (citizen_id, kind), given).await {
        Ok(contact) => contact,
        Err(refusal) => {
            tx.commit().await?;
            return Err(refusal);
        }
    };
    let before = contact::list(&mut tx, citizen_id).await?;
    contact::put(&mut tx, citizen_id, &proved, portal.now()).await.map_err(|error| {
        if error.is_constraint("sign_in_names_pkey") {
            Refusal::flaw("code", Fault::CodeExpired)
        } else {
            error.into()
        }
    })?;
    let holder = Holder::Citizen(citizen_id);
    // Links that went to the contact it replaces, and whoever is signed in elsewhere, are out.
    store::password_link::delete_of(&mut tx, holder).await?;
    store::session::delete_all(&mut tx, holder).await?;
    let row = citizen::find(&mut tx, citizen_id).await?.ok_or(Refusal::Gone)?;
    let locale = locale_of(&row.locale);
    for contact in before {
        let body = words::contact_body(locale, &portal.config.public_url);
        tell(portal, &mut tx, (holder, contact), words::contact_subject(locale), body).await?;
    }
    let detail = json!({ "contact": kind.name() });
    audit(portal, &mut tx, (Actor::Account(holder), citizen_id.0), "account.contact_changed", detail).await?;
    tx.commit().await?;
    Ok(Entrance { holder, password_set: Some(row.password_changed_at) })
}
