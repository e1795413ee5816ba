//! Seals what nobody may read in the database, and hashes it so that it can be found.
//!
//! AES-256-GCM-SIV (RFC 8452): even a nonce that came twice would not give the key away. Each value is bound to table,
//! column and row, so that one that is moved elsewhere does not open.

mod ring;

use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit,
    aead::{Aead, Payload},
};
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use domain::id::Chance;
use hmac::{Hmac, Mac};
pub use ring::KeyRing;
use sha2::Sha256;
use store::Sealed;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::chance;

/// Bytes of a nonce.
const NONCE: usize = 12;

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's key.
    pub row: Uuid,
}

/// Why something cannot be sealed or opened. Nothing of the value is told.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key is not among ours.
    #[error("the vault has no key `{0}`")]
    UnknownKey(String),
    /// The value was changed, or stands in another place than it was sealed for.
    #[error("a value of {0}.{1} does not open: it was changed, or moved there")]
    Broken(&'static str, &'static str),
    /// The value cannot be sealed.
    #[error("a value cannot be sealed")]
    Unsealable,
    /// The file of the keys cannot be read or written.
    #[error("the vault's keys in {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file does not hold keys.
    #[error("the vault's keys in {0}: {1}")]
    Keys(PathBuf, String),
    /// The keys come from the environment, which nobody but the operator changes.
    #[error("the vault's keys are set by MADANG_VAULT_KEYS; change them there")]
    Fixed,
    /// The newest key, or one that there is not.
    #[error("`{0}` is no key that can be removed: there is none with this name, or it is the newest")]
    Stays(String),
}

/// The vault: the keys, and the file they come from.
pub struct Vault {
    ring: ArcSwap<KeyRing>,
    file: Option<PathBuf>,
}

impl Vault {
    /// A vault whose keys do not change while it lives.
    pub fn fixed(ring: KeyRing) -> Self {
        Self { ring: ArcSwap::from_pointee(ring), file: None }
    }

    /// A vault with the keys of a file.
    ///
    /// # Errors
    /// [`VaultError::File`] or [`VaultError::Keys`].
    pub fn read(file: &Path) -> Result<Self, VaultError> {
        let ring = read(file)?;
        Ok(Self { ring: ArcSwap::from_pointee(ring), file: Some(file.to_owned()) })
    }

    /// Reads the file again, where there is one: another process may have added a key.
    ///
    /// # Errors
    /// As [`Vault::read`]; the keys stay as they were then.
    pub fn reload(&self) -> Result<(), VaultError> {
        if let Some(file) = &self.file {
            self.ring.store(Arc::new(read(file)?));
        }
        Ok(())
    }

    /// The keys.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.load_full()
    }

    /// Seals a value with the newest key, for one place.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], for values of gigabytes.
    pub fn seal(&self, place: Place, clear: &[u8], chance: &dyn Chance) -> Result<Sealed, VaultError> {
        let ring = self.ring.load();
        let (name, key) = ring.newest();
        let mut nonce = [0; NONCE];
        chance.fill(&mut nonce);
        let payload = Payload { msg: clear, aad: &place.context(name) };
        let sealed = Aes256GcmSiv::new((&**key).into())
            .encrypt(&nonce.into(), payload)
            .map_err(|_| VaultError::Unsealable)?;
        Ok(Sealed { key: name.clone(), bytes: [&nonce[..], &sealed].concat() })
    }

    /// Opens what was sealed for this place. A key that is not known is looked for in the file once more.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] or [`VaultError::Broken`].
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if self.ring.load().seal_key(&sealed.key).is_none() {
            self.reload()?;
        }
        let ring = self.ring.load();
        let key = ring.seal_key(&sealed.key).ok_or_else(|| VaultError::UnknownKey(sealed.key.clone()))?;
        let broken = || VaultError::Broken(place.table, place.column);
        let (nonce, rest) = sealed.bytes.split_first_chunk::<NONCE>().ok_or_else(broken)?;
        let payload = Payload { msg: rest, aad: &place.context(&sealed.key) };
        let clear =
            Aes256GcmSiv::new((&**key).into()).decrypt(&(*nonce).into(), payload).map_err(|_| broken())?;
        Ok(Zeroizing::new(clear))
    }

    /// The hash by which a value is found: HMAC-SHA256 with a key of its own. `purpose` keeps the hashes of different
    /// things apart.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn hash(&self, purpose: &str, value: &str) -> Vec<u8> {
        let ring = self.ring.load();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&*ring.look_up)
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// Adds a key to the file, which is the newest from then on. What is sealed with the others is not touched.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn rotate(&self, now: DateTime<Utc>, chance: &dyn Chance) -> Result<(), VaultError> {
        self.change(chance, |ring| {
            ring.add(now, chance);
            Ok(())
        })
    }

    /// An entry for a new key, for an operator who keeps the keys elsewhere.
    pub fn make_entry(&self, now: DateTime<Utc>, chance: &dyn Chance) -> Zeroizing<String> {
        KeyRing::clone(&self.ring.load()).add(now, chance)
    }

    /// Takes a key out of the file. Whether anything is sealed with it is for the caller to know.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn remove(&self, name: &str, chance: &dyn Chance) -> Result<(), VaultError> {
        self.change(
            chance,
            |ring| {
                if ring.remove(name) { Ok(()) } else { Err(VaultError::Stays(name.to_owned())) }
            },
        )
    }

    /// Whether the keys stand in a file that commands change.
    pub fn has_file(&self) -> bool {
        self.file.is_some()
    }

    fn change(
        &self,
        chance: &dyn Chance,
        edit: impl FnOnce(&mut KeyRing) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let file = self.file.as_ref().ok_or(VaultError::Fixed)?;
        let mut ring = read(file)?;
        edit(&mut ring)?;
        write(file, &ring.to_text(), chance).map_err(|error| VaultError::File(file.clone(), error))?;
        self.ring.store(Arc::new(ring));
        Ok(())
    }
}

