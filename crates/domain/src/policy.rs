//! Who may open which door: one table, walked whole by a test as every role and as nobody.

use crate::actor::Role;

/// Somebody before a door.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Caller {
    /// Not signed in.
    Nobody,
    /// A citizen.
    Citizen,
    /// Staff, with a role.
    Staff(Role),
}

impl Caller {
    /// Everybody there is.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Nobody, Self::Citizen].into_iter().chain(Role::ALL.map(Self::Staff))
    }
}

/// Who a door is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Everybody.
    Anyone,
    /// Everybody, and only while the portal runs as a sandbox.
    Sandbox,
    /// Every account.
    SignedIn,
    /// Citizens.
    Citizens,
    /// Staff of any role.
    Staff,
    /// Machines of the operator, who carry a token of their own.
    Operators,
}

impl Audience {
    /// Whether `caller` belongs to it. Operators are told by their token, not by a session.
    pub fn admits(self, caller: Caller) -> bool {
        match self {
            Self::Anyone | Self::Sandbox => true,
            Self::SignedIn => caller != Caller::Nobody,
            Self::Citizens => caller == Caller::Citizen,
            Self::Staff => matches!(caller, Caller::Staff(_)),
            Self::Operators => false,
        }
    }

    /// The callers it admits, by name.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Anyone => &["anyone"],
            Self::Sandbox => &["anyone, in the sandbox"],
            Self::SignedIn => &["citizen", "officer", "supervisor", "steward", "centre", "auditor"],
            Self::Citizens => &["citizen"],
            Self::Staff => &["officer", "supervisor", "steward", "centre", "auditor"],
            Self::Operators => &["operator"],
        }
    }
}

/// A method on a path, and who may use it.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with `{parameters}`, without language prefix.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
}

const fn get(path: &'static str, audience: Audience) -> Door {
    Door { method: "GET", path, audience }
}

const fn post(path: &'static str, audience: Audience) -> Door {
    Door { method: "POST", path, audience }
}

use Audience::{Anyone, Citizens, Operators, Sandbox, SignedIn, Staff};

/// Every door of the portal. The router is built from this table: a handler without a line here
/// cannot be mounted, and a line without a handler stops the start.
pub const DOORS: &[Door] = &[
    get("/", Anyone),
    get("/search", Anyone),
    get("/services", Anyone),
    get("/services/{service}", Anyone),
    get("/services/{service}/start", Anyone),
    get("/categories", Anyone),
    get("/categories/{category}", Anyone),
    get("/life-events", Anyone),
    get("/life-events/{event}", Anyone),
    get("/help", Anyone),
    get("/privacy", Anyone),
    get("/accessibility", Anyone),
    get("/licences", Anyone),
    get("/design", Anyone),
    post("/preferences/language", Anyone),
    post("/preferences/text-size", Anyone),
    post("/preferences/contrast", Anyone),
    get("/sign-up", Anyone),
    post("/sign-up", Anyone),
    get("/sign-up/confirm", Anyone),
    post("/sign-up/confirm", Anyone),
    get("/sign-up/resend", Anyone),
    post("/sign-up/resend", Anyone),
    get("/sign-in", Anyone),
    post("/sign-in", Anyone),
    post("/sign-out", Anyone),
    get("/signed-out", Anyone),
    get("/reset", Anyone),
    post("/reset", Anyone),
    get("/reset/sent", Anyone),
    get("/reset/{token}", Anyone),
    post("/reset/{token}", Anyone),
    post("/session/keep", SignedIn),
    get("/account", SignedIn),
    get("/account/password", SignedIn),
    post("/account/password", SignedIn),
    get("/account/sessions", SignedIn),
    post("/account/sessions/end", SignedIn),
    post("/account/sessions/end-all", SignedIn),
    get("/account/contact/{kind}", Citizens),
    post("/account/contact/{kind}", Citizens),
    get("/account/contact/{kind}/confirm", Citizens),
    post("/account/contact/{kind}/confirm", Citizens),
    get("/account/identity", Citizens),
    post("/account/identity", Citizens),
    get("/account/identity/confirm", Citizens),
    post("/account/identity/confirm", Citizens),
    get("/account/delete", Citizens),
    post("/account/delete", Citizens),
    get("/account/deleted", Anyone),
    get("/staff", Staff),
    get("/staff/sign-in", Anyone),
    post("/staff/sign-in", Anyone),
    get("/staff/set-up/{token}", Anyone),
    post("/staff/set-up/{token}", Anyone),
    get("/sandbox/messages", Sandbox),
    get("/health/live", Anyone),
    get("/health/ready", Anyone),
    get("/metrics", Operators),
    get("/robots.txt", Anyone),
    get("/favicon.ico", Anyone),
];

/// The door for `method` and `path`.
pub fn door(method: &str, path: &str) -> Option<&'static Door> {
    DOORS.iter().find(|door| door.method == method && door.path == path)
}

/// The page that a real path leads to: a GET door whose parameters fit, and which people look at.
pub fn page_at(path: &str) -> Option<&'static Door> {
    const NO_PAGES: [&str; 6] =
        ["/health/live", "/health/ready", "/metrics", "/robots.txt", "/favicon.ico", "/signed-out"];
    door_at("GET", path).filter(|door| !NO_PAGES.contains(&door.path))
}

/// The action that a real path leads to: a POST door whose parameters fit.
pub fn action_at(path: &str) -> Option<&'static Door> {
    door_at("POST", path)
}

fn door_at(method: &str, path: &str) -> Option<&'static Door> {
    let fits = |pattern: &str| {
        let (mut parts, mut segments) = (pattern.split('/'), path.split('/'));
        loop {
            match (parts.next(), segments.next()) {
                (None, None) => return true,
                (Some(part), Some(segment)) if part == segment => {}
                (Some(part), Some(segment)) if part.starts_with('{') && !segment.is_empty() => {}
                _ => return false,
            }
        }
    };
    DOORS.iter().find(|door| door.method == method && fits(door.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_door_stands_twice_in_the_table() {
        for (i, door) in DOORS.iter().enumerate() {
            assert!(
                DOORS[i + 1..].iter().all(|other| (other.method, other.path) != (door.method, door.path)),
                "{door:?}"
            );
        }
    }

    #[test]
    fn a_real_path_leads_to_its_page() {
        assert_eq!(page_at("/account/contact/email").map(|door| door.audience), Some(Citizens));
        assert_eq!(
            page_at("/services/passport/start").map(|door| door.path),
            Some("/services/{service}/start")
        );
        for path in ["/metrics", "/account/contact/", "/account/sessions/end", "/unknown", ""] {
            assert!(page_at(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_real_path_leads_to_its_action() {
        assert_eq!(action_at("/account/contact/email").map(|door| door.audience), Some(Citizens));
        for path in ["/account", "/account/contact/", "/unknown", ""] {
            assert!(action_at(path).is_none(), "{path}");
        }
    }

    #[test]
    fn nobody_opens_only_public_doors() {
        for door in DOORS {
            let public = matches!(door.audience, Anyone | Sandbox);
            assert_eq!(door.audience.admits(Caller::Nobody), public, "{door:?}");
        }
    }
}
