//! Hands a message to its provider.

use domain::id::MessageId;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use store::{PgConnection, StoreError};
use uuid::Uuid;

use crate::{
    messaging::{Outcome, SendError},
    state::Portal,
};

/// Which message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SendMessage {
    /// The account it goes to.
    pub recipient_id: Uuid,
    /// The message.
    pub message_id: MessageId,
}

impl SendMessage {
    /// Enqueues the job in the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue(self, db: &mut PgConnection) -> Result<(), StoreError> {
        store::job::enqueue(db, Self::IDENTIFIER, &self).await
    }

    /// Sends the message unless that has been done; "sent" is written only after the provider has said so.
    ///
    /// # Errors
    /// As text, to be tried again later.
    pub async fn send(self, portal: &Portal) -> Result<(), String> {
        let message = {
            let mut db = portal.pool.acquire().await.map_err(|error| error.to_string())?;
            store::message::find_unsent(&mut db, self.recipient_id, self.message_id).await
        }
        .map_err(|error| error.to_string())?;
        let Some(message) = message else { return Ok(()) };
        match portal.messenger.send(&message).await {
            Ok(Outcome::Kept) => Ok(()),
            Ok(Outcome::Accepted(answer)) => {
                let mut db = portal.pool.acquire().await.map_err(|error| error.to_string())?;
                store::message::mark_sent(&mut db, self.recipient_id, self.message_id, &answer, portal.now())
                    .await
                    .map_err(|error| error.to_string())
            }
            Err(SendError::Later(why)) => Err(why),
            Err(SendError::Never(why)) => {
                let mut db = portal.pool.acquire().await.map_err(|error| error.to_string())?;
                store::message::give_up(&mut db, self.recipient_id, self.message_id)
                    .await
                    .map_err(|error| error.to_string())?;
                tracing::error!(message = %self.message_id, %why, "a message cannot be sent and is given up");
                Ok(())
            }
        }
    }
}

impl TaskHandler for SendMessage {
    const IDENTIFIER: &'static str = "send_message";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Portal>() {
            Some(portal) => self.send(portal).await,
            None => Err("the worker was started without the portal".to_owned()),
        }
    }
}
