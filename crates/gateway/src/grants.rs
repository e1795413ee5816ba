//! Grants, written by people and signed by command, for the holder or the sharing centre.

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{DateTime, Utc};
use domain::{
    id::Chance,
    service::{AgencyId, RecordKindId},
};
use exchange::{
    grant::{Grant, Permission},
    ids::{GrantId, KeyId},
    key_file::KeyFile,
    keys::KeyRing,
    moment::Moment,
    refusal::Refused,
};
use serde::Deserialize;
use thiserror::Error;

use crate::keys::{self, KeyError};

/// Why a grant was not signed, or cannot be shown.
#[derive(Debug, Error)]
pub enum GrantError {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The draft is none.
    #[error("not the draft of a grant: {0}")]
    Draft(String),
    /// The file is no signed grant.
    #[error("not a signed grant: {0}")]
    Form(#[from] serde_json::Error),
    /// The key is none to sign with, or a gateway would not accept the grant.
    #[error("a gateway would not accept it: {0}")]
    Refused(#[from] Refused),
    /// The signed file cannot be written.
    #[error(transparent)]
    Written(#[from] KeyError),
}

/// A grant before it is signed; a name and a beginning may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    id: Option<GrantId>,
    client: AgencyId,
    holder: AgencyId,
    from: Option<Moment>,
    until: Moment,
    per_minute: u32,
    kinds: BTreeMap<RecordKindId, Permission>,
}

/// A signed file, as it stands there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    grant: Grant,
    key: KeyId,
    #[serde(rename = "signature")]
    _signature: String,
}

/// A grant that was signed just now.
#[derive(Debug)]
pub struct Made {
    /// The grant.
    pub grant: Grant,
    /// Whose key signed it: the holder's, or the sharing centre's.
    pub signer: AgencyId,
    /// When the key ends, if that is before the grant does: it has to be signed anew by then.
    pub key_ends: Option<Moment>,
}

/// Signs a draft (TOML if its name ends so, otherwise JSON) with the key in `key`, into a file that is not there yet.
///
/// # Errors
/// Also when no gateway would accept the grant, so that it is not sent for nothing.
pub fn sign(
    (draft, key, out): (&Path, &Path, &Path),
    now: DateTime<Utc>,
    chance: &dyn Chance,
) -> Result<Made, GrantError> {
    let draft = self::draft(draft)?;
    let key = KeyFile::parse(&zeroize::Zeroizing::new(read(key)?))?;
    let grant = Grant {
        id: draft.id.unwrap_or_else(|| GrantId::mint(now, chance)),
        client: draft.client,
        holder: draft.holder,
        kinds: draft.kinds,
        from: draft.from.unwrap_or_else(|| now.into()),
        until: draft.until,
        per_minute: draft.per_minute,
    };
    let bytes = grant.sign(&key.signing_key()?)?;
    let mut ring = KeyRing::default();
    ring.add(key.public()?.verifying_key()?)?;
    Grant::open(&bytes, &ring, Some(&key.owner), now)?;
    keys::write(out, &bytes, (0o644, false))?;
    let key_ends = Some(key.until).filter(|until| *until < grant.until);
    Ok(Made { grant, signer: key.owner, key_ends })
}

fn draft(path: &Path) -> Result<Draft, GrantError> {
    let bad = |error: &dyn std::fmt::Display| GrantError::Draft(error.to_string().trim_end().to_owned());
    let text = String::from_utf8(read(path)?).map_err(|error| bad(&error))?;
    if path.extension().is_some_and(|extension| extension == "toml") {
        toml::from_str(&text).map_err(|error| bad(&error))
    } else {
        serde_json::from_str(&text).map_err(|error| bad(&error))
    }
}

/// What stands in a signed grant, as JSON with line breaks, and whether the key in `key` has signed it.
///
/// # Errors
/// When it is no grant, or the key has not signed it.
pub fn show(file: &Path, key: Option<&Path>, now: DateTime<Utc>) -> Result<String, GrantError> {
    let bytes = read(file)?;
    let signed: Signed = serde_json::from_slice(&bytes)?;
    let text = serde_json::to_string_pretty(&signed.grant)?;
    let Some(path) = key else {
        return Ok(format!("{text}\nnames the key {}; the signature was not checked", signed.key));
    };
    let key = KeyFile::parse(&zeroize::Zeroizing::new(read(path)?))?.public()?;
    let (mut ring, owner) = (KeyRing::default(), key.owner.clone());
    ring.add(key.verifying_key()?)?;
    Grant::open(&bytes, &ring, Some(&owner), now)?;
    Ok(format!("{text}\nsigned by {owner} with the key {}", signed.key))
}

fn read(path: &Path) -> Result<Vec<u8>, GrantError> {
    fs::read(path).map_err(|error| GrantError::File(path.display().to_string(), error))
}
