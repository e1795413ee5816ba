//! Mounts handlers on the doors of `domain::policy`, each behind its guard.

use app::form::Kept;
use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing,
};
use domain::policy::{Audience, Caller, DOORS, door};
use http::{Method, StatusCode, header};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::{
    ctx::Ctx,
    error::Failure,
    kept::Raw,
    pages,
    visitor::{SessionOver, Unreached},
};
use crate::state::Portal;

/// A router that can only be built from doors of the table.
pub struct Doors {
    portal: Portal,
    router: Router<Portal>,
    plain: Router<Portal>,
    mounted: Vec<(&'static str, &'static str)>,
}

impl Doors {
    /// No doors yet.
    pub fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone(), router: Router::new(), plain: Router::new(), mounted: Vec::new() }
    }

    /// Mounts a page.
    pub fn get<H: Handler<T, Portal>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        let handler = self.guarded("GET", path, routing::get(handler));
        self.router = self.router.route(path, handler);
        self
    }

    /// Mounts what no session is asked for: it answers whatever the browser's cookie says, and without the database.
    pub fn get_plain<H: Handler<T, Portal>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        let handler = self.guarded("GET", path, routing::get(handler));
        self.plain = self.plain.route(path, handler);
        self
    }

    /// Mounts an action.
    pub fn post<H: Handler<T, Portal>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        let handler = self.guarded("POST", path, routing::post(handler));
        self.router = self.router.route(path, handler);
        self
    }

    /// # Panics
    /// When the table has no such door: a handler must not be reachable without a line there.
    fn guarded(
        &mut self,
        method: &'static str,
        path: &'static str,
        handler: routing::MethodRouter<Portal>,
    ) -> routing::MethodRouter<Portal> {
        let door =
            door(method, path).unwrap_or_else(|| panic!("{method} {path} is not in domain::policy::DOORS"));
        let guard = from_fn_with_state((self.portal.clone(), door.audience), guard);
        self.mounted.push((method, path));
        handler.route_layer(guard)
    }

    /// The router of pages, around which sessions are loaded, and that of what needs none.
    ///
    /// # Panics
    /// When a door of the table has no handler.
    pub fn into_routers(self) -> (Router<Portal>, Router<Portal>) {
        for door in DOORS {
            assert!(self.mounted.contains(&(door.method, door.path)), "{door:?} has no handler");
        }
        (self.router, self.plain)
    }
}

/// Every door, for `madang routes`.
pub fn mounted() -> impl Iterator<Item = &'static domain::policy::Door> {
    DOORS.iter()
}

/// Lets in whom the door is for. Who could get in by signing in is shown the way there.
async fn guard(
    State((portal, audience)): State<(Portal, Audience)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let ctx = Ctx::of(&portal, &parts);
    let request = Request::from_parts(parts, body);
    let caller = ctx.caller();
    let admitted = match audience {
        Audience::Operators => return operators(&portal, request, next).await,
        Audience::Sandbox if !portal.config.is_sandbox() => return StatusCode::NOT_FOUND.into_response(),
        audience => audience.admits(caller),
    };
    if admitted {
        return next.run(request).await;
    }
    if let Some(Unreached(why)) = request.extensions().get() {
        return Failure::Unavailable(why.clone()).into_response();
    }
    if caller != Caller::Nobody {
        return StatusCode::FORBIDDEN.into_response();
    }
    let staff = audience == Audience::Staff || (audience == Audience::SignedIn && ctx.is_staff_browser);
    let door = if staff { "/staff/sign-in" } else { "/sign-in" };
    let over = request.extensions().get::<SessionOver>().copied();
    let say = if over.is_some() { "session-over" } else { "sign-in-first" };
    // After an action without answers the page with its form comes next.
    let wanted = match (*request.method() == Method::GET, ctx.query.as_str()) {
        (true, query) if !query.is_empty() => format!("{}?{query}", ctx.path),
        _ => ctx.path.clone(),
    };
    if let Some(kept) = request.extensions().get::<Raw>().and_then(|raw| raw.kept(&ctx)) {
        let whose = over.map(|SessionOver(holder)| pages::sign_in::mark(&portal, holder)).unwrap_or_default();
        return pages::sign_in::with_kept(&ctx.saying(say), staff, Kept { whose, ..kept });
    }
    let next = percent_encoding::utf8_percent_encode(&wanted, NEXT);
    ctx.go_and_say(&format!("{door}?next={next}"), say)
}

/// What would end the value of `next` early.
const NEXT: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b'&').add(b'#').add(b'+').add(b'%').add(b'?').add(b' ');

async fn operators(portal: &Portal, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
        .unwrap_or_default();
    let fits = match &portal.config.metrics_token {
        Some(token) => bool::from(token.expose_secret().as_bytes().ct_eq(given)),
        None => portal.config.is_sandbox(),
    };
    if fits { next.run(request).await } else { StatusCode::UNAUTHORIZED.into_response() }
}
