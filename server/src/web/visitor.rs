//! Who is signed in: loaded once per request, so that an account that was deleted or given another role is so at once.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
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

/// Says that a session was there but is over, and whose it was.
#[derive(Clone, Copy, Debug)]
pub struct SessionOver(pub Holder);

/// Says that the session could not be asked for: doors that are open to everybody treat its owner as nobody.
#[derive(Clone, Debug)]
pub struct Unreached(pub String);

/// Loads the visitor and puts it where handlers and error pages find it.
pub async fn load(
    State(portal): State<Portal>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match find(&portal, &session).await {
        Ok(Found::Visitor(visitor)) => Some(Arc::new(visitor)),
        Ok(Found::Over(holder)) => {
            request.extensions_mut().insert(SessionOver(holder));
            None
        }
        Ok(Found::Nobody) => None,
        Err(Failure::Unavailable(why)) => {
            request.extensions_mut().insert(Unreached(why));
            None
        }
        Err(failure) => return failure.into_response(),
    };
    if let Some(visitor) = &visitor {
        request.extensions_mut().insert(visitor.clone());
    }
    let mut response = next.run(request).await;
    if let Some(visitor) = visitor {
        response.extensions_mut().insert(visitor);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Who has just been let in by this session.
///
/// # Errors
/// When the database cannot be asked.
pub async fn let_in(portal: &Portal, session: &Session) -> Result<Option<Arc<SignedIn>>, Failure> {
    // It has no id before it is stored.
    session.save().await?;
    Ok(match find(portal, session).await? {
        Found::Visitor(visitor) => Some(Arc::new(visitor)),
        Found::Nobody | Found::Over(_) => None,
    })
}

async fn find(portal: &Portal, session: &Session) -> Result<Found, Failure> {
    // Without a cookie there is nothing to ask the database.
    let Some(id) = session.id() else { return Ok(Found::Nobody) };
    let Some(visit) = session::visit(session).await? else { return Ok(Found::Nobody) };
    let now = portal.now();
    let (idle, total) = portal.config.sessions.of(visit.holder);
    let mut db = portal.pool.acquire().await.map_err(store::StoreError::from)?;
    let fresh = store::session::touch(&mut db, &session::hash(id), now, now - idle).await?;
    let account = match visit.holder {
        Holder::Citizen(id) => store::citizen::find(&mut db, id)
            .await?
            .map(|row| (row.name, Caller::Citizen, Some(row.password_changed_at))),
        Holder::Officer(id) => store::officer::find(&mut db, id).await?.and_then(|row| {
            Some((row.name, Caller::Staff(Role::from_name(&row.role)?), row.password_changed_at))
        }),
    };
    drop(db);
    // The database keeps microseconds.
    let micros = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_micros());
    match account {
        Some((name, caller, set)) if fresh && micros(set) == micros(visit.password_set) => {
            let ends_at = (now + idle).min(visit.since + total);
            Ok(Found::Visitor(SignedIn { holder: visit.holder, name, caller, handle: visit.handle, ends_at }))
        }
        _ => {
            session.flush().await?;
            Ok(Found::Over(visit.holder))
        }
    }
}

/// Who came with the request's cookie.
enum Found {
    Nobody,
    /// Somebody whose session has just ended.
    Over(Holder),
    Visitor(SignedIn),
}
