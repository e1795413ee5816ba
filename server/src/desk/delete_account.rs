//! A citizen deletes the account.

use app::words::message as words;
use domain::{
    actor::{Actor, Holder},
    id::CitizenId,
};
use serde_json::json;
use store::{citizen, contact};
use zeroize::Zeroizing;

use super::{Refusal, Visit, audit, change_password::prove, locale_of, tell::tell};
use crate::state::Portal;

/// Removes account, contacts, sessions and messages; the audit log keeps that it existed, by its id alone.
///
/// # Errors
/// [`Refusal`]; the field is `present`.
pub async fn delete(
    portal: &Portal,
    visit: &Visit,
    citizen_id: CitizenId,
    present: Zeroizing<String>,
) -> Result<(), Refusal> {
    let holder = Holder::Citizen(citizen_id);
    prove(portal, visit, holder, (present, "present")).await?;
    let mut tx = portal.pool.begin().await?;
    let locale = citizen::find(&mut tx, citizen_id).await?.map_or(visit.locale, |row| locale_of(&row.locale));
    let contacts = contact::list(&mut tx, citizen_id).await?;
    store::session::delete_all(&mut tx, holder).await?;
    store::password_link::delete_of(&mut tx, holder).await?;
    citizen::delete(&mut tx, citizen_id).await?;
    // The farewell is written after the messages of the account are gone; it leaves with the clean-up in its turn.
    for contact in contacts {
        let body = words::deleted_body(locale).to_owned();
        tell(portal, &mut tx, (holder, contact), words::deleted_subject(locale), body).await?;
    }
    audit(portal, &mut tx, (Actor::Account(holder), citizen_id.0), "account.deleted", json!({})).await?;
    tx.commit().await?;
    Ok(())
}
