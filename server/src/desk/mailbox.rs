//! The sandbox's mailbox: messages that are kept instead of sent.

use store::message::MessageRow;

use super::Refusal;
use crate::state::Portal;

/// How many messages it shows.
const MOST: i64 = 50;

/// The newest messages.
///
/// # Errors
/// [`Refusal`].
pub async fn list(portal: &Portal) -> Result<Vec<MessageRow>, Refusal> {
    let mut db = portal.pool.acquire().await?;
    Ok(store::message::list_kept(&mut db, MOST).await?)
}
