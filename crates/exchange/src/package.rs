//! Offline packages: files for one recipient, sealed and signed, to be opened once.
//!
//! ```text
//! "MADANGP1"  8 bytes
//! length      4 bytes, big-endian: of the manifest
//! manifest    canonical JSON: who, to whom, when, which keys, size and digest of what follows
//! signature   64 bytes: Ed25519 over "madang-package-1", a zero byte, and the manifest
//! sealed      32 bytes encapsulated key, then ciphertext
//! ```
//! Inside the seal: 4 bytes length of the list, the list of files (canonical JSON), then the files one after the other.

mod contents;

use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};
use serde::{Deserialize, Serialize};

pub use contents::File;

use crate::{
    digest::Digest,
    ids::{KeyId, PackageId},
    json,
    keys::{KeyRing, SigningKey},
    moment::Moment,
    refusal::{Refusal, Refused},
    seal::{self, SealingKeys, SealingPublic},
};

/// The largest package, in bytes. It is held in memory, about three times, while it is made or opened.
pub const PACKAGE_BYTES: usize = 256 * 1024 * 1024;
/// The largest manifest, in bytes.
const MANIFEST_BYTES: usize = 4 * 1024;
const MAGIC: &[u8; 8] = b"MADANGP1";
const DOMAIN: &[u8] = b"madang-package-1\0";

/// What stands on the outside.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name, by which it is opened once.
    pub id: PackageId,
    /// Who made it.
    pub from: AgencyId,
    /// Who may open it.
    pub to: AgencyId,
    /// When it was made.
    pub made: Moment,
    /// From when on it is not opened any more.
    pub expires: Moment,
    /// The key that signed it.
    pub signed_with: KeyId,
    /// The key that it is sealed to.
    pub sealed_to: KeyId,
    /// How many bytes follow the signature.
    pub bytes: u64,
    /// Their digest.
    pub digest: Digest,
}

/// Addresses a package: id, maker, recipient, and from when to when it can be opened.
#[derive(Clone, Debug)]
pub struct Address {
    /// Its name.
    pub id: PackageId,
    /// Who makes it.
    pub from: AgencyId,
    /// Who may open it.
    pub to: AgencyId,
    /// When it is made, and from when on it is not opened any more.
    pub time: (Moment, Moment),
}

/// Remembers which packages were opened, for good.
pub trait OpenedOnce {
    /// Notes that the package that `maker` made under this id was opened; true if it had not been before. Another maker's
    /// package of the same id is another package.
    fn note(&mut self, maker: &AgencyId, id: PackageId) -> bool;
}

/// Makes a package.
///
/// # Errors
/// `too_large`; `malformed`, when a file's name is not one, stands there twice, or the package expires before it is made;
/// `unknown_key`, when the key is not the recipient's or not in force.
pub fn pack(
    address: &Address,
    files: &[File],
    key: &SigningKey,
    to: &SealingPublic,
    chance: &dyn Chance,
) -> Result<Vec<u8>, Refused> {
    to.check(&address.to, address.time.0)?;
    let plain = contents::write(files)?;
    let sealed =
        seal::seal_once(to, &info(address.id, (&address.from, &address.to), to.id()), &plain, chance)?;
    let manifest = Manifest {
        id: address.id,
        from: address.from.clone(),
        to: address.to.clone(),
        made: address.time.0,
        expires: address.time.1,
        signed_with: key.id().clone(),
        sealed_to: to.id().clone(),
        bytes: u64::try_from(sealed.len()).map_err(|_| Refusal::TooLarge)?,
        digest: Digest::of(&sealed),
    };
    if manifest.expires <= manifest.made {
        return Err(Refusal::Malformed.because("a package that can never be opened"));
    }
    let manifest = json::canonical(&manifest)?;
    let length = u32::try_from(manifest.len()).map_err(|_| Refusal::TooLarge)?;
    let signature = key.sign(&[DOMAIN, &manifest].concat());
    let package = [MAGIC, length.to_be_bytes().as_slice(), &manifest, &signature, &sealed].concat();
    if package.len() > PACKAGE_BYTES { Err(Refusal::TooLarge.into()) } else { Ok(package) }
}

