//! Removes what has run out, and prepares the audit log's next months.

use chrono::TimeDelta;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::state::Portal;

/// Days a message is kept.
const MESSAGE_DAYS: i64 = 30;

/// Every hour. Its payload is JSON's null, which is what the schedule says when it says nothing.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct CleanUp;

impl CleanUp {
    /// Does it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clean_up(self, portal: &Portal) -> Result<(), StoreError> {
        let now = portal.now();
        let mut db = portal.pool.acquire().await?;
        let sessions = store::session::delete_expired(&mut db, now).await?;
        let links = store::password_link::delete_expired(&mut db, now).await?;
        // An expired code still answers "expired" for a day, then its registration goes as well.
        let codes = store::confirmation::delete_expired(&mut db, now - TimeDelta::days(1)).await?;
        let attempts = store::identity_attempt::delete_expired(&mut db, now).await?;
        let registrations = store::registration::delete_older_than(&mut db, now - TimeDelta::days(1)).await?;
        let throttles = store::throttle::delete_older_than(&mut db, now - TimeDelta::days(1)).await?;
        let messages =
            store::message::delete_older_than(&mut db, now - TimeDelta::days(MESSAGE_DAYS)).await?;
        let months = store::audit::prepare_months(&mut db, now.date_naive()).await?;
        tracing::info!(
            sessions,
            links,
            codes,
            attempts,
            registrations,
            throttles,
            messages,
            months,
            "cleaned up"
        );
        Ok(())
    }
}

impl TaskHandler for CleanUp {
    const IDENTIFIER: &'static str = "clean_up";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Portal>() {
            Some(portal) => self.clean_up(portal).await.map_err(|error| error.to_string()),
            None => Err("the worker was started without the portal".to_owned()),
        }
    }
}
