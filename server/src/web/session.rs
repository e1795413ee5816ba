//! tower-sessions on our own table: only the hash of the cookie's value is stored, and a session that was ended is
//! never written again.

use async_trait::async_trait;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{actor::Holder, id::SessionHandle};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::session::{self, SessionOwner, SessionRow};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{desk::Entrance, state::Portal};

/// The key of [`Visit`] in a session's data.
const VISIT: &str = "visit";
/// The key of the registration that waits for its code.
const REGISTRATION: &str = "registration";
/// The key of the page to go to once it is confirmed.
const NEXT: &str = "next";
/// Minutes a session lasts in which nobody has signed in.
const ANONYMOUS_MINUTES: i64 = 60;
/// Further away than any session lasts.
const NEVER: OffsetDateTime = time::macros::datetime!(9999-12-31 0:00 UTC);

/// What a session of somebody who is signed in carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visit {
    /// Whose it is.
    pub holder: Holder,
    /// Its public name.
    pub handle: SessionHandle,
    /// What the browser said it was.
    pub device: String,
    /// When it began.
    pub since: DateTime<Utc>,
    /// How old the password was that opened it.
    pub password_set: Option<DateTime<Utc>>,
}

/// Keeps sessions in PostgreSQL.
#[derive(Clone, Debug)]
pub struct Sessions(Portal);

/// The layer. The cookie is `__Host-` where the portal is reached over TLS: no other host can set or widen it.
pub fn layer(portal: &Portal) -> SessionManagerLayer<Sessions> {
    let https = portal.config.is_https();
    SessionManagerLayer::new(Sessions(portal.clone()))
        .with_name(if https { "__Host-madang" } else { "madang" })
        .with_secure(https)
        .with_http_only(true)
        .with_path("/")
        .with_same_site(SameSite::Lax)
        // The cookie goes with the browser's window; how long a session lasts is ours to say, by our clock.
        .with_expiry(Expiry::OnSessionEnd)
}

/// Makes the removal of the cookie fit its name: browsers obey `Set-Cookie` for a `__Host-` name only with `Secure`
/// (RFC 6265bis, section 4.1.3.2), and the layer removes without.
pub async fn remove_whole(mut response: Response) -> Response {
    let cookies: Vec<HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    if cookies.iter().any(is_bare_removal) {
        response.headers_mut().remove(header::SET_COOKIE);
        for cookie in cookies {
            let whole = is_bare_removal(&cookie)
                .then(|| format!("{}; Secure; HttpOnly; SameSite=Lax", cookie.to_str().unwrap_or_default()))
                .and_then(|text| text.parse().ok());
            response.headers_mut().append(header::SET_COOKIE, whole.unwrap_or(cookie));
        }
    }
    response
}

fn is_bare_removal(cookie: &HeaderValue) -> bool {
    cookie.to_str().is_ok_and(|text| text.starts_with("__Host-") && !text.contains("Secure"))
}

/// The hash under which a session is stored.
pub fn hash(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

/// Opens a session for an account, under a new id: one that somebody knew before is worth nothing.
///
/// # Errors
/// When the store fails.
pub async fn open(
    portal: &Portal,
    session: &Session,
    entrance: Entrance,
    device: String,
) -> std::result::Result<(), tower_sessions::session::Error> {
    let now = portal.now();
    let Entrance { holder, password_set } = entrance;
    let handle = SessionHandle::mint(now, &*portal.chance);
    session.clear().await;
    session.cycle_id().await?;
    session.insert(VISIT, Visit { holder, handle, device, since: now, password_set }).await
}

/// The account a session belongs to.
pub async fn visit(session: &Session) -> std::result::Result<Option<Visit>, tower_sessions::session::Error> {
    session.get(VISIT).await
}

/// Remembers the registration that this browser has begun, and the page to go to once it is confirmed.
pub async fn begin_registration(
    session: &Session,
    id: domain::id::CitizenId,
    next: &str,
) -> std::result::Result<(), tower_sessions::session::Error> {
    // A session id that somebody planted must not lead to this contact.
    session.cycle_id().await?;
    session.insert(NEXT, next).await?;
    session.insert(REGISTRATION, id).await
}

/// The page to go to once the registration is confirmed; empty for none.
pub async fn next(session: &Session) -> std::result::Result<String, tower_sessions::session::Error> {
    Ok(session.get(NEXT).await?.unwrap_or_default())
}

/// The registration that this browser has begun.
pub async fn registration(
    session: &Session,
) -> std::result::Result<Option<domain::id::CitizenId>, tower_sessions::session::Error> {
    session.get(REGISTRATION).await
}

impl Sessions {
    fn owner(&self, record: &Record) -> SessionOwner {
        let visit = Self::visit(record);
        SessionOwner {
            handle: visit
                .as_ref()
                .map_or_else(|| SessionHandle::mint(self.0.now(), &*self.0.chance), |visit| visit.handle),
            holder: visit.as_ref().map(|visit| visit.holder),
            device: visit.map(|visit| visit.device).unwrap_or_default(),
        }
    }

    fn row(&self, record: &Record) -> Result<SessionRow> {
        let data = serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let expires_at = match Self::visit(record) {
            Some(visit) => visit.since + self.0.config.sessions.of(visit.holder).1,
            None => self.0.now() + TimeDelta::minutes(ANONYMOUS_MINUTES),
        };
        Ok(SessionRow { data, expires_at })
    }

    fn visit(record: &Record) -> Option<Visit> {
        record.data.get(VISIT).and_then(|value| serde_json::from_value(value.clone()).ok())
    }
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let (owner, row) = (self.owner(record), self.row(record)?);
        let mut db = self.0.pool.acquire().await.map_err(backend)?;
        while !session::insert(&mut db, &hash(record.id), &owner, &row, self.0.now())
            .await
            .map_err(backend)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut db = self.0.pool.acquire().await.map_err(backend)?;
        session::update(&mut db, &hash(record.id), &self.owner(record), &self.row(record)?)
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut db = self.0.pool.acquire().await.map_err(backend)?;
        let Some(row) = session::find(&mut db, &hash(*id), self.0.now()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_value(row.data).map_err(|error| Error::Decode(error.to_string()))?;
        // Whether it is over has been decided above, by our clock.
        Ok(Some(Record { id: *id, data, expiry_date: NEVER }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut db = self.0.pool.acquire().await.map_err(backend)?;
        session::delete(&mut db, &hash(*id)).await.map_err(backend)
    }
}
