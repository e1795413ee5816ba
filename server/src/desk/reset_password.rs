//! A lost password: a link is asked for, and used once.

use app::words::message as words;
use chrono::TimeDelta;
use domain::{
    account::Contact,
    actor::{Actor, Holder},
    text::Locale,
    throttle::PER_CONTACT,
};
use serde_json::json;
use store::{
    citizen, contact, officer,
    password_link::{self, Purpose},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Refusal, Visit, audit,
    change_password::known_words,
    locale_of,
    sign_in::forgive,
    tell::tell,
    throttle::{Count, count},
};
use crate::{chance, jobs::send_reset_link::SendResetLink, state::Portal};

/// Minutes a link is good for.
const MINUTES: i64 = 30;

/// Leaves it to a job to send a link, if the contact has an account: the answer, and the time it takes, are the same if
/// it has none.
///
/// # Errors
/// [`Refusal`].
pub async fn ask(portal: &Portal, visit: &Visit, contact: Contact) -> Result<(), Refusal> {
    let limited = Count { purpose: "contact", of: contact.address(), limit: &PER_CONTACT };
    count(portal, visit.address, limited, "contact").await?;
    let mut db = portal.pool.acquire().await?;
    SendResetLink { contact, locale: visit.locale }.enqueue(&mut db).await?;
    Ok(())
}

/// Sends the link. Asked again after it was sent, it sends another: only the newest opens.
///
/// # Errors
/// [`Refusal`].
pub async fn send_link(portal: &Portal, contact: &Contact, asked_in: Locale) -> Result<(), Refusal> {
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let Some(citizen_id) = contact::holder_of(&mut tx, contact).await? else {
        audit(portal, &mut tx, (Actor::Nobody, Uuid::nil()), "account.reset_asked", json!({})).await?;
        tx.commit().await?;
        return Ok(());
    };
    let locale = citizen::find(&mut tx, citizen_id).await?.map_or(asked_in, |row| locale_of(&row.locale));
    let token = chance::token(&*portal.chance);
    let holder = Holder::Citizen(citizen_id);
    let hash = portal.key.hash("password-link", &token);
    password_link::put(&mut tx, &hash, Purpose::Reset, holder, now + TimeDelta::minutes(MINUTES)).await?;
    let link = format!("{}/{}/reset/{token}", portal.config.public_url, locale.tag());
    let body = words::reset_body(locale, &link, &MINUTES.to_string());
    tell(portal, &mut tx, (holder, contact.clone()), words::reset_subject(locale), body).await?;
    audit(portal, &mut tx, (Actor::Nobody, citizen_id.0), "account.reset_asked", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the link opens something.
///
/// # Errors
/// [`Refusal`].
pub async fn is_open(portal: &Portal, token: &str, purpose: Purpose) -> Result<bool, Refusal> {
    let mut db = portal.pool.acquire().await?;
    let hash = portal.key.hash("password-link", token);
    Ok(password_link::find(&mut db, &hash, purpose, portal.now()).await?.is_some())
}

/// Sets the password that the link allows to set, and ends every session of the account.
///
/// # Errors
/// [`Refusal::Gone`] when the link is used up or too old.
pub async fn set(
    portal: &Portal,
    visit: &Visit,
    token: &str,
    purpose: Purpose,
    password: Zeroizing<String>,
) -> Result<(), Refusal> {
    let token_hash = portal.key.hash("password-link", token);
    let known = {
        let mut db = portal.pool.acquire().await?;
        let holder =
            password_link::find(&mut db, &token_hash, purpose, portal.now()).await?.ok_or(Refusal::Gone)?;
        known_words(&mut db, holder).await?
    };
    portal
        .passwords
        .judge(password.clone(), known)
        .await?
        .map_err(|fault| Refusal::flaw("password", fault))?;
    let new_hash = portal.passwords.hash(password).await?;
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let holder = password_link::take(&mut tx, &token_hash, purpose, now).await?.ok_or(Refusal::Gone)?;
    match holder {
        Holder::Citizen(id) => citizen::set_password_hash(&mut tx, id, &new_hash, now).await?,
        Holder::Officer(id) => officer::set_password_hash(&mut tx, id, &new_hash, now).await?,
    }
    store::session::delete_all(&mut tx, holder).await?;
    tell_owner(portal, &mut tx, holder).await?;
    audit(portal, &mut tx, (Actor::Account(holder), holder.id()), "account.password_set", json!({})).await?;
    tx.commit().await?;
    // Whoever holds the link is the owner: what others tried before does not make the owner wait.
    forgive(portal, visit, holder).await
}

/// Tells the owner on every contact that the password has changed: whoever did not do it learns of it.
///
/// # Errors
/// [`Refusal`].
pub async fn tell_owner(
    portal: &Portal,
    db: &mut store::PgConnection,
    holder: Holder,
) -> Result<(), Refusal> {
    let (locale, contacts) = match holder {
        Holder::Citizen(id) => {
            let Some(row) = citizen::find(db, id).await? else { return Ok(()) };
            (row.locale, contact::list(db, id).await?)
        }
        Holder::Officer(id) => {
            let Some(row) = officer::find(db, id).await? else { return Ok(()) };
            (row.locale, vec![Contact::Email(row.email)])
        }
    };
    let locale = locale_of(&locale);
    for contact in contacts {
        let body = words::changed_body(locale, &portal.config.public_url);
        tell(portal, db, (holder, contact), words::changed_subject(locale), body).await?;
    }
    Ok(())
}