impl Place {
    /// What the seal is bound to.
    fn context(self, key: &str) -> Vec<u8> {
        format!("madang-vault-1\0{}\0{}\0{}\0{key}", self.table, self.column, self.row).into_bytes()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

fn read(file: &Path) -> Result<KeyRing, VaultError> {
    let text = std::fs::read_to_string(file)
        .map(Zeroizing::new)
        .map_err(|error| VaultError::File(file.to_owned(), error))?;
    KeyRing::parse(&text).map_err(|why| VaultError::Keys(file.to_owned(), why))
}

/// Written whole under another name first: no crash leaves half of the keys.
fn write(file: &Path, text: &str, chance: &dyn Chance) -> std::io::Result<()> {
    let draft = file.with_extension(chance::token(chance));
    let mut open = std::fs::OpenOptions::new();
    let mut out = open.write(true).create_new(true).mode(0o600).open(&draft)?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all())?;
    std::fs::rename(&draft, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    fn now() -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse().unwrap()
    }

    fn place(row: u128) -> Place {
        Place { table: "identities", column: "number", row: Uuid::from_u128(row) }
    }

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.keys");
        std::fs::write(&file, KeyRing::make(now(), &SystemChance).to_text().as_bytes()).unwrap();
        let vault = Vault::read(&file).unwrap();
        (folder, vault)
    }

    #[test]
    fn a_value_opens_where_it_was_sealed_and_nowhere_else() {
        let (_folder, vault) = vault();
        let sealed = vault.seal(place(1), b"900101-1234567", &SystemChance).unwrap();
        assert_eq!(vault.open(place(1), &sealed).unwrap().as_slice(), b"900101-1234567");
        let elsewhere = [
            place(2),
            Place { table: "identity_attempts", ..place(1) },
            Place { column: "other", ..place(1) },
        ];
        for place in elsewhere {
            assert!(matches!(vault.open(place, &sealed), Err(VaultError::Broken(..))), "{place:?}");
        }
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[at] ^= 1;
            assert!(vault.open(place(1), &changed).is_err(), "byte {at}");
            changed.bytes.truncate(at);
            assert!(vault.open(place(1), &changed).is_err(), "{at} bytes");
        }
        let again = vault.seal(place(1), b"900101-1234567", &SystemChance).unwrap();
        assert_ne!(again.bytes, sealed.bytes, "equal values look different");
    }

    #[test]
    fn after_a_rotation_old_values_open_until_their_key_is_removed() {
        let (_folder, vault) = vault();
        let other = Vault::read(vault.file.as_ref().unwrap()).unwrap();
        let old = vault.seal(place(1), b"old", &SystemChance).unwrap();
        vault.rotate(now(), &SystemChance).unwrap();
        let new = vault.seal(place(1), b"new", &SystemChance).unwrap();
        assert_ne!(old.key, new.key);
        assert_eq!(vault.open(place(1), &old).unwrap().as_slice(), b"old");
        assert_eq!(other.open(place(1), &new).unwrap().as_slice(), b"new", "a process that was not told");
        assert!(matches!(vault.remove(&new.key, &SystemChance), Err(VaultError::Stays(_))));
        vault.remove(&old.key, &SystemChance).unwrap();
        assert!(matches!(vault.open(place(1), &old), Err(VaultError::UnknownKey(_))));
        let mode = std::fs::metadata(vault.file.as_ref().unwrap()).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }

    #[test]
    fn the_look_up_outlives_a_rotation_and_fixed_keys_do_not_change() {
        let (_folder, vault) = vault();
        let hash = vault.hash("number", "900101-1234567");
        vault.rotate(now(), &SystemChance).unwrap();
        assert_eq!(vault.hash("number", "900101-1234567"), hash);
        assert_ne!(vault.hash("other", "900101-1234567"), hash);
        let fixed = Vault::fixed(KeyRing::make(now(), &SystemChance));
        assert!(matches!(fixed.rotate(now(), &SystemChance), Err(VaultError::Fixed)));
    }
}
