use std::collections::{BTreeMap, BTreeSet};

use domain::service::{ItemId, RecordKindId};
use exchange::{
    refusal::{Refusal, Refused},
    ticket::Ticket,
    value::Record,
};
use toml_file::Table;

use super::Type;

/// What a submission has to be like.
#[derive(Clone, Debug)]
pub struct Form {
    /// The kind of record that it is about: that of the ticket.
    pub kind: RecordKindId,
    /// The items that it may have, with the type of each.
    pub items: BTreeMap<ItemId, Type>,
    /// The items that it must have.
    pub required: BTreeSet<ItemId>,
}

impl Form {
    /// Whether `content`, submitted under `ticket`, is as the form wants it.
    ///
    /// # Errors
    /// `malformed`.
    pub fn check(&self, ticket: &Ticket, content: &Record) -> Result<(), Refused> {
        let refused = |cause| Err(Refusal::Malformed.because(cause));
        if ticket.kind != self.kind {
            return refused("a form of another kind of record");
        }
        if !self.required.iter().all(|item| content.contains_key(item)) {
            return refused("an item is missing that the form needs");
        }
        if !content.iter().all(|(item, value)| self.items.get(item) == Some(&Type::of(value))) {
            return refused("an item that the form does not have, or of another type");
        }
        Ok(())
    }
}

pub(super) fn read(table: &Table) -> Option<Form> {
    let kind = table.required("kind").and_then(|node| node.parsed());
    let mut required = BTreeSet::new();
    for node in table.list("required") {
        required.extend(node.parsed::<ItemId>());
    }
    let mut items = BTreeMap::new();
    for (item, node) in table.required("items")?.table()?.entries::<ItemId>() {
        items.extend(node.parsed().map(|item_type| (item, item_type)));
    }
    for item in required.iter().filter(|item| !items.contains_key(*item)) {
        table.fault(format!("`{item}` is required, and no item of the form"));
    }
    Some(Form { kind: kind?, items, required })
}
