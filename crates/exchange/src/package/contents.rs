use std::{collections::HashSet, fmt};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::PACKAGE_BYTES;
use crate::{
    digest::Digest,
    json,
    refusal::{Refusal, Refused},
};

/// The largest list of files, in bytes.
const LIST_BYTES: usize = 4 * 1024 * 1024;
/// The most files.
const FILES: usize = 10_000;

/// A file in a package. `Debug` does not show its bytes.
#[derive(Clone, Eq, PartialEq)]
pub struct File {
    /// Its name: 1 to 100 characters, no control character, none of `/ \ : * ? " < > |`, no dot or blank at its start or
    /// end, no device's name (`con`, `com1`). No two differ in case alone. Safe to write to a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<file {:?} of {} bytes>", self.name, self.bytes.len())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    bytes: u64,
    digest: Digest,
}

/// The bytes that are sealed.
pub(super) fn write(files: &[File]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let lines: Vec<_> = files
        .iter()
        .map(|file| {
            let bytes = u64::try_from(file.bytes.len()).map_err(|_| Refusal::TooLarge)?;
            Ok(Line { name: file.name.clone(), bytes, digest: Digest::of(&file.bytes) })
        })
        .collect::<Result<_, Refused>>()?;
    check_names(&lines)?;
    let list = json::canonical(&lines)?;
    let length = u32::try_from(list.len()).map_err(|_| Refusal::TooLarge)?;
    let total: usize = files.iter().map(|file| file.bytes.len()).sum();
    if list.len() > LIST_BYTES || total > PACKAGE_BYTES {
        return Err(Refusal::TooLarge.into());
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(4 + list.len() + total));
    plain.extend(length.to_be_bytes());
    plain.extend(list);
    for file in files {
        plain.extend_from_slice(&file.bytes);
    }
    Ok(plain)
}

/// The inverse of [`write`]: every byte belongs to exactly one file.
pub(super) fn read(plain: &[u8]) -> Result<Vec<File>, Refused> {
    let short = Refusal::Malformed.because("contents without their parts");
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(short)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short)?;
    let (list, mut rest) = rest.split_at_checked(length).ok_or(short)?;
    let lines: Vec<Line> = json::read_canonical(list, LIST_BYTES)?;
    check_names(&lines)?;
    let mut files = Vec::with_capacity(lines.len());
    for line in lines {
        let length = usize::try_from(line.bytes).map_err(|_| short)?;
        let (bytes, after) = rest.split_at_checked(length).ok_or(short)?;
        if Digest::of(bytes) != line.digest {
            return Err(Refusal::BadDigest.because("a file is not the one that the list names"));
        }
        files.push(File { name: line.name, bytes: bytes.to_vec() });
        rest = after;
    }
    if rest.is_empty() { Ok(files) } else { Err(Refusal::Malformed.because("bytes that belong to no file")) }
}

/// Whether it can be written to a folder of any system as it is shown, and nowhere else.
fn good(name: &str) -> bool {
    let hidden = |c: char| {
        // Among them those that turn the direction of reading, so that `exe.txt` is shown for `txt.exe`.
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    (1..=100).contains(&name.chars().count())
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
        && !name.chars().any(hidden)
        && !device
}

fn check_names(lines: &[Line]) -> Result<(), Refused> {
    if lines.len() > FILES {
        return Err(Refusal::TooLarge.because("too many files"));
    }
    let mut seen = HashSet::new();
    // Some file systems take names that differ only in case for one file.
    if lines.iter().all(|line| good(&line.name) && seen.insert(line.name.to_lowercase())) {
        Ok(())
    } else {
        Err(Refusal::Malformed.because("a file's name is not one, or stands there twice"))
    }
}
