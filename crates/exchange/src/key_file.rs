//! Keys in files: one key a file, JSON.
//!
//! ```json
//! {"owner":"nts","id":"nts-sign-1","from":"2026-11-22T00:00:00Z","until":"2027-11-22T00:00:00Z",
//!  "key":{"sign_public":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}}
//! ```

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::service::AgencyId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    ids::KeyId,
    json,
    keys::{PublicKey, SigningKey},
    limits,
    moment::Moment,
    refusal::{Refusal, Refused},
    seal::{Named, SealingKey, SealingPublic},
    subject::SubjectKey,
};

/// A key with its name, its owner and its time. `Debug` does not show secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Whose it is; of a subject key, the other side's id.
    pub owner: AgencyId,
    /// Its name.
    pub id: KeyId,
    /// From when on it holds.
    pub from: Moment,
    /// Until when, that instant not included.
    pub until: Moment,
    /// The key itself.
    pub key: Key,
}

/// What a key is for; each has 32 bytes, in base64url without padding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Key {
    /// Checks signatures (Ed25519).
    SignPublic(Bytes),
    /// Signs (Ed25519): the seed.
    SignSecret(Bytes),
    /// Seals (X25519).
    SealPublic(Bytes),
    /// Opens (X25519).
    SealSecret(Bytes),
    /// Makes references to people and things ([`SubjectKey`]).
    Subject(Bytes),
}

/// 32 bytes that are not shown, and are wiped when they go.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Zeroizing<String>", into = "Zeroizing<String>")]
pub struct Bytes(Zeroizing<[u8; 32]>);

impl Bytes {
    /// These bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<32 bytes>")
    }
}

impl TryFrom<Zeroizing<String>> for Bytes {
    type Error = &'static str;

    fn try_from(text: Zeroizing<String>) -> Result<Self, Self::Error> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.as_bytes()).map_err(|_| "not base64url")?);
        <[u8; 32]>::try_from(bytes.as_slice()).map(Self::new).map_err(|_| "not 32 bytes")
    }
}

impl From<Bytes> for Zeroizing<String> {
    fn from(bytes: Bytes) -> Self {
        Self::new(URL_SAFE_NO_PAD.encode(*bytes.0))
    }
}

impl KeyFile {
    /// Reads a key file.
    ///
    /// # Errors
    /// `too_large` or `malformed`.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        json::read(bytes, limits::KEY_FILE_BYTES)
    }

    /// The file.
    ///
    /// # Errors
    /// Never, for a key.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, Refused> {
        json::canonical(self).map(Zeroizing::new)
    }

    /// The file for others: the public half of a secret key. A subject key has none.
    ///
    /// # Errors
    /// `malformed`, when there is no public half.
    pub fn public(&self) -> Result<Self, Refused> {
        let key = match &self.key {
            Key::SignSecret(_) => Key::SignPublic(Bytes::new(self.signing_key()?.public())),
            Key::SealSecret(_) => Key::SealPublic(Bytes::new(self.sealing_key()?.public().bytes())),
            Key::SignPublic(_) | Key::SealPublic(_) => self.key.clone(),
            Key::Subject(_) => return Err(OTHER),
        };
        Ok(Self { key, ..self.clone() })
    }

    /// The key to check signatures with.
    ///
    /// # Errors
    /// `malformed`, when it is a key for something else; so with all below.
    pub fn verifying_key(&self) -> Result<PublicKey, Refused> {
        let Key::SignPublic(bytes) = &self.key else { return Err(OTHER) };
        let (owner, id) = (self.owner.clone(), self.id.clone());
        Ok(PublicKey { owner, id, bytes: *bytes.0, from: self.from, until: self.until })
    }

    /// The key to sign with.
    ///
    /// # Errors
    /// `malformed`.
    pub fn signing_key(&self) -> Result<SigningKey, Refused> {
        let Key::SignSecret(bytes) = &self.key else { return Err(OTHER) };
        Ok(SigningKey::from_seed(self.id.clone(), &bytes.0))
    }

    /// The key to seal to.
    ///
    /// # Errors
    /// `malformed`.
    pub fn sealing_public(&self) -> Result<SealingPublic, Refused> {
        let Key::SealPublic(bytes) = &self.key else { return Err(OTHER) };
        SealingPublic::from_bytes(self.named(), &bytes.0)
    }

    /// The key to open with.
    ///
    /// # Errors
    /// `malformed`.
    pub fn sealing_key(&self) -> Result<SealingKey, Refused> {
        let Key::SealSecret(bytes) = &self.key else { return Err(OTHER) };
        SealingKey::from_bytes(self.named(), &bytes.0)
    }

    fn named(&self) -> Named {
        let (owner, id) = (self.owner.clone(), self.id.clone());
        Named { owner, id, from: self.from, until: self.until }
    }

    /// The key for references.
    ///
    /// # Errors
    /// `malformed`.
    pub fn subject_key(&self) -> Result<SubjectKey, Refused> {
        let Key::Subject(bytes) = &self.key else { return Err(OTHER) };
        Ok(SubjectKey::from_bytes(*bytes.0))
    }
}

const OTHER: Refused = Refusal::Malformed.because("a key for something else");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_comes_back_and_shows_no_secret() {
        let text = r#"{"from":"2026-11-22T00:00:00Z","id":"k-1","key":{"sign_secret":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"},"owner":"nts","until":"2027-11-22T00:00:00Z"}"#;
        let file = KeyFile::parse(text.as_bytes()).unwrap();
        assert_eq!(*file.to_json().unwrap(), text.as_bytes());
        assert!(!format!("{file:?}").contains("BQUF"));
        assert_eq!(
            file.public().unwrap().verifying_key().unwrap().bytes,
            file.signing_key().unwrap().public()
        );
        assert!(file.sealing_key().is_err() && file.verifying_key().is_err() && file.subject_key().is_err());
        for bad in [
            "BQUF",
            "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQV",
            "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=",
        ] {
            let text = text.replace("BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU", bad);
            assert!(KeyFile::parse(text.as_bytes()).is_err(), "{bad}");
        }
    }
}
