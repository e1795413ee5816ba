//! Writes a message and leaves its sending to a job, both in the caller's transaction.

use domain::{account::Contact, actor::Holder, id::MessageId};
use store::{PgConnection, StoreError, message::MessageRow};

use crate::{jobs::send_message::SendMessage, state::Portal};

/// Writes `body` to `contact`; it is sent after the transaction has committed.
pub async fn tell(
    portal: &Portal,
    db: &mut PgConnection,
    (recipient, contact): (Holder, Contact),
    subject: &str,
    body: String,
) -> Result<(), StoreError> {
    let now = portal.now();
    let message = MessageRow {
        recipient_id: recipient.id(),
        message_id: MessageId::mint(now, &*portal.chance),
        contact,
        subject: subject.to_owned(),
        body,
        created_at: now,
    };
    store::message::insert(db, &message).await?;
    SendMessage { recipient_id: message.recipient_id, message_id: message.message_id }.enqueue(db).await
}
