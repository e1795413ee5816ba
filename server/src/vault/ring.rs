//! The vault's keys, as text: `name=key`, between blanks, line breaks or commas; keys are 32 bytes in base64url. `look-up`
//! is the key of hashes. The others seal; the last of them is the newest.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::id::Chance;
use zeroize::Zeroizing;

/// The name of the key of hashes.
const LOOK_UP: &str = "look-up";

/// 32 bytes that are wiped when they go.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// The keys. `Debug` shows their names.
#[derive(Clone)]
pub struct KeyRing {
    pub(super) look_up: Key,
    /// Never empty; the newest last.
    seals: Vec<(String, Key)>,
}

impl KeyRing {
    /// New keys: one to hash with and one to seal with.
    pub fn make(now: DateTime<Utc>, chance: &dyn Chance) -> Self {
        Self { look_up: key(chance), seals: vec![(name(now), key(chance))] }
    }

    /// Reads the keys from their text.
    ///
    /// # Errors
    /// What is wrong with it, without anything of a key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut look_up, mut seals) = (None, Vec::<(String, Key)>::new());
        for (place, entry) in entries(text).enumerate() {
            let place = place + 1;
            let (name, text) = entry.split_once('=').ok_or(format!("entry {place} is not name=key"))?;
            if !is_name(name) {
                return Err(format!(
                    "the name of entry {place} is not up to 40 small letters, digits and hyphens"
                ));
            }
            let key = decode(text).ok_or(format!("`{name}` is not 32 bytes in base64url"))?;
            let doubled =
                if name == LOOK_UP { look_up.is_some() } else { seals.iter().any(|(n, _)| n == name) };
            if doubled {
                return Err(format!("`{name}` stands there twice"));
            }
            if name == LOOK_UP {
                look_up = Some(key);
            } else {
                seals.push((name.to_owned(), key));
            }
        }
        if seals.is_empty() {
            return Err("there is no key to seal with".to_owned());
        }
        Ok(Self { look_up: look_up.ok_or(format!("there is no `{LOOK_UP}`"))?, seals })
    }

    /// The keys as text, one a line.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{}\n", entry(LOOK_UP, &self.look_up)));
        for (name, key) in &self.seals {
            text.push_str(&entry(name, key));
            text.push('\n');
        }
        text
    }

    /// The names of the keys that seal, the newest last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.seals.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn newest(&self) -> &(String, Key) {
        self.seals.last().expect("a ring has a key to seal with")
    }

    pub(super) fn seal_key(&self, name: &str) -> Option<&Key> {
        self.seals.iter().find(|(known, _)| known == name).map(|(_, key)| key)
    }

    /// Adds a key, which is the newest from then on; its entry as text.
    pub(super) fn add(&mut self, now: DateTime<Utc>, chance: &dyn Chance) -> Zeroizing<String> {
        let mut name = name(now);
        while self.seal_key(&name).is_some() {
            name.push_str("-b");
        }
        self.seals.push((name, key(chance)));
        let (name, key) = self.newest();
        Zeroizing::new(entry(name, key))
    }

    /// Takes a key out that is not the newest. Whether there was such a one.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = self.seals.len();
        let newest = self.newest().0.clone();
        self.seals.retain(|(known, _)| known != name || *known == newest);
        self.seals.len() < before
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| line.split([',', ' ', '\t'])).filter(|entry| !entry.is_empty())
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(fits)
}

fn decode(text: &str) -> Option<Key> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}

fn entry(name: &str, key: &Key) -> String {
    format!("{name}={}", URL_SAFE_NO_PAD.encode(key.as_slice()))
}

fn name(now: DateTime<Utc>) -> String {
    now.format("seal-%Y%m%d-%H%M%S").to_string()
}

fn key(chance: &dyn Chance) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    chance.fill(key.as_mut_slice());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    fn now() -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_ring_reads_what_it_writes_in_a_line_too() {
        let mut ring = KeyRing::make(now(), &SystemChance);
        ring.add(now(), &SystemChance);
        let names: Vec<_> = ring.names().collect();
        assert_eq!(names, ["seal-20261123-010000", "seal-20261123-010000-b"]);
        let text = ring.to_text();
        for text in [format!("# keys\n{}", *text), text.replace('\n', ","), text.replace('\n', " ")] {
            let read = KeyRing::parse(&text).unwrap();
            assert_eq!(*read.to_text(), *ring.to_text());
        }
    }

    #[test]
    fn what_is_wrong_with_a_ring_is_said_without_its_keys() {
        let ring = KeyRing::make(now(), &SystemChance).to_text();
        let text = ring.as_str();
        let (look_up, seal) = text.trim().split_once('\n').unwrap();
        for (bad, why) in [
            (look_up.to_owned(), "no key to seal with"),
            (seal.to_owned(), "no `look-up`"),
            (format!("{text} {seal}"), "twice"),
            (format!("{text} {look_up}"), "twice"),
            (format!("{text} other=c2hvcnQ"), "32 bytes"),
            (format!("{text} Other={}", "A".repeat(43)), "name of entry 3"),
            ("nonsense".to_owned(), "entry 1"),
        ] {
            let said = KeyRing::parse(&bad).unwrap_err();
            assert!(said.contains(why), "{said}");
            assert!(!said.contains(&seal[30..]) && !said.contains("c2hvcnQ"), "{said}");
        }
    }

    #[test]
    fn the_newest_key_stays() {
        let mut ring = KeyRing::make(now(), &SystemChance);
        assert!(!ring.remove("seal-20261123-010000"));
        ring.add(now(), &SystemChance);
        assert!(ring.remove("seal-20261123-010000"));
        assert!(!ring.remove("nothing"));
        assert_eq!(ring.names().collect::<Vec<_>>(), ["seal-20261123-010000-b"]);
    }
}