/// A package whose outside was found good. It is still sealed.
#[derive(Debug)]
pub struct Checked<'a> {
    manifest: Manifest,
    sealed: &'a [u8],
}

/// Checks the outside of a package that `receiver` was handed.
///
/// # Errors
/// `too_large`, `unsupported_version`, `malformed`, `wrong_receiver`, `not_yet_valid`, `expired`, `unknown_key`,
/// `bad_signature`, `bad_digest`.
pub fn check<'a>(
    bytes: &'a [u8],
    receiver: &AgencyId,
    keys: &KeyRing,
    now: DateTime<Utc>,
) -> Result<Checked<'a>, Refused> {
    if bytes.len() > PACKAGE_BYTES {
        return Err(Refusal::TooLarge.into());
    }
    let (written, signature, sealed) = split(bytes)?;
    let manifest: Manifest = json::read_canonical(written, MANIFEST_BYTES)?;
    if manifest.to != *receiver {
        return Err(Refusal::WrongReceiver.into());
    }
    let signed = [DOMAIN, written].concat();
    keys.verify(&manifest.from, &manifest.signed_with, &signed, signature, now)?;
    let instant = Moment::from(now);
    // Packages are carried by hand: minutes of difference between clocks do not matter, days do.
    if manifest.made > instant.plus(chrono::TimeDelta::minutes(10)) {
        return Err(Refusal::NotYetValid.into());
    }
    if manifest.expires <= instant {
        return Err(Refusal::Expired.into());
    }
    if usize::try_from(manifest.bytes) != Ok(sealed.len()) || manifest.digest != Digest::of(sealed) {
        return Err(Refusal::BadDigest.into());
    }
    Ok(Checked { manifest, sealed })
}

impl Checked<'_> {
    /// What stands on the outside.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Opens it, once. It is noted as opened only after it was opened: a package that cannot be read is not used up.
    ///
    /// # Errors
    /// `unknown_key`, `bad_seal`, `malformed`, `bad_digest`, `replayed` when it was opened before.
    pub fn open(
        self,
        keys: &SealingKeys,
        opened: &mut dyn OpenedOnce,
        now: DateTime<Utc>,
    ) -> Result<Vec<File>, Refused> {
        let manifest = self.manifest;
        let key = keys.find(&manifest.sealed_to, now)?;
        let info = info(manifest.id, (&manifest.from, &manifest.to), &manifest.sealed_to);
        let files = contents::read(&seal::open_once(key, &info, self.sealed)?)?;
        if opened.note(&manifest.from, manifest.id) {
            Ok(files)
        } else {
            Err(Refusal::Replayed.because("this package was opened before"))
        }
    }
}

/// Reads what is inside the seal, once it is open. For tests of this parser alone: nothing says who made it.
///
/// # Errors
/// `malformed`, `too_large`, `bad_digest`.
pub fn read_contents(plain: &[u8]) -> Result<Vec<File>, Refused> {
    contents::read(plain)
}

fn info(id: PackageId, (from, to): (&AgencyId, &AgencyId), key: &KeyId) -> Vec<u8> {
    format!("madang-package-1\0{id}\0{from}\0{to}\0{key}").into_bytes()
}

/// Manifest, signature, and what is sealed.
type Parts<'a> = (&'a [u8], &'a [u8; 64], &'a [u8]);

fn split(bytes: &[u8]) -> Result<Parts<'_>, Refused> {
    let short = Refusal::Malformed.because("a package without its parts");
    let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(short)?;
    if magic != MAGIC {
        return Err(if magic.starts_with(b"MADANGP") {
            Refusal::UnsupportedVersion.into()
        } else {
            Refusal::Malformed.because("not a package")
        });
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short)?;
    let (manifest, rest) = rest.split_at_checked(length).ok_or(short)?;
    let (signature, sealed) = rest.split_first_chunk::<64>().ok_or(short)?;
    Ok((manifest, signature, sealed))
}
