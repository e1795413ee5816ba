use std::collections::BTreeMap;

use domain::service::{
    About, Attachment, Catalogue, Check, FieldId, Item, ItemId, Need, NeedId, NeededRecord, RecordKind,
    RecordKindId, Severity,
};

use super::{form::condition, known_one, legal, unique};
use crate::{
    checks::names::Scope,
    toml_file::{Node, Table},
};

/// The `[[record]]`s of a service.
pub(super) fn records(top: &Table, scope: &Scope, catalogue: &Catalogue) -> Vec<NeededRecord> {
    let mut all: Vec<NeededRecord> = vec![];
    for table in top.tables("record") {
        let Some(record) = record(&table, scope, catalogue) else { continue };
        if all.iter().any(|one| one.id == record.id) {
            let key = if table.has("id") { "id" } else { "kind" };
            table.fault_at(key, format!("the record `{}` is there twice; give one another `id`", record.id));
        }
        all.push(record);
    }
    all
}

fn record(table: &Table, scope: &Scope, catalogue: &Catalogue) -> Option<NeededRecord> {
    let kind: Option<RecordKindId> = table
        .required("kind")
        .and_then(|node| known_one(&node, "record kind", |id| catalogue.record_kind(id).is_some()));
    let items = items(table, kind.as_ref().and_then(|id| catalogue.record_kind(id)));
    let id: Option<NeedId> = match table.optional("id") {
        Some(node) => node.parsed(),
        None => kind.as_ref().map(NeedId::from),
    };
    let record = NeededRecord {
        items,
        purpose: table.text("purpose"),
        about: about(table, scope),
        need: need(table),
        when: table.optional("when").and_then(|node| condition(&node, scope)),
        legal_basis: table.optional("law").and_then(|node| node.table()).map(|table| legal::basis(&table)),
        id: id?,
        kind: kind?,
    };
    Some(record)
}

fn items(table: &Table, kind: Option<&RecordKind>) -> Vec<ItemId> {
    let nodes = table.list("items");
    if nodes.is_empty() {
        table.fault("name the `items` that are needed, at least one");
    }
    let mut items = vec![];
    for node in nodes {
        let Some(id) = node.parsed::<ItemId>() else { continue };
        if items.contains(&id) {
            node.fault(format!("the item `{id}` is there twice"));
        } else if let Some(kind) = kind.filter(|kind| kind.item(&id).is_none()) {
            let all: Vec<_> = kind.items.iter().map(|item| item.id.as_str()).collect();
            node.fault(format!("`{}` has no item `{id}`; it has {}", kind.id, all.join(", ")));
        }
        items.push(id);
    }
    items
}

fn about(table: &Table, scope: &Scope) -> About {
    if let Some(node) = table.optional("about_field") {
        if table.has("about") {
            table.fault_at("about", "`about` and `about_field` exclude each other");
        }
        let field = field(&node, scope);
        return field.map_or(About::Applicant, |field| About::Object { field });
    }
    let Some(node) = table.optional("about") else { return About::Applicant };
    match node.one_of(&["applicant", "spouse", "family", "deceased"], |word| word) {
        Some("spouse") => About::Spouse,
        Some("family") => About::Family,
        Some("deceased") => About::Deceased,
        _ => About::Applicant,
    }
}

fn need(table: &Table) -> Need {
    if let Some(group) = table.optional("alternative_group").and_then(|node| node.string()) {
        return Need::Alternative { group: group.to_owned() };
    }
    if table.flag("required", true) { Need::Required } else { Need::Helpful }
}

/// A field of the form.
pub(super) fn field(node: &Node, scope: &Scope) -> Option<FieldId> {
    known_one(node, "field", |id| scope.fields.contains_key(id))
}

/// The `[[attachment]]`s of a service.
pub(super) fn attachments(top: &Table, scope: &Scope) -> Vec<Attachment> {
    let mut all: Vec<Attachment> = vec![];
    for table in top.tables("attachment") {
        let (id, name, help) = (table.parsed("id"), table.text("name"), table.optional_text("help"));
        let required = table.flag("required", true);
        let when = table.optional("when").and_then(|node| condition(&node, scope));
        let Some(id) = id else { continue };
        unique(&table, &id, all.iter().map(|one| one.id.clone()));
        all.push(Attachment { id, name, help, required, when });
    }
    all
}

/// The `[[check]]`s of a service.
pub(super) fn checks(top: &Table, scope: &Scope) -> Vec<Check> {
    let mut all: Vec<Check> = vec![];
    for table in top.tables("check") {
        let id = table.parsed("id");
        let holds_when = table.required("holds_when").and_then(|node| condition(&node, scope));
        let (officer, citizen) = (table.text("officer"), table.text("citizen"));
        let severity =
            table.required("severity").and_then(|node| node.one_of(&Severity::ALL, Severity::word));
        let Some(id) = id else { continue };
        unique(&table, &id, all.iter().map(|one| one.id.clone()));
        let (Some(holds_when), Some(severity)) = (holds_when, severity) else { continue };
        all.push(Check { id, holds_when, officer, citizen, severity });
    }
    all
}

/// The scope of checks: the form's fields and the items asked for.
pub(super) fn scope_with_records(scope: &Scope, records: &[NeededRecord], catalogue: &Catalogue) -> Scope {
    let mut items = BTreeMap::new();
    for record in records {
        let Some(kind) = catalogue.record_kind(&record.kind) else { continue };
        let asked = kind.items.iter().filter(|item| record.items.contains(&item.id));
        let asked = asked.map(|item: &Item| (item.id.clone(), item.item_type)).collect();
        items.insert(record.id.clone(), asked);
    }
    Scope { fields: scope.fields.clone(), items }
}
