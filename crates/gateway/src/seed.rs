//! Makes a sandbox: people who do not exist, the registers of sixteen agencies that know them, and a gateway's folder
//! for each of them.
//!
//! [`families`] makes the [`people`], with numbers that nobody can have ([`number`]); [`known`] has those whom tests ask
//! for. [`agencies`] fills each register from them, so that the registers agree; what they share is drawn in [`work`] and
//! [`refunds`]. [`folder`] makes keys, grants and the files of gateways and portal. How to use it: `docs/sandbox.md`.

pub mod agencies;
pub mod canary;
pub mod draw;
pub mod families;
pub mod folder;
pub mod known;
pub mod lists;
pub mod number;
pub mod people;
pub mod purposes;
pub mod refunds;
pub mod register;
pub mod work;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::Chance;
use exchange::{digest::Digest, refusal::Refused};
use serde_json::json;
use thiserror::Error;

use agencies::AGENCIES;
use folder::Making;
use people::World;

/// Changes whenever the same numbers make other people or registers; tables and mappings are compared by themselves.
pub const VERSION: u32 = 2;

/// What is made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many people: from the number of those known to a million.
    pub people: usize,
    /// What all chance but that of keys comes from.
    pub seed: u64,
    /// The folder; made, and not there before.
    pub folder: PathBuf,
    /// The first agency's port; the others have those after it.
    pub port: u16,
    /// The portal's catalogue, for its services and statutes.
    pub catalogue: PathBuf,
    /// The day on which the registers are as they are.
    pub today: NaiveDate,
}

/// Why there is no sandbox.
#[derive(Debug, Error)]
pub enum SeedError {
    /// A file cannot be read or written.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// A register cannot be written.
    #[error("the register of {0}: {1}")]
    Register(&'static str, rusqlite::Error),
    /// A key cannot be made.
    #[error(transparent)]
    Key(#[from] crate::keys::KeyError),
    /// The exchange does not take what was made.
    #[error(transparent)]
    Exchange(#[from] Refused),
    /// This is no catalogue.
    #[error("{}: not a part of a catalogue", .0.display())]
    Catalogue(PathBuf),
    /// A name in the code that is none.
    #[error("`{0}` is not a name")]
    Name(String),
    /// More or fewer people than can be made.
    #[error("from {} to {} people can be made", known::KNOWN.len(), people::MOST)]
    People,
    /// A folder is in the way.
    #[error("{} is there already, and no sandbox", .0.display())]
    InTheWay(PathBuf),
}

/// Makes a sandbox: beside its place first, so that there is a whole one or none.
///
/// # Errors
/// When something cannot be read or written, or the folder is there already and is no sandbox. An older sandbox there is
/// replaced; its keys and logs stay. Its gateways may not run meanwhile.
pub fn seed(plan: &Plan, now: DateTime<Utc>, chance: &dyn Chance) -> Result<(), SeedError> {
    if !(known::KNOWN.len()..=people::MOST).contains(&plan.people) {
        return Err(SeedError::People);
    }
    let purposes = purposes::read(&plan.catalogue)?;
    let (beside, old) = (plan.folder.with_extension("new"), plan.folder.with_extension("old"));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| SeedError::File(path, error)
    };
    remove(&beside)?;
    remove(&old)?;
    if plan.folder.exists() && !plan.folder.join(MARK).exists() {
        return Err(SeedError::InTheWay(plan.folder.clone()));
    }
    fs::create_dir_all(&beside).map_err(failed(&beside))?;
    folder::take_over(&plan.folder, &beside, &AGENCIES)?;
    let making = Making { now, chance, purposes: &purposes };
    folder::client(&beside, &making)?;
    let world = families::people(plan.seed, plan.people, plan.today);
    let canaries = fill(&world, &beside, plan.port, &making)?;
    let canaries: Vec<_> = canaries.into_iter().collect();
    folder::write(&beside.join("canaries.txt"), canaries.join("\n") + "\n")?;
    folder::write(&beside.join("agencies.toml"), folder::agencies_file(&AGENCIES, plan.port))?;
    folder::write(&beside.join("people.json"), people_json(&world))?;
    folder::write(&beside.join("people.txt"), people_text())?;
    folder::write(&beside.join(MARK), mark(plan, &purposes))?;
    if plan.folder.exists() {
        fs::rename(&plan.folder, &old).map_err(failed(&plan.folder))?;
    }
    fs::rename(&beside, &plan.folder).map_err(failed(&plan.folder))?;
    remove(&old)
}

/// Whether the folder is what [`seed`] would make, apart from its day and its keys.
///
/// # Errors
/// When the catalogue cannot be read.
pub fn is_current(plan: &Plan) -> Result<bool, SeedError> {
    let wanted = mark(plan, &purposes::read(&plan.catalogue)?);
    Ok(fs::read_to_string(plan.folder.join(MARK)).is_ok_and(|found| found == wanted))
}

/// The file that says what a sandbox was made of.
const MARK: &str = "sandbox.json";

fn mark(plan: &Plan, purposes: &purposes::Purposes) -> String {
    let ids: Vec<_> = purposes.purposes.iter().map(ToString::to_string).collect();
    let made = json!({"version": VERSION, "people": plan.people, "seed": plan.seed, "port": plan.port,
        "purposes": ids, "statutes": purposes.statutes, "mappings": mappings().to_string()});
    format!("{made:#}\n")
}

/// One digest for all tables and mappings.
fn mappings() -> Digest {
    let texts = AGENCIES.iter().flat_map(|agency| [agency.schema, agency.mapping]);
    Digest::of(texts.collect::<String>().as_bytes())
}

/// Fills the agencies' folders, as many at once as there are processors. Gives back the canaries.
fn fill(world: &World, root: &Path, first_port: u16, making: &Making) -> Result<BTreeSet<String>, SeedError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<BTreeSet<String>, SeedError> {
        let mut canaries = BTreeSet::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(agency) = AGENCIES.get(place) else { return Ok(canaries) };
            folder::agency(root, (agency, folder::port(first_port, place)), making)?;
            let file = root.join(agency.id).join("register.sqlite");
            let planted = register::write(world, agency, &file);
            canaries.extend(planted.map_err(|error| SeedError::Register(agency.id, error))?);
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(AGENCIES.len());
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = BTreeSet::new();
        for thread in running {
            all.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(all)
    })
}

/// Everybody known, with what a form may ask them for.
fn people_json(world: &World) -> String {
    let person = |(index, one): (usize, &known::Known)| {
        let home = world.home(&world.people[index]);
        let business = work::business(world, index, &world.people[index]);
        let numbers =
            business.map(|found| json!({"business": found.number, "corporation": found.corporation}));
        json!({"role": one.role, "name": one.name, "number": one.number(), "born": one.born(),
            "newcomer": known::NEWCOMERS.contains(&one.role), "about": {"ko": one.ko, "en": one.en},
            "city": people::CITIES[home.city].0, "address": home.address, "parcel": home.parcel,
            "numbers": numbers})
    };
    let people: Vec<_> = known::KNOWN.iter().enumerate().map(person).collect();
    format!("{:#}\n", json!({ "people": people }))
}

/// The three people that a newcomer can verify as, in lines for a terminal.
pub fn people_text() -> String {
    let lines = known::NEWCOMERS.map(|role| {
        let one = known::known(role);
        format!("{}  {}\n    {} / {}\n", one.name, one.number(), one.ko, one.en)
    });
    lines.concat()
}

fn remove(folder: &Path) -> Result<(), SeedError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(SeedError::File(folder.to_owned(), error))
        }
        _ => Ok(()),
    }
}
