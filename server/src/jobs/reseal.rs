//! Seals anew, with the newest key, what older keys have sealed.

use domain::id::CitizenId;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use store::{PgConnection, StoreError, identity};
use uuid::Uuid;

use crate::{
    desk::{Refusal, verify_identity::number_of},
    state::Portal,
};

/// Values at a time.
const BATCH: i64 = 100;

/// After a rotation, and each hour. Its payload is JSON's null.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Reseal;

impl Reseal {
    /// Enqueues the job in the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enqueue(self, db: &mut PgConnection) -> Result<(), StoreError> {
        store::job::enqueue(db, Self::IDENTIFIER, &self).await
    }

    /// Does it, batch by batch; how many values there were. What does not open is told in the log and left as it is.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn reseal(self, portal: &Portal) -> Result<u64, Refusal> {
        portal.vault.reload()?;
        let ring = portal.vault.ring();
        let names: Vec<&str> = ring.names().collect();
        let Some((_newest, old)) = names.split_last() else { return Ok(0) };
        let mut done = 0;
        for key in old {
            done += reseal_key(portal, key).await?;
        }
        if done > 0 {
            tracing::info!(done, "sealed anew");
        }
        Ok(done)
    }
}

async fn reseal_key(portal: &Portal, key: &str) -> Result<u64, Refusal> {
    let (mut done, mut after) = (0, CitizenId(Uuid::nil()));
    while !portal.stop.is_cancelled() {
        let mut db = portal.pool.acquire().await?;
        let batch = identity::list_sealed_with(&mut db, key, after, BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        after = *last;
        for (citizen_id, old) in batch {
            let place = number_of(citizen_id);
            let clear = match portal.vault.open(place, &old) {
                Ok(clear) => clear,
                Err(error) => {
                    tracing::error!(%citizen_id, %error, "a value cannot be sealed anew");
                    continue;
                }
            };
            let new = portal.vault.seal(place, &clear, &*portal.chance)?;
            done += u64::from(identity::reseal(&mut db, citizen_id, (&old, &new)).await?);
        }
    }
    Ok(done)
}

impl TaskHandler for Reseal {
    const IDENTIFIER: &'static str = "reseal";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Portal>() {
            Some(portal) => self.reseal(portal).await.map(drop).map_err(|error| error.to_string()),
            None => Err("the worker was started without the portal".to_owned()),
        }
    }
}
