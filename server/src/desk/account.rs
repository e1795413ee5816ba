//! Looking at an account.

use domain::{
    account::Contact,
    id::{CitizenId, OfficerId},
};
use store::{citizen::CitizenRow, officer::OfficerRow};

use super::Refusal;
use crate::state::Portal;

/// A citizen and the ways to reach them.
///
/// # Errors
/// [`Refusal::Gone`] when there is no such account any more.
pub async fn citizen(portal: &Portal, id: CitizenId) -> Result<(CitizenRow, Vec<Contact>), Refusal> {
    let mut db = portal.pool.acquire().await?;
    let row = store::citizen::find(&mut db, id).await?.ok_or(Refusal::Gone)?;
    let contacts = store::contact::list(&mut db, id).await?;
    Ok((row, contacts))
}

/// An officer.
///
/// # Errors
/// [`Refusal::Gone`] when there is no such account any more.
pub async fn officer(portal: &Portal, id: OfficerId) -> Result<OfficerRow, Refusal> {
    let mut db = portal.pool.acquire().await?;
    store::officer::find(&mut db, id).await?.ok_or(Refusal::Gone)
}
