//! One agency's folder: keys, grant and the gateway's file; and the portal's side of it.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::Chance, identity, service::AgencyId};
use exchange::{
    grant::{Grant, Permission},
    ids::{GrantId, KeyId},
    key_file::KeyFile,
    keys::SigningKey,
    ticket::Statute,
    verb::Verb,
};

use super::{SeedError, agencies::Agency, purposes::Purposes};
use crate::keys::{self, Purpose};

/// The portal, as agencies know it.
pub const CLIENT: &str = "madang";
/// How long keys and grants of the sandbox hold.
const LIFE: TimeDelta = TimeDelta::days(3650);
/// So much that measurements do not run into it.
const PER_SECOND: u32 = 2_000;
const PER_MINUTE: u32 = 60_000;

/// Where the keys and ids of a sandbox come from.
pub struct Making<'a> {
    /// The instant it is made at.
    pub now: DateTime<Utc>,
    /// What keys are made of.
    pub chance: &'a dyn Chance,
    /// What may be asked for.
    pub purposes: &'a Purposes,
}

/// A port for each agency, from a first one on.
pub fn port(first: u16, place: usize) -> u16 {
    u16::try_from(place).map_or(first, |place| first.saturating_add(place))
}

/// What is made in an agency's folder; the rest its gateway wrote.
const MADE: [&str; 2] = ["gateway.toml", "register.sqlite"];

/// Takes keys and what gateways wrote, such as their logs, over from an older sandbox: the portal's own log goes on as
/// well, and both have to match.
///
/// # Errors
/// When something cannot be copied.
pub fn take_over(old: &Path, root: &Path, agencies: &[Agency]) -> Result<(), SeedError> {
    copy(&old.join(CLIENT), &root.join(CLIENT))?;
    for agency in agencies {
        copy(&old.join(agency.id), &root.join(agency.id))?;
        copy(&old.join(agency.id).join("keys"), &root.join(agency.id).join("keys"))?;
    }
    Ok(())
}

/// Copies the files of a folder, if there is one, but not what is made.
fn copy(from: &Path, to: &Path) -> Result<(), SeedError> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    create(to)?;
    for entry in entries {
        let path = entry.map_err(|error| SeedError::File(from.to_owned(), error))?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_file() && !MADE.iter().any(|made| name == *made) {
            fs::copy(&path, to.join(name)).map_err(|error| SeedError::File(path, error))?;
        }
    }
    Ok(())
}

/// Makes the portal's signing key.
///
/// # Errors
/// When it cannot be written.
pub fn client(root: &Path, making: &Making) -> Result<(), SeedError> {
    let folder = root.join(CLIENT);
    create(&folder)?;
    key(&folder, (CLIENT, "madang-sign-1"), Purpose::Sign, making)
}

/// Makes everything in an agency's folder but the register.
///
/// # Errors
/// When it cannot be written.
pub fn agency(root: &Path, (agency, port): (&Agency, u16), making: &Making) -> Result<(), SeedError> {
    let (id, folder) = (agency.id, root.join(agency.id));
    let (keys, grants) = (folder.join("keys"), folder.join("grants"));
    create(&keys)?;
    create(&grants)?;
    key(&keys, (id, &format!("{id}-sign-1")), Purpose::Sign, making)?;
    key(&keys, (id, &format!("{id}-seal-1")), Purpose::Seal, making)?;
    key(&keys, (CLIENT, &format!("{id}-{CLIENT}-subject")), Purpose::Subject, making)?;
    let public = "madang-sign-1.public.json";
    let (from, to) = (root.join(CLIENT).join(public), keys.join(public));
    fs::copy(&from, &to).map_err(|error| SeedError::File(to, error))?;
    let sign = keys.join(format!("{id}-sign-1.json"));
    let read = fs::read(&sign).map_err(|error| SeedError::File(sign, error))?;
    let office = KeyFile::parse(&zeroize::Zeroizing::new(read))?.signing_key()?;
    write(&grants.join("madang.json"), grant(agency, &office, making)?)?;
    write(&folder.join("gateway.toml"), gateway(agency, port))
}

