use std::fmt;

use chrono::{DateTime, Utc};
use domain::id::Chance;
use hpke::{Deserializable as _, Kem as _, Serializable as _};
use zeroize::Zeroizing;

use super::{Given, Kem, Private, Public};
use crate::{
    ids::KeyId,
    moment::Moment,
    refusal::{Refusal, Refused},
};

/// A key that others seal to. `Debug` does not show it; it is wiped when it goes.
#[derive(Clone)]
pub struct SealingKey {
    id: KeyId,
    pub(super) secret: Private,
    /// From when to when requests sealed to it are opened.
    time: (Moment, Moment),
}

impl SealingKey {
    /// The key with these 32 bytes (RFC 7748), in force from `time.0` until before `time.1`.
    ///
    /// # Errors
    /// `malformed`, when the bytes are not a key.
    pub fn from_bytes(id: KeyId, secret: &[u8; 32], time: (Moment, Moment)) -> Result<Self, Refused> {
        let secret =
            Private::from_bytes(secret).map_err(|_| Refusal::Malformed.because("not a sealing key"))?;
        Ok(Self { id, secret, time })
    }

    /// A new key.
    pub fn make(id: KeyId, time: (Moment, Moment), chance: &dyn Chance) -> Self {
        let (secret, _) = Kem::gen_keypair_with_rng(&mut Given(chance));
        Self { id, secret, time }
    }

    /// The half that others seal to.
    pub fn public(&self) -> SealingPublic {
        SealingPublic { id: self.id.clone(), key: Kem::sk_to_pk(&self.secret) }
    }

    /// The key's bytes, for the file in which it is kept.
    pub fn expose(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<sealing key {}>", self.id)
    }
}

/// The public half of a key that one seals to.
#[derive(Clone)]
pub struct SealingPublic {
    pub(super) id: KeyId,
    pub(super) key: Public,
}

impl SealingPublic {
    /// The key with these 32 bytes (RFC 7748).
    ///
    /// # Errors
    /// `malformed`, when the bytes are not a key.
    pub fn from_bytes(id: KeyId, bytes: &[u8; 32]) -> Result<Self, Refused> {
        let key = Public::from_bytes(bytes).map_err(|_| Refusal::Malformed.because("not a sealing key"))?;
        Ok(Self { id, key })
    }

    /// Its name.
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.key.to_bytes().into()
    }
}

impl fmt::Debug for SealingPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<public sealing key {}>", self.id)
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
            .find(|key| key.id == *id && key.time.0 <= now && now < key.time.1)
            .ok_or(Refusal::UnknownKey.because("sealed to a key that is not in force here"))
    }
}
