//! Looking after the vault's keys: by the operator's commands.

use store::identity;
use zeroize::Zeroizing;

use super::Refusal;
use crate::{jobs::reseal::Reseal, state::Portal};

/// A key, and what it is needed for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyLine {
    /// Its name.
    pub name: String,
    /// How many values are sealed with it.
    pub values: i64,
    /// Whether it seals what comes.
    pub newest: bool,
    /// Whether it is among the keys; otherwise what it sealed cannot be opened.
    pub known: bool,
}

/// What came of a rotation.
pub enum Rotated {
    /// A new key with this name is in the file.
    Made(String),
    /// The keys are not ours to change: the entry of a new one, for the operator.
    Entry(Zeroizing<String>),
}

/// Every key, the oldest first, and those that are missing.
///
/// # Errors
/// [`Refusal`].
pub async fn list(portal: &Portal) -> Result<Vec<KeyLine>, Refusal> {
    let counts = {
        let mut db = portal.pool.acquire().await?;
        identity::count_by_key(&mut db).await?
    };
    let ring = portal.vault.ring();
    let names: Vec<&str> = ring.names().collect();
    let of = |name: &str| counts.iter().find(|(key, _)| key == name).map_or(0, |(_, values)| *values);
    let known = names.iter().map(|name| KeyLine {
        name: (*name).to_owned(),
        values: of(name),
        newest: names.last() == Some(name),
        known: true,
    });
    let missing = counts
        .iter()
        .filter(|(key, _)| !names.contains(&key.as_str()))
        .map(|(key, values)| KeyLine { name: key.clone(), values: *values, newest: false, known: false });
    Ok(known.chain(missing).collect())
}

/// Makes a new key and leaves it to a job to seal anew what older ones have sealed.
///
/// # Errors
/// [`Refusal`].
pub async fn rotate(portal: &Portal) -> Result<Rotated, Refusal> {
    let now = portal.now();
    if !portal.vault.has_file() {
        return Ok(Rotated::Entry(portal.vault.make_entry(now, &*portal.chance)));
    }
    portal.vault.rotate(now, &*portal.chance)?;
    let mut db = portal.pool.acquire().await?;
    Reseal.enqueue(&mut db).await?;
    Ok(Rotated::Made(portal.vault.ring().names().last().unwrap_or_default().to_owned()))
}

/// Removes a key. None when it is gone; otherwise how many values it still seals.
///
/// # Errors
/// [`Refusal`].
pub async fn remove(portal: &Portal, name: &str) -> Result<Option<i64>, Refusal> {
    let used = list(portal).await?.into_iter().find(|line| line.name == name && line.values > 0);
    if let Some(line) = used {
        return Ok(Some(line.values));
    }
    portal.vault.remove(name, &*portal.chance)?;
    Ok(None)
}
