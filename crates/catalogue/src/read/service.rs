use std::collections::BTreeMap;

use domain::service::{
    CategoryId, Deadline, Keywords, LegalKind, Outcome, Proxy, Service, ServiceId, Step, Treatment,
};
use domain::{service::Catalogue, text::Text};

use super::{fee, form, known, known_one, legal, needs, period, routing};
use crate::{checks::names::Scope, toml_file::Table};

/// One service; none after a fault without which it cannot be told what it is. Everything is read before
/// anything is given up, so that all faults are found at once.
pub(super) fn read(id: ServiceId, top: &Table, catalogue: &Catalogue) -> Option<Service> {
    let number: Option<u16> = top.number("number");
    if number == Some(0) {
        top.fault_at("number", "numbers begin at 1");
    }
    let legal_kind =
        top.required("legal_kind").and_then(|node| node.one_of(&LegalKind::ALL, LegalKind::word));
    let (period, fee) = (period::read(top, legal_kind), fee::read(top));
    let steps = form::read(top);
    let answers = scope(&steps);
    let routing = routing::read(top, &answers, catalogue);
    let records = needs::records(top, &answers, catalogue);
    let checks = needs::checks(top, &needs::scope_with_records(&answers, &records, catalogue));
    let treatment = treatment(top);
    let outcome = outcome(top, catalogue);
    let service = Service {
        id,
        name: top.text("name"),
        description: top.text("description"),
        audience: top.text("audience"),
        keywords: keywords(top),
        categories: categories(top, catalogue),
        life_events: known(top.list("life_events"), "life event", |id| catalogue.life_event(id).is_some()),
        legal_basis: top.tables("law").iter().map(legal::basis).collect(),
        attachments: needs::attachments(top, &answers),
        proxy: proxy(top),
        deadlines: top.tables("deadline").iter().filter_map(deadline).collect(),
        objection_days: top.optional("objection_days").and_then(|node| node.number()),
        preliminary_review: top.flag("preliminary_review", false),
        verified: top.required_flag("verified"),
        source: top.string("source"),
        steps,
        records,
        checks,
        number: number?,
        legal_kind: legal_kind?,
        period: period?,
        fee: fee?,
        routing: routing?,
        treatment: treatment?,
        outcome: outcome?,
    };
    Some(service)
}

fn scope(steps: &[Step]) -> Scope {
    let fields = steps.iter().flat_map(|step| &step.fields);
    let fields = fields.map(|field| (field.id.clone(), field.kind.clone())).collect();
    Scope { fields, items: BTreeMap::new() }
}

fn keywords(top: &Table) -> Keywords {
    let Some(table) = top.required("keywords").and_then(|node| node.table()) else {
        return Keywords::default();
    };
    let words = |key: &'static str| -> Vec<String> {
        let words: Vec<_> =
            table.list(key).into_iter().filter_map(|node| node.string().map(str::to_owned)).collect();
        if words.is_empty() {
            table.fault(format!("`{key}` needs at least one word"));
        }
        words
    };
    Keywords { ko: words("ko"), en: words("en") }
}

fn categories(top: &Table, catalogue: &Catalogue) -> Vec<CategoryId> {
    let nodes = top.list("categories");
    if nodes.is_empty() {
        top.fault_at("categories", "a service stands under at least one of the `categories`");
    }
    known(nodes, "category", |id| catalogue.category(id).is_some())
}

fn treatment(top: &Table) -> Option<Treatment> {
    const ALL: [Treatment; 2] = [Treatment::StraightThrough, Treatment::Officer];
    let treatment = top.required("treatment")?.one_of(&ALL, |treatment| match treatment {
        Treatment::StraightThrough => "straight-through",
        Treatment::Officer => "officer",
    });
    if treatment == Some(Treatment::StraightThrough) && top.list("check").is_empty() {
        top.fault_at("treatment", "a straight-through service needs at least one `[[check]]`");
    }
    treatment
}

fn outcome(top: &Table, catalogue: &Catalogue) -> Option<Outcome> {
    let table = top.required("outcome")?.table()?;
    let title: Text = table.text("title");
    let kind = table.required("kind")?.one_of(&["certificate", "notice", "report"], |word| word);
    match kind? {
        "certificate" => Some(Outcome::Certificate { title }),
        "notice" => Some(Outcome::Notice { title }),
        _ => {
            let is_known = |id: &_| catalogue.record_kind(id).is_some();
            let register =
                table.required("register").and_then(|node| known_one(&node, "record kind", is_known));
            Some(Outcome::Report { title, register: register? })
        }
    }
}

fn proxy(top: &Table) -> Proxy {
    const ALL: [Proxy; 3] = [Proxy::Allowed, Proxy::InPersonOnly, Proxy::NotAllowed];
    let proxy = top.optional("proxy").and_then(|node| {
        node.one_of(&ALL, |proxy| match proxy {
            Proxy::Allowed => "allowed",
            Proxy::InPersonOnly => "in-person-only",
            Proxy::NotAllowed => "not-allowed",
        })
    });
    proxy.unwrap_or_default()
}

fn deadline(table: &Table) -> Option<Deadline> {
    let (within, from, late) = (table.parsed("within"), table.text("from"), table.optional_text("late"));
    let verified = table.required_flag("verified");
    Some(Deadline { within: within?, from, late, verified })
}
