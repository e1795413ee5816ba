//! Keys, made and rotated by command: one file with the secret, and one for others beside it.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::Chance, service::AgencyId};
use exchange::{
    ids::KeyId,
    key_file::{Bytes, Key, KeyFile},
    moment::Moment,
    refusal::Refused,
};
use thiserror::Error;

/// Why a key was not made.
#[derive(Debug, Error)]
pub enum KeyError {
    /// A file cannot be read or written.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// A file is not a key's.
    #[error(transparent)]
    Form(#[from] Refused),
    /// The public half cannot be rotated: whoever has the secret does it.
    #[error("not a secret key")]
    Public,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Purpose {
    /// To sign with.
    Sign,
    /// For requests to be sealed to.
    Seal,
    /// A secret shared with one other side, to name people.
    Subject,
}

/// A new key in `folder`, in force from now on: `<id>.json`, readable by its owner alone, and, unless it is a shared
/// secret, `<id>.public.json`.
///
/// # Errors
/// Also when one of the files is there already.
pub fn make(
    folder: &Path,
    (owner, id, purpose): (AgencyId, KeyId, Purpose),
    (now, life): (DateTime<Utc>, TimeDelta),
    chance: &dyn Chance,
) -> Result<PathBuf, KeyError> {
    let mut secret = zeroize::Zeroizing::new([0; 32]);
    chance.fill(&mut *secret);
    let bytes = Bytes::new(*secret);
    let key = match purpose {
        Purpose::Sign => Key::SignSecret(bytes),
        Purpose::Seal => Key::SealSecret(bytes),
        Purpose::Subject => Key::Subject(bytes),
    };
    let from = Moment::from(now);
    let file = KeyFile { owner, id, from, until: from.plus(life), key };
    let path = folder.join(format!("{}.json", file.id));
    write(&path, &file.to_json()?, (0o600, false))?;
    if purpose != Purpose::Subject {
        write(&public_path(&path), &file.public()?.to_json()?, (0o644, false))?;
    }
    Ok(path)
}

/// A new key of the same owner and for the same purpose beside the one in `old`, which holds on for `overlap` and no
/// longer.
///
/// # Errors
/// As [`make`].
pub fn rotate(
    old: &Path,
    id: KeyId,
    (now, life, overlap): (DateTime<Utc>, TimeDelta, TimeDelta),
    chance: &dyn Chance,
) -> Result<PathBuf, KeyError> {
    let bytes = fs::read(old).map_err(|error| KeyError::File(old.to_owned(), error))?;
    let mut file = KeyFile::parse(&zeroize::Zeroizing::new(bytes))?;
    let purpose = match file.key {
        Key::SignSecret(_) => Purpose::Sign,
        Key::SealSecret(_) => Purpose::Seal,
        Key::Subject(_) | Key::SignPublic(_) | Key::SealPublic(_) => return Err(KeyError::Public),
    };
    let folder = old.parent().unwrap_or(Path::new(""));
    let made = make(folder, (file.owner.clone(), id, purpose), (now, life), chance)?;
    file.until = file.until.min(Moment::from(now).plus(overlap));
    write(old, &file.to_json()?, (0o600, true))?;
    write(&public_path(old), &file.public()?.to_json()?, (0o644, true))?;
    Ok(made)
}

fn public_path(secret: &Path) -> PathBuf {
    secret.with_extension("public.json")
}

/// Writes a whole file or nothing: beside its place first, then into it.
pub(crate) fn write(path: &Path, bytes: &[u8], (mode, replace): (u32, bool)) -> Result<(), KeyError> {
    let bad = |error| KeyError::File(path.to_owned(), error);
    if !replace && path.try_exists().map_err(bad)? {
        return Err(bad(std::io::ErrorKind::AlreadyExists.into()));
    }
    let beside = path.with_extension("new");
    drop(fs::remove_file(&beside));
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside).map_err(bad)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(bad)?;
    fs::rename(&beside, path).map_err(bad)
}
