use std::fmt;

use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};
use hpke::{Deserializable as _, Kem as _, Serializable as _};
use zeroize::Zeroizing;

use super::{Given, Kem, Private, Public};
use crate::{
    ids::KeyId,
    moment::Moment,
    refusal::{Refusal, Refused},
};

/// Whose a sealing key is, its name, and from when until before when requests sealed to it are opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// Whose it is.
    pub owner: AgencyId,
    /// Its name.
    pub id: KeyId,
    /// From when on.
    pub from: Moment,
    /// Until when, that instant not included.
    pub until: Moment,
}

impl Named {
    /// Whether it is in force at `now`.
    pub fn in_force(&self, now: Moment) -> bool {
        self.from <= now && now < self.until
    }
}

/// A key that others seal to. `Debug` does not show it; it is wiped when it goes.
#[derive(Clone)]
pub struct SealingKey {
    named: Named,
    pub(super) secret: Private,
}

impl SealingKey {
    /// The key with these 32 bytes (RFC 7748).
    ///
    /// # Errors
    /// `malformed`, when the bytes are not a key.
    pub fn from_bytes(named: Named, secret: &[u8; 32]) -> Result<Self, Refused> {
        let secret =
            Private::from_bytes(secret).map_err(|_| Refusal::Malformed.because("not a sealing key"))?;
        Ok(Self { named, secret })
    }

    /// A new key.
    pub fn make(named: Named, chance: &dyn Chance) -> Self {
        let (secret, _) = Kem::gen_keypair_with_rng(&mut Given(chance));
        Self { named, secret }
    }

    /// The half that others seal to.
    pub fn public(&self) -> SealingPublic {
        SealingPublic { named: self.named.clone(), key: Kem::sk_to_pk(&self.secret) }
    }

    /// The key's bytes, for the file in which it is kept.
    pub fn expose(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<sealing key {}>", self.named.id)
    }
}

/// The public half of a key that one seals to, with its owner and its time: nothing is sealed to a key of somebody else,
/// or outside of its time.
#[derive(Clone)]
pub struct SealingPublic {
    named: Named,
    pub(super) key: Public,
}

impl SealingPublic {
    /// The key with these 32 bytes (RFC 7748).
    ///
    /// # Errors
    /// `malformed`, when the bytes are not a key, or its time ends before it begins.
    pub fn from_bytes(named: Named, bytes: &[u8; 32]) -> Result<Self, Refused> {
        let key = Public::from_bytes(bytes).map_err(|_| Refusal::Malformed.because("not a sealing key"))?;
        if named.until <= named.from {
            return Err(Refusal::Malformed.because("a key whose time ends before it begins"));
        }
        Ok(Self { named, key })
    }

    /// Its name.
    pub const fn id(&self) -> &KeyId {
        &self.named.id
    }

    /// Its name, its owner and its time.
    pub const fn named(&self) -> &Named {
        &self.named
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.key.to_bytes().into()
    }

    /// Whether one seals to it when `owner` is to read it at `now`.
    ///
    /// # Errors
    /// `unknown_key`.
    pub(crate) fn check(&self, owner: &AgencyId, now: Moment) -> Result<(), Refused> {
        if self.named.owner != *owner {
            return Err(Refusal::UnknownKey.because("the sealing key belongs to somebody else"));
        }
        if !self.named.in_force(now) {
            return Err(Refusal::UnknownKey.because("the sealing key is not in force"));
        }
        Ok(())
    }
}

impl fmt::Debug for SealingPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<public sealing key {}>", self.named.id)
    }
}

/// One's own keys: the old one beside the new one while senders change over.
#[derive(Clone, Debug, Default)]
pub struct SealingKeys(Vec<SealingKey>);

impl SealingKeys {
    /// These keys; of two with one name, the first counts.
    pub const fn new(keys: Vec<SealingKey>) -> Self {
        Self(keys)
    }

    pub(crate) fn find(&self, id: &KeyId, now: DateTime<Utc>) -> Result<&SealingKey, Refused> {
        let now = Moment::from(now);
        self.0
            .iter()
            .find(|key| key.named.id == *id && key.named.in_force(now))
            .ok_or(Refusal::UnknownKey.because("sealed to a key that is not in force here"))
    }
}
