//! A citizen proves to be a person of the resident register: by name and number, and by a code that goes to the contact
//! that the register has. Until the code has come back nothing tells what the register said
//! (`docs/decisions/0017-identity.md`).

use app::words::message as words;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chrono::TimeDelta;
use domain::{
    account::PersonName,
    actor::{Actor, Holder},
    flaw::Fault,
    id::CitizenId,
    identity::PER_DAY,
    resident_number::ResidentNumber,
    text::Locale,
};
use exchange::ids::CaseId;
use serde_json::json;
use store::{
    PgConnection, Sealed, identity,
    identity::IdentityRow,
    identity_attempt as attempt,
    identity_attempt::{AttemptRow, Claim},
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    Refusal, Visit, audit, locale_of,
    resident_register::{self, Asker},
    tell::tell,
    throttle::DayTries,
};
use crate::{
    chance,
    state::Portal,
    vault::{Place, VaultError},
};

/// Tries of one code.
const TRIES: u32 = 5;
/// Minutes an attempt lasts.
const MINUTES: i64 = 10;

/// What came of name and number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Begun {
    /// A code is on its way, if name and number are right and the register has a contact.
    CodeMayCome,
    /// The register does not answer. The try does not count.
    NotNow,
}

/// What came of the right code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Confirmed {
    /// The account is this person's.
    Verified,
    /// The person has another account, which has been told.
    OtherAccount,
}

/// Where the number of a verified account stands.
pub fn number_of(citizen_id: CitizenId) -> Place {
    Place { table: "identities", column: "number", row: citizen_id.0 }
}

/// Where the number of an attempt stands.
fn number_of_attempt(citizen_id: CitizenId) -> Place {
    Place { table: "identity_attempts", column: "number", row: citizen_id.0 }
}

/// Asks the register whether name and number belong together, and leaves the rest to a job: whatever the answer is, the
/// same is written and the same is said.
///
/// # Errors
/// [`Refusal::Gone`] where the account is verified already; flaws of `name` and `serial`.
pub async fn begin(
    portal: &Portal,
    visit: &Visit,
    citizen_id: CitizenId,
    (name, number): (PersonName, ResidentNumber),
) -> Result<Begun, Refusal> {
    if verified(portal, citizen_id).await?.is_some() {
        return Err(Refusal::Gone);
    }
    let target = resident_register::person(&name, number.clone())
        .ok_or_else(|| Refusal::flaw("name", Fault::NotAllowedCharacter))?;
    let tries = tries(portal, visit, citizen_id, &number);
    tries.count(portal, &PER_DAY, "serial").await?;
    let now = portal.now();
    let asker = Asker { citizen_id, case: CaseId::mint(now, &*portal.chance) };
    let Ok(confirmed) = resident_register::verify(portal, asker, &target).await else {
        tries.take_back(portal).await?;
        return Ok(Begun::NotNow);
    };
    let sealed = seal(portal, number_of_attempt(citizen_id), &number)?;
    let new = AttemptRow {
        citizen_id,
        case_id: asker.case.uuid(),
        claim: confirmed.then(|| Claim { name: name.as_str().to_owned(), number: sealed }),
        code_hash: None,
        tries_left: TRIES,
        expires_at: now + TimeDelta::minutes(MINUTES),
    };
    let mut tx = portal.pool.begin().await?;
    attempt::put(&mut tx, &new, now).await?;
    let job = crate::jobs::send_identity_code::SendIdentityCode {
        citizen_id,
        case_id: new.case_id,
        locale: visit.locale,
    };
    job.enqueue(&mut tx).await?;
    note(portal, &mut tx, citizen_id, "identity.asked").await?;
    tx.commit().await?;
    Ok(Begun::CodeMayCome)
}

/// Sends the code of an attempt, if the register has confirmed it and has a contact. Done once: whoever comes again finds
/// the code's hash.
///
/// # Errors
/// As text, to be tried again later.
pub async fn send_code(
    portal: &Portal,
    (citizen_id, case_id): (CitizenId, Uuid),
    locale: Locale,
) -> Result<(), String> {
    let found = {
        let mut db = portal.pool.acquire().await.map_err(|error| error.to_string())?;
        attempt::find(&mut db, citizen_id).await.map_err(|error| error.to_string())?
    };
    let waits =
        |row: &AttemptRow| row.case_id == case_id && row.code_hash.is_none() && row.expires_at > portal.now();
    let Some(row) = found.filter(waits) else { return Ok(()) };
    let Some(claim) = &row.claim else { return Ok(()) };
    let number =
        open(portal, number_of_attempt(citizen_id), &claim.number).map_err(|error| error.to_string())?;
    let target =
        PersonName::parse(&claim.name).ok().and_then(|name| resident_register::person(&name, number));
    let (Some(target), Ok(case)) = (target, CaseId::try_from(case_id)) else { return Ok(()) };
    let contact = resident_register::contact(portal, Asker { citizen_id, case }, &target)
        .await
        .map_err(|error| error.to_string())?;
    let Some(contact) = contact else { return Ok(()) };
    let code = chance::code(&*portal.chance);
    let minutes = ((row.expires_at - portal.now()).num_seconds() + 59) / 60;
    let written = async {
        let mut tx = portal.pool.begin().await?;
        if attempt::set_code(&mut tx, (citizen_id, case_id), &hash(portal, &row, &code)).await? {
            let body = words::identity_code_body(locale, &code, &minutes.to_string());
            let recipient = (Holder::Citizen(citizen_id), contact);
            tell(portal, &mut tx, recipient, words::identity_code_subject(locale), body).await?;
        }
        tx.commit().await?;
        Ok::<_, Refusal>(())
    };
    written.await.map_err(|error| error.to_string())
}

