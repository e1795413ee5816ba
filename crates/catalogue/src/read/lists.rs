use chrono::NaiveDate;
use domain::service::{Calendar, Catalogue, Category, LifeEvent, RefundClaim, RefundSource, Savings, Won};

use super::{known_one, unique};
use crate::toml_file::Table;

pub(super) fn categories(top: &Table) -> Vec<Category> {
    let mut all: Vec<Category> = vec![];
    for table in top.tables("category") {
        let (id, name, description) = (table.parsed("id"), table.text("name"), table.text("description"));
        let Some(id) = id else { continue };
        unique(&table, &id, all.iter().map(|one| one.id.clone()));
        all.push(Category { id, name, description });
    }
    all
}

pub(super) fn life_events(top: &Table) -> Vec<LifeEvent> {
    let mut all: Vec<LifeEvent> = vec![];
    for table in top.tables("event") {
        let (id, name, description) = (table.parsed("id"), table.text("name"), table.text("description"));
        let Some(id) = id else { continue };
        unique(&table, &id, all.iter().map(|one| one.id.clone()));
        all.push(LifeEvent { id, name, description });
    }
    all
}

pub(super) fn refund_sources(top: &Table, catalogue: &Catalogue) -> Vec<RefundSource> {
    let mut all: Vec<RefundSource> = vec![];
    for table in top.tables("source") {
        let id = table.parsed("id");
        let holder = table
            .optional("holder")
            .and_then(|node| known_one(&node, "agency", |id| catalogue.agency(id).is_some()));
        let claim = if table.flag("claim_here", false) {
            let from = table.required("claim_from").and_then(|node| node.time());
            let until = table.required("claim_until").and_then(|node| node.time());
            from.zip(until).map(|(from, until)| {
                if from >= until {
                    table.fault_at("claim_until", "`claim_until` is not after `claim_from`");
                }
                RefundClaim::Here { from, until }
            })
        } else {
            Some(RefundClaim::AtHolder)
        };
        let source = (
            table.text("name"),
            table.text("description"),
            table.number("prescription_years"),
            table.optional_text("note"),
            table.required_flag("verified"),
        );
        let (name, description, years, note, verified) = source;
        let (Some(id), Some(claim), Some(prescription_years)) = (id, claim, years) else { continue };
        unique(&table, &id, all.iter().map(|one| one.id.clone()));
        all.push(RefundSource { id, name, description, holder, claim, prescription_years, note, verified });
    }
    all
}

pub(super) fn calendar(top: &Table) -> Calendar {
    let day = |key| top.required(key).and_then(|node| node.date()).unwrap_or_default();
    let mut calendar =
        Calendar { from: day("from"), until: day("until"), holidays: std::collections::BTreeMap::new() };
    let Some(holidays) = top.required("holidays").and_then(|node| node.table()) else { return calendar };
    holidays.keys_are_data();
    for (key, day, name) in holidays.entries() {
        let Ok(day) = day.parse::<NaiveDate>() else {
            key.fault(format!("`{day}` is not a day such as 2026-11-22"));
            continue;
        };
        if !(calendar.from..=calendar.until).contains(&day) {
            key.fault(format!("{day} is not between `from` and `until`"));
        }
        calendar.holidays.insert(day, name.bilingual());
    }
    calendar
}

pub(super) fn savings(top: &Table) -> Savings {
    let won = |key| Won(top.number::<u64>(key).unwrap_or_default());
    Savings {
        year: top.number("year").unwrap_or_default(),
        seconds: top.number("seconds").unwrap_or_default(),
        time: won("time"),
        travel: won("travel"),
        commission: won("commission"),
        printing: won("printing"),
        source: top.string("source"),
    }
}
