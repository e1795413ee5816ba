//! The files of a catalogue folder, one reader each.

mod agency;
mod fee;
mod form;
mod legal;
mod lists;
mod needs;
mod period;
mod record_kind;
mod routing;
mod service;

use std::{
    collections::BTreeMap,
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use domain::service::{Catalogue, ServiceId};

use crate::{
    Fault,
    toml_file::{File, Node, Table},
};

/// Reads the catalogue in `dir`.
///
/// # Errors
/// Every fault of every file, sorted by file and line; then there is no catalogue at all.
pub fn load(dir: &Path) -> Result<Catalogue, Vec<Fault>> {
    let mut faults = vec![];
    let mut catalogue = Catalogue::default();
    read(&dir.join("agencies.toml"), &mut faults, |top| {
        (catalogue.agency_types, catalogue.agencies) = agency::read(top);
    });
    read(&dir.join("categories.toml"), &mut faults, |top| catalogue.categories = lists::categories(top));
    read(&dir.join("life-events.toml"), &mut faults, |top| catalogue.life_events = lists::life_events(top));
    read(&dir.join("calendar.toml"), &mut faults, |top| catalogue.calendar = lists::calendar(top));
    read(&dir.join("savings.toml"), &mut faults, |top| catalogue.savings = lists::savings(top));
    read(&dir.join("refund-sources.toml"), &mut faults, |top| {
        catalogue.refund_sources = lists::refund_sources(top, &catalogue);
    });
    read(&dir.join("record-kinds.toml"), &mut faults, |top| {
        catalogue.record_kinds = record_kind::read(top, &catalogue);
    });
    services(&dir.join("services"), &mut catalogue, &mut faults);
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
}

fn read(path: &Path, faults: &mut Vec<Fault>, reader: impl FnOnce(&Table)) {
    let file = File::read(path);
    file.parse(reader);
    faults.extend(file.into_faults());
}

fn services(dir: &Path, catalogue: &mut Catalogue, faults: &mut Vec<Fault>) {
    let mut by_number = BTreeMap::new();
    for path in paths(dir, faults) {
        let file = File::read(&path);
        let Ok(id) = file.stem().parse::<ServiceId>() else {
            file.fault_at_line(
                0,
                "the file's name is the service's id: lower-case letters, digits and hyphens",
            );
            faults.extend(file.into_faults());
            continue;
        };
        let service = file.parse(|top| {
            let service = service::read(id, top, catalogue)?;
            if let Some(other) = by_number.insert(service.number, service.id.clone()) {
                top.fault_at("number", format!("the number {} belongs to `{other}`", service.number));
            }
            Some(service)
        });
        if service.as_ref().is_some_and(Option::is_none) && !file.has_faults() {
            file.fault_at_line(0, "the service is incomplete"); // never expected: what is missing is a fault itself
        }
        catalogue.services.extend(service.flatten());
        faults.extend(file.into_faults());
    }
    catalogue.services.sort_by_key(|service| service.number);
}

fn paths(dir: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let mut fault = |message: String| faults.push(Fault { file: dir.to_owned(), line: 0, message });
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            fault(format!("cannot be read: {error}"));
            return vec![];
        }
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| entry.map(|entry| entry.path()).map_err(|error| fault(error.to_string())).ok())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    if paths.is_empty() {
        fault("there is no service".to_owned());
    }
    paths.sort();
    paths
}

/// Notes a fault when `id` occurs among `earlier` ones.
fn unique<Id: PartialEq + Display>(table: &Table, id: &Id, mut earlier: impl Iterator<Item = Id>) {
    if earlier.any(|one| one == *id) {
        table.fault_at("id", format!("`{id}` is there twice"));
    }
}

/// The ids in a list that `is_known`; the others are faults.
fn known<Id: std::str::FromStr<Err: Display> + Display>(
    nodes: Vec<Node>,
    what: &str,
    is_known: impl Fn(&Id) -> bool,
) -> Vec<Id> {
    nodes.into_iter().filter_map(|node| known_one(&node, what, &is_known)).collect()
}

/// The id, if it `is_known`; a fault otherwise.
fn known_one<Id: std::str::FromStr<Err: Display> + Display>(
    node: &Node,
    what: &str,
    is_known: impl Fn(&Id) -> bool,
) -> Option<Id> {
    let id = node.parsed()?;
    if !is_known(&id) {
        node.fault(format!("unknown {what} `{id}`"));
        return None;
    }
    Some(id)
}
