//! What the portal may ask for, and on which statutes: read from its catalogue.

use std::{collections::BTreeMap, fs, path::Path};

use domain::identity;
use exchange::{ids::PurposeId, ticket::Statute};

use super::SeedError;

/// The article of a statute of the catalogue that names none.
pub const NO_ARTICLE: &str = "-";

/// What the catalogue says.
pub struct Purposes {
    /// Every service's id, and that of confirming who somebody is.
    pub purposes: Vec<PurposeId>,
    /// The statute of each kind of record that has one, in Korean words.
    pub statutes: BTreeMap<String, Statute>,
}

/// Reads the folder of a catalogue.
///
/// # Errors
/// When it has no services, or its kinds of record cannot be read.
pub fn read(catalogue: &Path) -> Result<Purposes, SeedError> {
    let services = catalogue.join("services");
    let mut purposes = vec![identity::PURPOSE.parse().map_err(|_| SeedError::Catalogue(services.clone()))?];
    for entry in fs::read_dir(&services).map_err(|error| SeedError::File(services.clone(), error))? {
        let path = entry.map_err(|error| SeedError::File(services.clone(), error))?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            purposes.push(id.ok_or(SeedError::Catalogue(path))?);
        }
    }
    purposes.sort();
    let file = catalogue.join("record-kinds.toml");
    let text = fs::read_to_string(&file).map_err(|error| SeedError::File(file.clone(), error))?;
    let statutes = statutes(&text).ok_or(SeedError::Catalogue(file))?;
    Ok(Purposes { purposes, statutes })
}

fn statutes(text: &str) -> Option<BTreeMap<String, Statute>> {
    let top: toml::Table = text.parse().ok()?;
    let mut statutes = BTreeMap::new();
    for kind in top.get("kind")?.as_array()? {
        let Some(basis) = kind.get("law") else { continue };
        let law = basis.get("law")?.get("ko")?.as_str()?;
        let article = basis.get("article").map_or(Some(NO_ARTICLE), toml::Value::as_str)?;
        statutes.insert(kind.get("id")?.as_str()?.to_owned(), Statute::new(law, article).ok()?);
    }
    Some(statutes)
}
