//! The part of the file about an agency behind X-Road.

use std::collections::BTreeMap;

use domain::service::{ItemId, RecordKindId};
use toml_file::{Node, Table};

use super::{origin, wire};
use crate::{
    partner::Limits,
    xroad::{Address, Given, Path, Service, XRoad},
};

/// The types of items, as in a gateway's file.
const TYPES: [&str; 7] = ["text", "date", "money", "yes_no", "integer", "decimal", "list"];

pub(super) fn read(table: &Table, limits: Option<Limits>) -> Option<XRoad> {
    let server = table.required("security_server").and_then(|node| origin(&node));
    let client = table.required("client").and_then(|node| address(&node, 3..=4));
    let represented = table.optional("represented").map(|node| address(&node, 1..=2));
    let country = table.optional("country").map_or(Some("KR"), |node| {
        let country = node.string()?;
        let good = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !good {
            node.fault("not two capital letters");
        }
        good.then_some(country)
    });
    let wire = wire(table, limits?, false);
    let entries = table.table("services").map(|table| table.entries::<RecordKindId>()).unwrap_or_default();
    let services = entries.into_iter().filter_map(|(kind, node)| Some((kind, service(&node.table()?)?)));
    let services = services.collect();
    let (represented, country) =
        (represented.map_or(Some(None), |read| read.map(Some))?, country?.to_owned());
    Some(XRoad { server: server?, wire: wire?, client: client?, represented, country, services })
}

fn address(node: &Node, parts: std::ops::RangeInclusive<usize>) -> Option<Address> {
    let address: Address = node.parsed()?;
    if !parts.contains(&address.parts()) {
        node.fault(format!("not {} to {} identifiers", parts.start(), parts.end()));
        return None;
    }
    Some(address)
}

fn service(table: &Table) -> Option<Service> {
    let service = table.required("service").and_then(|node| address(&node, 4..=5));
    let path = |key| table.optional(key).map_or(Some(None), |node| node.parsed::<Path>().map(Some));
    let (pull, verify) = (path("pull"), path("verify"));
    if matches!((&pull, &verify), (Some(None), Some(None))) {
        table.fault("neither `pull` nor `verify` is there");
    }
    let body = table.table("body").map(|table| body(&table)).unwrap_or_default();
    let at = |key| table.optional(key).map_or(Some(None), |node| pointer(&node).map(Some));
    let (records, next, verified) = (at("records"), at("next"), at("verified"));
    let items = table.optional("items").and_then(|node| node.table()).map(|table| items(&table));
    Some(Service {
        id: service?,
        pull: pull?,
        verify: verify?,
        body,
        records: records?.unwrap_or_default(),
        next: next?,
        verified: verified?.unwrap_or_else(|| "/verified".to_owned()),
        items: items.unwrap_or_default(),
    })
}

fn body(table: &Table) -> BTreeMap<String, Given> {
    let entries = table.entries::<String>().into_iter();
    let fields = entries.filter_map(|(name, node)| {
        let word = node.string()?;
        let given = Given::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, given)| given);
        if given.is_none() {
            node.fault("not `number`, `name`, `year`, `from`, `to`, `limit`, `after`, `items` or `ticket`");
        }
        Some((name, given?))
    });
    fields.collect()
}

fn items(table: &Table) -> BTreeMap<ItemId, (String, &'static str)> {
    let entries = table.entries::<ItemId>().into_iter();
    let items = entries.filter_map(|(item, node)| {
        let table = node.table()?;
        let at = table.required("at").and_then(|node| pointer(&node));
        let kind = table.required("type").and_then(|node| {
            let word = node.string()?;
            let kind = TYPES.into_iter().find(|kind| *kind == word);
            if kind.is_none() {
                node.fault("not a type of items");
            }
            kind
        });
        Some((item, (at?, kind?)))
    });
    items.collect()
}

/// A place in JSON (RFC 6901): empty, or with a slash first.
fn pointer(node: &Node) -> Option<String> {
    let text = node.string()?;
    if text.is_empty() || text.starts_with('/') {
        return Some(text.to_owned());
    }
    node.fault("not a place in JSON such as `/result/records`");
    None
}
