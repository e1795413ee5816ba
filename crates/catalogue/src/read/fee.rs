use domain::service::{Amount, ExtraFee, Fee, FeeRule, Won};

use crate::toml_file::{Node, Table};

/// The `[fee]` of a service.
pub(super) fn read(top: &Table) -> Option<Fee> {
    let table = top.required("fee")?.table()?;
    let (note, verified) = (table.optional_text("note"), table.required_flag("verified"));
    let by = table
        .required("by")
        .and_then(|node| node.one_of(&["free", "channel", "ordinance", "area", "note"], |word| word));
    let rule = match by? {
        "free" => FeeRule::Free,
        "area" => FeeRule::ByArea,
        "note" => {
            if note.is_none() {
                table.fault("a fee by note needs a `note`");
            }
            FeeRule::Described
        }
        by => {
            if !table.has("online") && !table.has("counter") {
                table.fault("a fee has a price `online`, at the `counter`, or both");
            }
            let online = table.optional("online").and_then(|node| amount(&node));
            let counter = table.optional("counter").and_then(|node| amount(&node));
            if by == "channel" {
                FeeRule::ByChannel { online, counter }
            } else {
                FeeRule::ByOrdinance { online, counter }
            }
        }
    };
    let extras = table.tables("extra").iter().filter_map(extra).collect();
    Some(Fee { rule, extras, note, verified })
}

fn extra(table: &Table) -> Option<ExtraFee> {
    let (amount, what_for) = (table.number("won"), table.text("what_for"));
    Some(ExtraFee { amount: Won(amount?), what_for })
}

/// `400`, or `{ from = 50000, to = 53000 }`.
fn amount(node: &Node) -> Option<Amount> {
    if node.is_number() {
        return Some(Amount::exactly(node.number()?));
    }
    let table = node.table()?;
    let (from, to) = (table.number("from"), table.number("to"));
    let (from, to): (u64, u64) = (from?, to?);
    if to <= from {
        table.fault_at("to", "`to` is not more than `from`");
    }
    Some(Amount { from: Won(from), to: Won(to) })
}
