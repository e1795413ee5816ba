//! Who is signed in: loaded once per request, so that an account that was deleted or given another role is so at once.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::{Holder, Role},
    id::SessionHandle,
    policy::Caller,
};
use http::{HeaderValue, header};
use tower_sessions::Session;

use super::{error::Failure, session};
use crate::state::Portal;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub holder: Holder,
    /// The name to show.
    pub name: String,
    /// What the policy calls them.
    pub caller: Caller,
    /// The present session, in lists.
    pub handle: SessionHandle,
    /// When the session ends unless it is used.
    pub ends_at: DateTime<Utc>,
}

/// Says that a session was there but is over.
#[derive(Clone, Copy, Debug)]
pub struct SessionOver;

/// Loads the visitor and puts it where handlers and error pages find it.
pub async fn load(
    State(portal): State<Portal>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let had_cookie = session.id().is_some();
    let visitor = match find(&portal, &session).await {
        Ok(visitor) => visitor.map(Arc::new),
        Err(failure) => return failure.into_response(),
    };
    match &visitor {
        Some(visitor) => {
            request.extensions_mut().insert(visitor.clone());
        }
        None if had_cookie => {
            request.extensions_mut().insert(SessionOver);
        }
        None => {}
    }
    let mut response = next.run(request).await;
    if let Some(visitor) = visitor {
        response.extensions_mut().insert(visitor);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

async fn find(portal: &Portal, session: &Session) -> Result<Option<SignedIn>, Failure> {
    // Without a cookie there is nothing to ask the database.
    let Some(id) = session.id() else { return Ok(None) };
    let Some(visit) = session::visit(session).await? else { return Ok(None) };
    let now = portal.now();
    let limits = &portal.config.sessions;
    let (idle, total) = match visit.holder {
        Holder::Citizen(_) => (limits.citizen_idle, limits.citizen_total),
        Holder::Officer(_) => (limits.officer_idle, limits.officer_total),
    };
    let mut db = portal.pool.acquire().await.map_err(store::StoreError::from)?;
    let seen = store::session::touch(&mut db, &session::hash(id), now).await?;
    let rests = seen.is_some_and(|seen| now - seen < TimeDelta::minutes(idle));
    let account = match visit.holder {
        Holder::Citizen(id) => {
            store::citizen::find(&mut db, id).await?.map(|row| (row.name, Caller::Citizen))
        }
        Holder::Officer(id) => store::officer::find(&mut db, id)
            .await?
            .and_then(|row| Some((row.name, Caller::Staff(Role::from_name(&row.role)?)))),
    };
    drop(db);
    let (Some((name, caller)), true) = (account, rests) else {
        session.flush().await?;
        return Ok(None);
    };
    let ends_at = (now + TimeDelta::minutes(idle)).min(visit.since + TimeDelta::minutes(total));
    Ok(Some(SignedIn { holder: visit.holder, name, caller, handle: visit.handle, ends_at }))
}
