use std::collections::BTreeMap;

use domain::service::{Choice, DateRange, Expression, Field, FieldId, FieldKind, Step};
use domain::text::Text;

use super::unique;
use crate::{
    checks::names::Scope,
    toml_file::{Node, Table},
};

/// The `[[step]]`s of a form. Conditions may read every field of the form, wherever it stands.
pub(super) fn read(top: &Table) -> Vec<Step> {
    let tables = top.tables("step");
    if tables.is_empty() && top.list("step").is_empty() {
        top.fault("a service has at least one `[[step]]` in its form");
    }
    let mut fields: Vec<(usize, Field, Option<Node>)> = vec![];
    let mut steps = vec![];
    for (number, table) in tables.iter().enumerate() {
        steps.push(Step { title: table.text("title"), help: table.optional_text("help"), fields: vec![] });
        let tables = table.tables("field");
        if tables.is_empty() && table.list("field").is_empty() {
            table.fault("a step has at least one `[[step.field]]`");
        }
        for table in &tables {
            let Some((field, when)) = field(table) else { continue };
            unique(table, &field.id, fields.iter().map(|(_, field, _)| field.id.clone()));
            fields.push((number, field, when));
        }
    }
    let known = fields.iter().map(|(_, field, _)| (field.id.clone(), field.kind.clone())).collect();
    let scope = Scope { fields: known, items: BTreeMap::new() };
    for (step, mut field, when) in fields {
        if let Some(node) = when {
            field.when = condition(&node, &scope);
            if field.when.as_ref().is_some_and(|when| when.reads.answers.contains(&field.id)) {
                node.fault(format!("`{}` cannot depend on its own answer", field.id));
            }
        }
        steps[step].fields.push(field);
    }
    steps
}

/// An expression at a key such as `when`; none after a fault.
pub(super) fn condition(node: &Node, scope: &Scope) -> Option<Expression> {
    let source = node.string()?;
    scope.expression(source).map_err(|faults| faults.into_iter().for_each(|fault| node.fault(fault))).ok()
}

fn field<'a>(table: &Table<'a>) -> Option<(Field, Option<Node<'a>>)> {
    let (id, label, help) = (table.parsed::<FieldId>("id"), table.text("label"), table.optional_text("help"));
    let (required, when) = (table.flag("required", true), table.optional("when"));
    let kind = kind(table);
    Some((Field { id: id?, label, help, kind: kind?, required, when: None }, when))
}

fn kind(table: &Table) -> Option<FieldKind> {
    const SIMPLE: [FieldKind; 10] = [
        FieldKind::Money,
        FieldKind::YesNo,
        FieldKind::Address,
        FieldKind::Parcel,
        FieldKind::Phone,
        FieldKind::Email,
        FieldKind::BankAccount,
        FieldKind::VehicleNumber,
        FieldKind::BusinessNumber,
        FieldKind::Agency,
    ];
    let words: Vec<&'static str> = ["text", "long-text", "date", "number", "choice-one", "choice-many"]
        .into_iter()
        .chain(SIMPLE.iter().map(FieldKind::word))
        .collect();
    let word = table.required("kind")?.one_of(&words, |word| word)?;
    let max_chars = |usual: u32| {
        let given = table.optional("max_chars").and_then(|node| node.number::<u32>());
        if given == Some(0) {
            table.fault_at("max_chars", "`max_chars` is at least 1");
        }
        given.unwrap_or(usual)
    };
    match word {
        "text" => Some(FieldKind::Text { max_chars: max_chars(100) }),
        "long-text" => Some(FieldKind::LongText { max_chars: max_chars(2000) }),
        "date" => Some(FieldKind::Date { range: date_range(table)? }),
        "number" => number(table),
        "choice-one" => Some(FieldKind::ChoiceOne { choices: choices(table) }),
        "choice-many" => Some(FieldKind::ChoiceMany { choices: choices(table) }),
        word => SIMPLE.into_iter().find(|kind| kind.word() == word),
    }
}

fn date_range(table: &Table) -> Option<DateRange> {
    let Some(node) = table.optional("range") else { return Some(DateRange::Any) };
    node.one_of(&[DateRange::Any, DateRange::Past, DateRange::Future], |range| match range {
        DateRange::Any => "any",
        DateRange::Past => "past",
        DateRange::Future => "future",
    })
}

fn number(table: &Table) -> Option<FieldKind> {
    let (min, max): (Option<i64>, Option<i64>) = (table.number("min"), table.number("max"));
    let (min, max) = (min?, max?);
    if max <= min {
        table.fault_at("max", "`max` is not more than `min`");
    }
    Some(FieldKind::Number { min, max })
}

fn choices(table: &Table) -> Vec<Choice> {
    let mut choices: Vec<Choice> = vec![];
    let given = table.list("choices");
    if given.len() < 2 {
        table.fault_at("choices", "a choice has at least two `choices`");
    }
    for node in given {
        let Some(table) = node.table() else { continue };
        // The label stands beside the value: `{ value = "sale", ko = "매매", en = "Sale" }`.
        let value = table.parsed::<FieldId>("value");
        let label = Text { ko: table.string("ko"), en: table.string("en") };
        let Some(value) = value else { continue };
        if choices.iter().any(|choice| choice.value == value) {
            table.fault_at("value", format!("the choice `{value}` is there twice"));
        }
        choices.push(Choice { value, label });
    }
    choices
}
