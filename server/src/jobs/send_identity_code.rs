//! Sends the code that proves who somebody is, to the contact that the resident register has.

use domain::{id::CitizenId, text::Locale};
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use store::{PgConnection, StoreError};
use uuid::Uuid;

use crate::{desk::verify_identity, state::Portal};

/// For which attempt. Whether there is anything to send is found out here, where nobody measures how long it takes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SendIdentityCode {
    /// The account.
    pub citizen_id: CitizenId,
    /// The attempt.
    pub case_id: Uuid,
    /// The language of the page.
    pub locale: Locale,
}

impl SendIdentityCode {
    /// Enqueues the job in the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue(self, db: &mut PgConnection) -> Result<(), StoreError> {
        store::job::enqueue(db, Self::IDENTIFIER, &self).await
    }
}

impl TaskHandler for SendIdentityCode {
    const IDENTIFIER: &'static str = "send_identity_code";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Portal>() {
            Some(portal) => {
                verify_identity::send_code(portal, (self.citizen_id, self.case_id), self.locale).await
            }
            None => Err("the worker was started without the portal".to_owned()),
        }
    }
}