fn key(folder: &Path, (owner, id): (&str, &str), purpose: Purpose, making: &Making) -> Result<(), SeedError> {
    let owner: AgencyId = owner.parse().map_err(|_| SeedError::Name(owner.to_owned()))?;
    let id: KeyId = id.parse().map_err(|_| SeedError::Name(id.to_owned()))?;
    if folder.join(format!("{id}.json")).exists() {
        return Ok(());
    }
    // A little earlier, so that nobody waits for a clock.
    let since = making.now - TimeDelta::minutes(1);
    keys::make(folder, (owner, id, purpose), (since, LIFE), making.chance)?;
    Ok(())
}

/// All items of all kinds for all purposes, on consent and on the kind's statute.
fn grant(agency: &Agency, office: &SigningKey, making: &Making) -> Result<Vec<u8>, SeedError> {
    let name = |text: &str| SeedError::Name(text.to_owned());
    let since = making.now - TimeDelta::minutes(1);
    let mut grant = Grant {
        id: GrantId::mint(making.now, making.chance),
        client: CLIENT.parse().map_err(|_| name(CLIENT))?,
        holder: agency.id.parse().map_err(|_| name(agency.id))?,
        kinds: [].into(),
        from: since.into(),
        until: (since + LIFE).into(),
        per_minute: PER_MINUTE,
    };
    for (kind, mapping) in kinds(agency) {
        let mut verbs = vec![Verb::Pull];
        if mapping.get("verify").is_some() {
            verbs.push(Verb::Verify);
        }
        let items =
            mapping.get("items").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys);
        let items = items.map(|item| item.parse().map_err(|_| name(item))).collect::<Result<_, _>>()?;
        let statutes = making.purposes.statutes.get(&kind).cloned().into_iter();
        let permission = Permission {
            verbs: verbs.into_iter().collect(),
            items,
            purposes: making.purposes.purposes.iter().cloned().collect(),
            consent: true,
            statutes: statutes.chain([Statute::new(identity::LAW, identity::ARTICLE)?]).collect(),
        };
        grant.kinds.insert(kind.parse().map_err(|_| name(&kind))?, permission);
    }
    Ok(grant.sign(office)?)
}

/// The kinds of record of an agency, as its mapping has them.
pub fn kinds(agency: &Agency) -> toml::Table {
    let table = agency.mapping.parse::<toml::Table>().unwrap_or_default();
    table.get("kinds").and_then(toml::Value::as_table).cloned().unwrap_or_default()
}

fn gateway(agency: &Agency, port: u16) -> String {
    let (id, mapping) = (agency.id, agency.mapping);
    format!(
        r#"# Made by `madang-gateway seed`: a register of the sandbox. See docs/sandbox.md.
agency = "{id}"
origin = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
log = "log.sqlite"
grants = ["grants/madang.json"]

[register]
sqlite = "register.sqlite"

[keys]
sign = "keys/{id}-sign-1.json"
seal = ["keys/{id}-seal-1.json"]

[clients.{CLIENT}]
keys = ["keys/madang-sign-1.public.json"]
subject = "keys/{id}-{CLIENT}-subject.json"
per_second = {PER_SECOND}

{mapping}"#
    )
}

/// The file that tells the portal where the agencies are.
pub fn agencies_file(agencies: &[Agency], first_port: u16) -> String {
    let parts = agencies.iter().enumerate().map(|(place, agency)| {
        let (id, port) = (agency.id, port(first_port, place));
        let kinds: Vec<_> = kinds(agency).keys().map(|kind| format!("\"{kind}\"")).collect();
        format!(
            r#"
[agencies.{id}]
way = "direct"
origin = "http://127.0.0.1:{port}"
keys = ["{id}/keys/{id}-sign-1.public.json"]
seal = ["{id}/keys/{id}-seal-1.public.json"]
subject = "{id}/keys/{id}-{CLIENT}-subject.json"
kinds = [{}]
"#,
            kinds.join(", ")
        )
    });
    let head = format!(
        r#"# Made by `madang-gateway seed`. Paths are meant from this folder.
client = "{CLIENT}"
sign = "{CLIENT}/madang-sign-1.json"
"#
    );
    std::iter::once(head).chain(parts).collect()
}

fn create(folder: &Path) -> Result<(), SeedError> {
    fs::create_dir_all(folder).map_err(|error| SeedError::File(folder.to_owned(), error))
}

/// Writes a file of the sandbox.
///
/// # Errors
/// With the file's name.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), SeedError> {
    fs::write(path, content).map_err(|error| SeedError::File(path.to_owned(), error))
}
