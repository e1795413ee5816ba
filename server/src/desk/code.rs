//! Codes that prove a contact to be its owner's.

use app::words::message as words;
use chrono::TimeDelta;
use domain::{
    account::{Contact, ContactKind},
    actor::Holder,
    flaw::Fault,
    id::CitizenId,
    text::Locale,
};
use store::{PgConnection, confirmation, confirmation::ConfirmationRow};
use subtle::ConstantTimeEq;

use super::{Refusal, tell::tell};
use crate::{chance, state::Portal};

const TRIES: u32 = 5;
/// Minutes a code is good for.
const MINUTES: i64 = 10;

/// Sends a code to `contact`. Where that contact has an account already no code will fit, its owner is told
/// instead, and nothing else differs.
pub async fn send(
    portal: &Portal,
    db: &mut PgConnection,
    (citizen_id, contact): (CitizenId, &Contact),
    locale: Locale,
) -> Result<(), Refusal> {
    let now = portal.now();
    let code = chance::code(&*portal.chance);
    let owner = store::contact::holder_of(db, contact).await?;
    let code_hash = match owner {
        None => Some(hash(portal, citizen_id, contact.kind(), &code)),
        Some(_) => None,
    };
    let expires_at = now + TimeDelta::minutes(MINUTES);
    let row = ConfirmationRow { contact: contact.clone(), code_hash, tries_left: TRIES, expires_at };
    confirmation::put(db, citizen_id, &row, now).await?;
    let (subject, body) = match owner {
        None => (words::code_subject(locale), words::code_body(locale, &code, &MINUTES.to_string())),
        Some(_) => (words::known_subject(locale), words::known_body(locale, &portal.config.public_url)),
    };
    let recipient = Holder::Citizen(owner.unwrap_or(citizen_id));
    tell(portal, db, (recipient, contact.clone()), subject, body).await?;
    Ok(())
}

/// Compares a code, using up one try; the contact it proves.
pub async fn check(
    portal: &Portal,
    db: &mut PgConnection,
    (citizen_id, kind): (CitizenId, ContactKind),
    code: &str,
) -> Result<Contact, Refusal> {
    let row = confirmation::take_try(db, citizen_id, kind, portal.now()).await?;
    let Some(row) = row else { return Err(Refusal::flaw("code", Fault::CodeExpired)) };
    let given = hash(portal, citizen_id, kind, code);
    // Compared even where nothing can fit, so that both take the same time.
    let stored = row.code_hash.clone().unwrap_or_else(|| vec![0; given.len()]);
    if bool::from(stored.ct_eq(&given)) && row.code_hash.is_some() {
        confirmation::delete(db, citizen_id, kind).await?;
        return Ok(row.contact);
    }
    Err(Refusal::flaw("code", Fault::WrongCode { tries_left: row.tries_left }))
}

fn hash(portal: &Portal, citizen_id: CitizenId, kind: ContactKind, code: &str) -> Vec<u8> {
    portal.key.hash("code", &format!("{citizen_id}:{}:{code}", kind.name()))
}
