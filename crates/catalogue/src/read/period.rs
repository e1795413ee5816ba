use domain::service::{LegalKind, Length, Period, PeriodRule};

use crate::toml_file::Table;

/// The `[period]` of a service, or what its legal kind says.
pub(super) fn read(top: &Table, legal_kind: Option<LegalKind>) -> Option<Period> {
    let Some(value) = top.optional("period") else {
        let default = legal_kind.and_then(LegalKind::default_period);
        if default.is_none() {
            top.fault("`period` is missing");
        }
        return default;
    };
    let table = value.table()?;
    let (note, verified) = (table.optional_text("note"), table.required_flag("verified"));
    let forms = ["length", "from", "special"].iter().filter(|key| table.has(key)).count();
    if forms != 1 {
        table.fault("a period has one of `length`, `from` with `to` and `by`, or `special = true`");
    }
    let rule = if table.has("length") {
        fixed(&table)?
    } else if table.has("from") {
        range(&table)?
    } else {
        table.flag("special", true);
        if note.is_none() && forms == 1 {
            table.fault("a special period needs a `note` that says what applies");
        }
        PeriodRule::Special
    };
    Some(Period { rule, note, verified })
}

fn fixed(table: &Table) -> Option<PeriodRule> {
    let length: Option<Length> = table.parsed("length");
    let up_to: Option<Length> = table.optional("up_to").and_then(|node| node.parsed());
    let length = length?;
    if up_to.is_some_and(|up_to| up_to.rough_days() <= length.rough_days()) {
        table.fault_at("up_to", "`up_to` is not longer than `length`");
    }
    Some(PeriodRule::Fixed { length, up_to })
}

fn range(table: &Table) -> Option<PeriodRule> {
    let (from, to): (Option<Length>, Option<Length>) = (table.parsed("from"), table.parsed("to"));
    let by = table.text("by");
    let (from, to) = (from?, to?);
    if to.rough_days() <= from.rough_days() {
        table.fault_at("to", "`to` is not longer than `from`");
    }
    Some(PeriodRule::Range { from, to, by })
}
