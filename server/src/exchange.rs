//! The one way to an agency: a request is written down before it leaves, and what became of it before anybody sees the
//! reply.

use agencies::{AskError, Asked};
use domain::{id::CitizenId, service::AgencyId};
use exchange::{
    log::Outcome,
    message::{Reply, Request},
    sign::Evidence,
    ticket::Actor,
};
use store::{
    StoreError,
    exchange::{Asking, Begun, Ending},
};

use crate::{desk::Refusal, state::Portal};

/// Asks `holder` on behalf of a citizen. No transaction may be open meanwhile. To ask again, after
/// [`AskError::again`] or `unavailable`, ask the same request: it counts once.
///
/// # Errors
/// [`Refusal::Store`], when it could not be written down: then nothing was asked, or the reply is lost;
/// [`Refusal::Gone`], when this request has come to an end, or was begun with another ticket: ask under another id.
pub async fn ask(
    portal: &Portal,
    citizen: CitizenId,
    holder: &AgencyId,
    request: &Request,
) -> Result<Result<Reply, AskError>, Refusal> {
    let Some(agencies) = &portal.agencies else { return Ok(Err(AskError::Unknown)) };
    if let Actor::Citizen(actor) = request.ticket().actor
        && actor.uuid() != citizen.0
    {
        return Err(broken(&"a ticket of another citizen"));
    }
    let key = (citizen.0, request.id().uuid());
    let ticket = request.ticket().canonical().map_err(|error| broken(&error))?;
    let ticket = String::from_utf8(ticket).map_err(|error| broken(&error))?;
    let begun = {
        let mut db = portal.pool.acquire().await?;
        let asking =
            Asking { subject_id: key.0, request_id: key.1, holder: holder.as_str(), ticket: &ticket };
        store::exchange::begin(&mut db, asking, portal.now()).await?
    };
    if begun == Begun::Closed {
        return Err(Refusal::Gone);
    }
    let Asked { reply, outcome, evidence, proof, sent, .. } = agencies.ask(holder, request).await;
    if !sent {
        let mut db = portal.pool.acquire().await?;
        store::exchange::take_back(&mut db, key).await?;
        return Ok(reply);
    }
    let json = |proof: Option<Evidence>| proof.map(|proof| serde_json::to_string(&proof)).transpose();
    let evidence = json(evidence).map_err(|error| broken(&error))?;
    if is_end(&outcome) {
        let outcome = serde_json::to_string(&outcome).map_err(|error| broken(&error))?;
        let proof = json(proof).map_err(|error| broken(&error))?;
        let ending =
            Ending { outcome: &outcome, evidence: evidence.as_deref(), reply_evidence: proof.as_deref() };
        let mut db = portal.pool.acquire().await?;
        // A reply that the log does not tell of is not used.
        if !store::exchange::end(&mut db, key, ending).await? {
            return Err(Refusal::Gone);
        }
    } else if let Some(evidence) = evidence {
        // When no reply comes any more, it proves at least that it was asked.
        let mut db = portal.pool.acquire().await?;
        store::exchange::keep_evidence(&mut db, key, &evidence).await?;
    }
    Ok(reply)
}

/// Whether nothing more can come of a request. After anything else it may be asked again; when that does not happen, it is
/// sealed as one without a reply.
fn is_end(outcome: &Outcome) -> bool {
    outcome.is_logged() && *outcome != (Outcome::NoReply {})
}

/// What cannot be written as JSON; it does not happen with what was read or minted here.
fn broken(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::Store(StoreError::Other(sqlx::Error::Encode(error.to_string().into())))
}
