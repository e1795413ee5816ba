//! Seeing and ending sessions.

use domain::{
    actor::{Actor, Holder},
    id::SessionHandle,
};
use serde_json::json;
use store::session::SessionLine;

use super::{Refusal, audit};
use crate::state::Portal;

/// The open sessions of an account.
///
/// # Errors
/// [`Refusal`].
pub async fn list(portal: &Portal, holder: Holder) -> Result<Vec<SessionLine>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    let (now, (idle, _)) = (portal.now(), portal.config.sessions.of(holder));
    Ok(store::session::list(&mut db, holder, now, now - idle).await?)
}

/// Ends one of them.
///
/// # Errors
/// [`Refusal::Gone`] when the account has no such session.
pub async fn end(portal: &Portal, holder: Holder, handle: SessionHandle) -> Result<(), Refusal> {
    let mut tx = portal.pool.begin().await?;
    if !store::session::delete_by_handle(&mut tx, holder, handle).await? {
        return Err(Refusal::Gone);
    }
    audit(portal, &mut tx, (Actor::Account(holder), holder.id()), "account.session_ended", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that somebody has left; the browser's session ends by itself.
///
/// # Errors
/// [`Refusal`].
pub async fn note_sign_out(portal: &Portal, holder: Holder) -> Result<(), Refusal> {
    let mut db = portal.pool.acquire().await?;
    audit(portal, &mut db, (Actor::Account(holder), holder.id()), "account.signed_out", json!({})).await?;
    Ok(())
}

/// Ends all of them.
///
/// # Errors
/// [`Refusal`].
pub async fn end_all(portal: &Portal, holder: Holder) -> Result<(), Refusal> {
    let mut tx = portal.pool.begin().await?;
    store::session::delete_all(&mut tx, holder).await?;
    audit(portal, &mut tx, (Actor::Account(holder), holder.id()), "account.signed_out_everywhere", json!({}))
        .await?;
    tx.commit().await?;
    Ok(())
}
