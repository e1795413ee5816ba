//! Somebody makes an account: the form, then the code that confirms the contact. Nothing a stranger can see
//! tells whether the contact has an account already.

use domain::{
    account::{Contact, ContactKind, PersonName},
    actor::{Actor, Holder},
    flaw::Fault,
    id::CitizenId,
    throttle::PER_CONTACT,
};
use serde_json::json;
use store::{citizen, confirmation, contact, registration};
use zeroize::Zeroizing;

use super::{
    Entrance, Refusal, Visit, audit, code,
    throttle::{Count, count, count_address, count_thing},
};
use crate::state::Portal;

/// What the form gave, parsed.
pub struct SignUp {
    /// The name.
    pub name: PersonName,
    /// Where the code goes.
    pub contact: Contact,
    /// The password, not judged yet.
    pub password: Zeroizing<String>,
}

/// Keeps the registration and sends the code; the id under which it is to be confirmed.
///
/// # Errors
/// [`Refusal`].
pub async fn register(portal: &Portal, visit: &Visit, form: SignUp) -> Result<CitizenId, Refusal> {
    let known = vec![form.name.as_str().to_owned(), form.contact.address().to_owned()];
    // A password that is too weak sends no message, and so counts for the address alone.
    judge(portal, visit, form.password.clone(), known).await?;
    let limited = Count { purpose: "contact", of: form.contact.address(), limit: &PER_CONTACT };
    count_thing(portal, limited, "contact").await?;
    let password_hash = portal.passwords.hash(form.password).await?;
    let now = portal.now();
    let citizen_id = CitizenId::mint(now, &*portal.chance);
    let mut tx = portal.pool.begin().await?;
    let new = registration::Registration {
        citizen_id,
        name: &form.name,
        password_hash: &password_hash,
        locale: visit.locale,
    };
    registration::insert(&mut tx, new, now).await?;
    code::send(portal, &mut tx, (citizen_id, &form.contact), visit.locale).await?;
    tx.commit().await?;
    Ok(citizen_id)
}

/// Judges the password of a form that has other flaws, so that all are said at once.
///
/// # Errors
/// [`Refusal`]; the field is `password`.
pub async fn judge(
    portal: &Portal,
    visit: &Visit,
    password: Zeroizing<String>,
    known: Vec<String>,
) -> Result<(), Refusal> {
    count_address(portal, visit.address, "contact").await?;
    portal.passwords.judge(password, known).await?.map_err(|fault| Refusal::flaw("password", fault))
}

/// Sends another code for a registration.
///
/// # Errors
/// [`Refusal::Gone`] when there is no such registration.
pub async fn resend(portal: &Portal, visit: &Visit, citizen_id: CitizenId) -> Result<(), Refusal> {
    let contact = waiting_contact(portal, citizen_id).await?.ok_or(Refusal::Gone)?;
    let limited = Count { purpose: "contact", of: contact.address(), limit: &PER_CONTACT };
    count(portal, visit.address, limited, "code").await?;
    let mut tx = portal.pool.begin().await?;
    code::send(portal, &mut tx, (citizen_id, &contact), visit.locale).await?;
    tx.commit().await?;
    Ok(())
}

/// The contact that a registration waits for.
///
/// # Errors
/// [`Refusal`].
pub async fn waiting_contact(portal: &Portal, citizen_id: CitizenId) -> Result<Option<Contact>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    for kind in ContactKind::ALL {
        if let Some(row) = confirmation::find(&mut db, citizen_id, kind).await? {
            return Ok(Some(row.contact));
        }
    }
    Ok(None)
}

/// Makes the account if the code is the one that was sent.
///
/// # Errors
/// [`Refusal`].
pub async fn confirm(portal: &Portal, citizen_id: CitizenId, given: &str) -> Result<Entrance, Refusal> {
    let waiting = waiting_contact(portal, citizen_id).await?.ok_or(Refusal::Gone)?;
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let proved = match code::check(portal, &mut tx, (citizen_id, waiting.kind()), given).await {
        Ok(contact) => contact,
        Err(refusal) => {
            // The try is used up, whatever else happens.
            tx.commit().await?;
            return Err(refusal);
        }
    };
    if !citizen::insert_from_registration(&mut tx, citizen_id, now).await? {
        return Err(Refusal::Gone);
    }
    registration::delete(&mut tx, citizen_id).await?;
    contact::put(&mut tx, citizen_id, &proved, now).await.map_err(|error| {
        // Two registrations of one contact, both confirmed: the second learns what a stranger would.
        if error.is_constraint("sign_in_names_pkey") {
            Refusal::flaw("code", Fault::CodeExpired)
        } else {
            error.into()
        }
    })?;
    let holder = Holder::Citizen(citizen_id);
    let detail = json!({ "contact": proved.kind().name() });
    audit(portal, &mut tx, (Actor::Account(holder), citizen_id.0), "account.created", detail).await?;
    tx.commit().await?;
    Ok(Entrance { holder, password_set: Some(now) })
}
