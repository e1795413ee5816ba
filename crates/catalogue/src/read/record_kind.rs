use domain::service::{
    AgencyId, AgencyTypeId, Catalogue, DataSubject, Holder, Item, ItemType, RecordKind, Won,
};

use super::{known_one, legal, unique};
use crate::toml_file::Table;

pub(super) fn read(top: &Table, catalogue: &Catalogue) -> Vec<RecordKind> {
    let mut all: Vec<RecordKind> = vec![];
    for table in top.tables("kind") {
        let Some(kind) = kind(&table, catalogue) else { continue };
        unique(&table, &kind.id, all.iter().map(|one| one.id.clone()));
        if let Some(other) = all.iter().find(|one| one.number == kind.number) {
            table.fault_at("number", format!("the number {} belongs to `{}`", kind.number, other.id));
        }
        all.push(kind);
    }
    all.sort_by_key(|kind| kind.number);
    all
}

fn kind(table: &Table, catalogue: &Catalogue) -> Option<RecordKind> {
    let (id, number, name) = (table.parsed("id"), table.number("number"), table.text("name"));
    let holder = holder(table, catalogue);
    let data_subject =
        table.required("about").and_then(|node| node.one_of(&DataSubject::ALL, DataSubject::word));
    let max_age_days = table.number("max_age_days");
    let fee = table.optional("fee").and_then(|node| node.number()).map(Won);
    let legal_basis = table.optional("law").and_then(|node| node.table()).map(|table| legal::basis(&table));
    let (sensitive, verified) = (table.flag("sensitive", false), table.required_flag("verified"));
    let items = items(table);
    Some(RecordKind {
        id: id?,
        number: number?,
        name,
        holder: holder?,
        items,
        data_subject: data_subject?,
        sensitive,
        max_age_days: max_age_days?,
        fee,
        legal_basis,
        verified,
    })
}

fn holder(table: &Table, catalogue: &Catalogue) -> Option<Holder> {
    let agency: Option<AgencyId> = table
        .optional("holder")
        .and_then(|node| known_one(&node, "agency", |id| catalogue.agency(id).is_some()));
    let offices: Option<AgencyTypeId> = table.optional("offices").and_then(|node| {
        let id = known_one(&node, "agency type", |id| catalogue.agency_type(id).is_some())?;
        if catalogue.agencies_of(&id).next().is_none() {
            node.fault(format!("there is no agency of type `{id}`"));
        }
        Some(id)
    });
    match (agency, offices) {
        (Some(agency), Some(agency_type)) => Some(Holder::Shared { agency, agency_type }),
        (Some(agency), None) => Some(Holder::Agency { agency }),
        (None, Some(agency_type)) => Some(Holder::Offices { agency_type }),
        (None, None) => {
            if !table.has("holder") && !table.has("offices") {
                table.fault("a kind of record has a `holder`, `offices`, or both");
            }
            None
        }
    }
}

fn items(table: &Table) -> Vec<Item> {
    let mut items: Vec<Item> = vec![];
    for table in table.tables("items") {
        let (id, name) = (table.parsed("id"), table.text("name"));
        let item_type = table.required("type").and_then(|node| node.one_of(&ItemType::ALL, ItemType::word));
        let sensitive = table.flag("sensitive", false);
        let (Some(id), Some(item_type)) = (id, item_type) else { continue };
        unique(&table, &id, items.iter().map(|item| item.id.clone()));
        items.push(Item { id, name, item_type, sensitive });
    }
    if items.is_empty() && table.list("items").is_empty() {
        table.fault("a kind of record has at least one item in `items`");
    }
    items
}
