//! Sends the link for a lost password, to whoever has asked for one.

use domain::{account::Contact, text::Locale};
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use store::{PgConnection, StoreError};

use crate::{desk::reset_password, state::Portal};

/// For whom. Whether the contact has an account is looked up here, where nobody measures how long it takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendResetLink {
    /// What was typed.
    pub contact: Contact,
    /// The language of the page.
    pub locale: Locale,
}

impl SendResetLink {
    /// Enqueues the job in the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue(&self, db: &mut PgConnection) -> Result<(), StoreError> {
        store::job::enqueue(db, Self::IDENTIFIER, self).await
    }
}

impl TaskHandler for SendResetLink {
    const IDENTIFIER: &'static str = "send_reset_link";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Portal>() {
            Some(portal) => reset_password::send_link(portal, &self.contact, self.locale)
                .await
                .map_err(|error| error.to_string()),
            None => Err("the worker was started without the portal".to_owned()),
        }
    }
}
