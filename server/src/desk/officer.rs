//! Officers are added by a command and set their first password by a link.

use chrono::TimeDelta;
use domain::{
    account::{Contact, PersonName},
    actor::{Actor, Holder, Role},
    flaw::{Fault, Flaw},
    id::OfficerId,
    text::Locale,
};
use serde_json::json;
use store::{
    officer::{self, NewOfficer},
    password_link::{self, Purpose},
};

use super::{Refusal, audit};
use crate::{chance, state::Portal};

/// Hours a set-up link is good for.
const HOURS: i64 = 72;

/// Who is to be added, parsed.
#[derive(Debug)]
pub struct AddOfficer {
    /// The name.
    pub name: PersonName,
    /// What the officer signs in with.
    pub email: Contact,
    /// The agency's id in the catalogue.
    pub agency: String,
    /// The department's id within it.
    pub department: String,
    /// What the officer may do.
    pub role: Role,
    /// The language of messages.
    pub locale: Locale,
}

/// Adds an officer, or corrects one who has no password yet; the address of a set-up link.
///
/// # Errors
/// [`Refusal`]; a flaw of `email` when that officer has signed in already.
pub async fn add(portal: &Portal, new: &AddOfficer) -> Result<String, Refusal> {
    let now = portal.now();
    let mut tx = portal.pool.begin().await?;
    let known = officer::holder_of(&mut tx, &new.email).await?;
    let officer_id = known.unwrap_or_else(|| OfficerId::mint(now, &*portal.chance));
    let row = NewOfficer {
        officer_id,
        name: &new.name,
        email: &new.email,
        agency: &new.agency,
        department: &new.department,
        role: new.role,
        locale: new.locale,
    };
    let action = match known {
        None => {
            officer::insert(&mut tx, &row, now).await?;
            "officer.added"
        }
        Some(known) if officer::password_hash(&mut tx, known).await?.is_none() => {
            officer::update(&mut tx, known, &row).await?;
            "officer.corrected"
        }
        Some(_) => return Err(Refusal::Flaws(vec![Flaw::new("email", Fault::Taken)])),
    };
    let detail = json!({ "role": new.role.name(), "agency": new.agency, "department": new.department });
    audit(portal, &mut tx, (Actor::Portal, officer_id.0), action, detail).await?;
    let link = link(portal, &mut tx, officer_id).await?;
    tx.commit().await?;
    Ok(link)
}

/// A link by which an officer sets a new password, because the old one is lost.
///
/// # Errors
/// [`Refusal::Gone`] when nobody has this address.
pub async fn renew_link(portal: &Portal, email: &Contact) -> Result<String, Refusal> {
    let mut tx = portal.pool.begin().await?;
    let officer_id = officer::holder_of(&mut tx, email).await?.ok_or(Refusal::Gone)?;
    let link = link(portal, &mut tx, officer_id).await?;
    audit(portal, &mut tx, (Actor::Portal, officer_id.0), "officer.link_renewed", json!({})).await?;
    tx.commit().await?;
    Ok(link)
}

async fn link(
    portal: &Portal,
    db: &mut store::PgConnection,
    officer_id: OfficerId,
) -> Result<String, Refusal> {
    let token = chance::token(&*portal.chance);
    let expires_at = portal.now() + TimeDelta::hours(HOURS);
    let hash = portal.key.hash("password-link", &token);
    password_link::put(db, &hash, Purpose::SetUp, Holder::Officer(officer_id), expires_at).await?;
    Ok(format!("{}/staff/set-up/{token}", portal.config.public_url))
}
