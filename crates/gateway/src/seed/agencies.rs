//! The agencies of the sandbox: for each the tables of its register, the mapping of its gateway, and what fills it.
//!
//! The mappings are files as agencies write them; a test holds them against the catalogue.

mod city;
mod kcomwel;
mod kidi;
mod land;
mod mma;
mod moe;
mod mohw;
mod mois;
mod moj;
mod molit;
mod nhis;
mod nps;
mod nts;
mod police;
mod supreme_court;

use rusqlite::Connection;

use super::{draw::Draw, known::place, people::World};

/// One agency.
pub struct Agency {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// The statements that make its tables; then, after a line `-- indexes`, those that make its indexes.
    pub schema: &'static str,
    /// The kinds of record it answers for, as its gateway's file has them.
    pub mapping: &'static str,
    /// The columns with canaries: table and column.
    pub canaries: &'static [(&'static str, &'static str)],
    /// Fills the tables.
    pub fill: fn(&World, &Connection) -> rusqlite::Result<()>,
}

impl Agency {
    /// Whether money that people are owed stands in its register.
    pub fn owes(&self) -> bool {
        self.schema.contains(" on refunds ")
    }
}

macro_rules! agency {
    ($id:literal, $file:literal, $canaries:expr, $fill:expr) => {
        Agency {
            id: $id,
            schema: include_str!(concat!("agencies/", $file, ".sql")),
            mapping: include_str!(concat!("agencies/", $file, ".toml")),
            canaries: &$canaries,
            fill: $fill,
        }
    };
    ($id:literal, $canaries:expr, $fill:expr) => {
        agency!($id, $id, $canaries, $fill)
    };
}

/// Every agency. A port belongs to each place, so somebody new comes last.
pub const AGENCIES: [Agency; 16] = [
    agency!("mois", [("residents", "address")], mois::fill),
    agency!("supreme-court", [("companies", "name")], supreme_court::fill),
    agency!("nts", [("businesses", "name")], nts::fill),
    agency!("gaon", "city", [], |world, to| city::fill(world, 0, to)),
    agency!("narae", "city", [], |world, to| city::fill(world, 1, to)),
    agency!("dasom", "city", [], |world, to| city::fill(world, 2, to)),
    agency!("nhis", [], nhis::fill),
    agency!("nps", [], nps::fill),
    agency!("kcomwel", [("employments", "employer")], kcomwel::fill),
    agency!(
        "molit",
        [("vehicles", "mortgages"), ("vehicles", "seizures"), ("buildings", "address")],
        molit::fill
    ),
    agency!("mma", [], mma::fill),
    agency!("police", [], police::fill),
    agency!("mohw", [("citizens", "disability_type")], mohw::fill),
    agency!("moj", [("foreigners", "address")], moj::fill),
    agency!("kidi", [], kidi::fill),
    agency!("moe", [("schooling", "school")], moe::fill),
];

/// Several lines as registers have them: a JSON array of strings.
fn list<T: AsRef<str>>(lines: &[T]) -> String {
    lines.iter().map(AsRef::as_ref).collect::<serde_json::Value>().to_string()
}

/// What somebody owes in taxes, in won: most nothing.
fn arrears(draw: &mut Draw, index: usize) -> u64 {
    let owes = index == place("in-arrears") || (draw.percent(3) && index >= super::known::KNOWN.len());
    if owes { draw.between(3, 900) * 10_000 } else { 0 }
}
