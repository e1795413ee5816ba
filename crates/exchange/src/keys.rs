//! Keys for signing (Ed25519, RFC 8032), whose they are, and from when to when they hold.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};
use ed25519_dalek::{Signature, Signer as _};

use crate::{
    ids::KeyId,
    moment::Moment,
    refusal::{Refusal, Refused},
};

/// A key to sign with. `Debug` does not show it; it is wiped when it goes.
#[derive(Clone)]
pub struct SigningKey {
    id: KeyId,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key with this seed (RFC 8032, section 5.1.5).
    pub fn from_seed(id: KeyId, seed: &[u8; 32]) -> Self {
        Self { id, secret: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// A new key.
    pub fn make(id: KeyId, chance: &dyn Chance) -> Self {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        chance.fill(&mut *seed);
        Self::from_seed(id, &seed)
    }

    /// Its name.
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.secret.verifying_key().to_bytes()
    }

    /// The seed, for the file in which it is kept.
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.secret.as_bytes()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<signing key {}>", self.id)
    }
}

/// The public half of somebody's key, and when signatures made with it are accepted. Old and new key hold side by
/// side for a while when keys change.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// Whose it is.
    pub owner: AgencyId,
    /// Its name.
    pub id: KeyId,
    /// The 32 bytes of RFC 8032.
    pub bytes: [u8; 32],
    /// From when on.
    pub from: Moment,
    /// Until when, that instant not included.
    pub until: Moment,
}

/// The public keys of everybody who takes part.
#[derive(Clone, Debug, Default)]
pub struct KeyRing(HashMap<KeyId, Entry>);

#[derive(Clone, Debug)]
struct Entry {
    owner: AgencyId,
    key: ed25519_dalek::VerifyingKey,
    from: Moment,
    until: Moment,
}

impl KeyRing {
    /// Adds a key.
    ///
    /// # Errors
    /// `malformed`, when the bytes are not a key, when it is one of the few weak ones, or when its time ends before it
    /// begins; `unknown_key`, when another key already has this name.
    pub fn add(&mut self, key: PublicKey) -> Result<(), Refused> {
        let parsed = ed25519_dalek::VerifyingKey::from_bytes(&key.bytes)
            .ok()
            .filter(|parsed| !parsed.is_weak())
            .ok_or(Refusal::Malformed.because("not the bytes of a public key"))?;
        if key.until <= key.from {
            return Err(Refusal::Malformed.because("a key whose time ends before it begins"));
        }
        if self.0.contains_key(&key.id) {
            return Err(Refusal::UnknownKey.because("two keys with one name"));
        }
        self.0.insert(key.id, Entry { owner: key.owner, key: parsed, from: key.from, until: key.until });
        Ok(())
    }

    /// Whose key this is, whether in force or not.
    pub fn owner(&self, id: &KeyId) -> Option<&AgencyId> {
        self.0.get(id).map(|entry| &entry.owner)
    }

    /// Whether `owner`'s key `id`, in force at `now`, made `signature`.
    ///
    /// # Errors
    /// `unknown_key` or `bad_signature`.
    pub(crate) fn verify(
        &self,
        owner: &AgencyId,
        id: &KeyId,
        message: &[u8],
        signature: &[u8; 64],
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        let entry = self.in_force(owner, id, now)?;
        // The strict check refuses signatures that other implementations would judge differently.
        entry
            .key
            .verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| Refusal::BadSignature.into())
    }

    fn in_force(&self, owner: &AgencyId, id: &KeyId, now: DateTime<Utc>) -> Result<&Entry, Refused> {
        let now = Moment::from(now);
        let entry = self.0.get(id).ok_or(Refusal::UnknownKey.because("no key has this name"))?;
        if entry.owner != *owner {
            return Err(Refusal::UnknownKey.because("the key belongs to somebody else"));
        }
        if now < entry.from || now >= entry.until {
            return Err(Refusal::UnknownKey.because("the key is not in force"));
        }
        Ok(entry)
    }

    /// Whether `owner`'s key `id` is in force at `now`: a cheap look before a body is digested.
    ///
    /// # Errors
    /// `unknown_key`.
    pub(crate) fn check(&self, owner: &AgencyId, id: &KeyId, now: DateTime<Utc>) -> Result<(), Refused> {
        self.in_force(owner, id, now).map(|_| ())
    }
}