/// Whether the account waits for a code.
///
/// # Errors
/// [`Refusal`].
pub async fn is_waiting(portal: &Portal, citizen_id: CitizenId) -> Result<bool, Refusal> {
    let mut db = portal.pool.acquire().await?;
    Ok(attempt::find(&mut db, citizen_id).await?.is_some())
}

/// Who the account has been verified to be.
///
/// # Errors
/// [`Refusal`].
pub async fn verified(portal: &Portal, citizen_id: CitizenId) -> Result<Option<IdentityRow>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    Ok(identity::find(&mut db, citizen_id).await?)
}

/// The number of a verified account as it may be shown, `900101-1******`.
///
/// # Errors
/// [`VaultError`].
pub fn masked_number(portal: &Portal, row: &IdentityRow) -> Result<String, VaultError> {
    Ok(open(portal, number_of(row.citizen_id), &row.number)?.to_string())
}

/// Makes the account the person's if the code is right and the person has no other.
///
/// # Errors
/// [`Refusal`]; the field is `code`.
pub async fn confirm(
    portal: &Portal,
    visit: &Visit,
    citizen_id: CitizenId,
    given: &str,
) -> Result<Confirmed, Refusal> {
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let row = attempt::take_try(&mut tx, citizen_id, now).await?;
    if identity::find(&mut tx, citizen_id).await?.is_some() {
        // Pressed twice, or verified in another window meanwhile.
        return Ok(Confirmed::Verified);
    }
    let Some(row) = row else { return Err(Refusal::flaw("code", Fault::CodeExpired)) };
    let given = hash(portal, &row, given);
    // Compared even where nothing can fit, so that both take the same time.
    let stored = row.code_hash.clone().unwrap_or_else(|| vec![0; given.len()]);
    let fits = bool::from(stored.ct_eq(&given)) && row.code_hash.is_some();
    let Some(claim) = row.claim.filter(|_| fits) else {
        // The try is used up, whatever else happens.
        tx.commit().await?;
        return Err(Refusal::flaw("code", Fault::WrongCode { tries_left: row.tries_left }));
    };
    let number = open(portal, number_of_attempt(citizen_id), &claim.number)?;
    let new = IdentityRow {
        citizen_id,
        name: claim.name,
        number: seal(portal, number_of(citizen_id), &number)?,
        number_hash: number_hash(portal, &number),
        verified_at: now,
    };
    attempt::delete(&mut tx, citizen_id).await?;
    let other = identity::claim(&mut tx, &new).await?.filter(|other| *other != citizen_id);
    if let Some(other) = other {
        note(portal, &mut tx, citizen_id, "identity.refused").await?;
        warn(portal, &mut tx, other).await?;
    } else {
        note(portal, &mut tx, citizen_id, "identity.verified").await?;
    }
    tx.commit().await?;
    if other.is_some() {
        return Ok(Confirmed::OtherAccount);
    }
    // Who has succeeded has not guessed: the next person at this address may try as well.
    tries(portal, visit, citizen_id, &number).take_back_address(portal).await?;
    Ok(Confirmed::Verified)
}

/// Tells an account that somebody has proved, from another account, to be the same person.
async fn warn(portal: &Portal, db: &mut PgConnection, first: CitizenId) -> Result<(), Refusal> {
    let locale =
        store::citizen::find(db, first).await?.map_or(Locale::default(), |row| locale_of(&row.locale));
    for contact in store::contact::list(db, first).await? {
        let body = words::identity_other_body(locale, &portal.config.public_url);
        let recipient = (Holder::Citizen(first), contact);
        tell(portal, db, recipient, words::identity_other_subject(locale), body).await?;
    }
    let about = (Actor::Portal, first.0);
    audit(portal, db, about, "identity.second_attempt", json!({})).await?;
    Ok(())
}

async fn note(
    portal: &Portal,
    db: &mut PgConnection,
    citizen_id: CitizenId,
    action: &'static str,
) -> Result<(), Refusal> {
    let who = (Actor::Account(Holder::Citizen(citizen_id)), citizen_id.0);
    Ok(audit(portal, db, who, action, json!({})).await?)
}

fn tries(portal: &Portal, visit: &Visit, citizen_id: CitizenId, number: &ResidentNumber) -> DayTries {
    let number = STANDARD_NO_PAD.encode(number_hash(portal, number));
    let things = [("identity-account", citizen_id.to_string()), ("identity-number", number)];
    DayTries::of(portal, visit.address, "identity-address", &things)
}

fn number_hash(portal: &Portal, number: &ResidentNumber) -> Vec<u8> {
    portal.vault.hash("resident-number", number.expose())
}

fn hash(portal: &Portal, row: &AttemptRow, code: &str) -> Vec<u8> {
    portal.key.hash("identity-code", &format!("{}:{}:{code}", row.citizen_id, row.case_id))
}

fn seal(portal: &Portal, place: Place, number: &ResidentNumber) -> Result<Sealed, VaultError> {
    portal.vault.seal(place, number.expose().as_bytes(), &*portal.chance)
}

fn open(portal: &Portal, place: Place, sealed: &Sealed) -> Result<ResidentNumber, VaultError> {
    let clear = portal.vault.open(place, sealed)?;
    let number = std::str::from_utf8(&clear).ok().and_then(|text| text.parse().ok());
    number.ok_or(VaultError::Broken(place.table, place.column))
}
