//! References to people and things that only the two sides of an exchange can make.

use std::fmt;

use domain::id::Chance;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

use crate::{digest::Digest, target::Target};

/// A secret that client and holder share, to name people in tickets and logs without telling who they are.
/// One for each pair: what one holder knows says nothing about what another holds.
#[derive(Clone, ZeroizeOnDrop)]
pub struct SubjectKey([u8; 32]);

impl SubjectKey {
    /// The key with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key.
    pub fn make(chance: &dyn Chance) -> Self {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes);
        Self(bytes)
    }

    /// The key's bytes, for the file in which it is kept.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA256 over `parts`, of which the first says what it is made for.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> Digest {
        // An HMAC key may have any length: the error cannot happen, and an all-zero digest would match nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Digest([0; 32]) };
        for part in parts {
            mac.update(part);
        }
        Digest(mac.finalize().into_bytes().into())
    }
}

/// A keyed reference to a target: HMAC-SHA256 over its kind, a zero byte, and its number. The name is not part of it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubjectRef(Digest);

impl SubjectRef {
    /// The reference to `target` under `key`.
    pub fn of(key: &SubjectKey, target: &Target) -> Self {
        let (kind, number) = match target {
            Target::Person { number, .. } => ("person", number.expose()),
            Target::Thing(thing) => (thing.kind().wire(), thing.number()),
        };
        Self(key.digest(&[b"madang-subject-1\0", kind.as_bytes(), b"\0", number.as_bytes()]))
    }
}

impl fmt::Display for SubjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
