//! Messages to people.

use chrono::{DateTime, Utc};
use domain::{account::Contact, id::MessageId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{StoreError, contact::to_contact};

/// A message to be sent. It has no `Debug`: its body may carry a code.
pub struct MessageRow {
    /// The account it goes to.
    pub recipient_id: Uuid,
    /// Its id, also the stable part of the mail's Message-ID.
    pub message_id: MessageId,
    /// Where it goes.
    pub contact: Contact,
    /// One line.
    pub subject: String,
    /// Plain text; empty once it was handed over.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// Keeps a message; the job that sends it is enqueued in the same transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(db: &mut PgConnection, new: &MessageRow) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into messages (recipient_id, message_id, channel, address, subject, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.recipient_id,
        new.message_id.0,
        new.contact.kind().name(),
        new.contact.address(),
        new.subject,
        new.body,
        new.created_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The message, unless the provider has accepted it already.
///
/// # Errors
/// [`StoreError`].
pub async fn find_unsent(
    db: &mut PgConnection,
    recipient_id: Uuid,
    message_id: MessageId,
) -> Result<Option<MessageRow>, StoreError> {
    let row = sqlx::query!(
        "select channel, address, subject, body, created_at from messages
         where recipient_id = $1 and message_id = $2 and sent_at is null and body is not null",
        recipient_id,
        message_id.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| {
        Some(MessageRow {
            recipient_id,
            message_id,
            contact: to_contact(&row.channel, row.address)?,
            subject: row.subject,
            body: row.body.unwrap_or_default(),
            created_at: row.created_at,
        })
    }))
}

/// Marks a message as accepted by its provider, with the answer, and forgets its body unless it is to be kept.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_sent(
    db: &mut PgConnection,
    recipient_id: Uuid,
    message_id: MessageId,
    answer: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update messages set sent_at = $3, answer = $4, body = null
         where recipient_id = $1 and message_id = $2 and sent_at is null",
        recipient_id,
        message_id.0,
        at,
        answer,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the body of a message that can never be sent: a code in it helps nobody any more.
///
/// # Errors
/// [`StoreError`].
pub async fn give_up(
    db: &mut PgConnection,
    recipient_id: Uuid,
    message_id: MessageId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update messages set body = null where recipient_id = $1 and message_id = $2 and sent_at is null",
        recipient_id,
        message_id.0,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest messages that were kept instead of being sent (the sandbox's mailbox).
///
/// # Errors
/// [`StoreError`].
pub async fn list_kept(db: &mut PgConnection, most: i64) -> Result<Vec<MessageRow>, StoreError> {
    let rows = sqlx::query!(
        r#"select recipient_id, message_id, channel, address, subject, body as "body!", created_at from messages
           where body is not null order by created_at desc, message_id desc limit $1"#,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(MessageRow {
                recipient_id: row.recipient_id,
                message_id: MessageId(row.message_id),
                contact: to_contact(&row.channel, row.address)?,
                subject: row.subject,
                body: row.body,
                created_at: row.created_at,
            })
        })
        .collect())
}

/// Removes messages from before `instant`.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_older_than(db: &mut PgConnection, instant: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from messages where created_at < $1", instant).execute(db).await?.rows_affected())
}
