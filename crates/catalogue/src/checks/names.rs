//! What an expression may name, and what it does name.

use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue, SelectExpr};
use domain::service::{Expression, FieldId, FieldKind, ItemId, ItemRef, ItemType, NeedId, Reads};

use super::{parse, sample};

/// The functions a rule may call; operators and `has`, `all`, `exists`, `filter` and `map` are part of the language.
const FUNCTIONS: [&str; 11] = [
    "contains",
    "days",
    "endsWith",
    "getDate",
    "getFullYear",
    "getMonth",
    "int",
    "matches",
    "size",
    "startsWith",
    "string",
];

/// What the expressions of one service may name.
#[derive(Default)]
pub(crate) struct Scope {
    /// The fields of the form.
    pub(crate) fields: BTreeMap<FieldId, FieldKind>,
    /// The items asked for, by needed record.
    pub(crate) items: BTreeMap<NeedId, BTreeMap<ItemId, ItemType>>,
}

impl Scope {
    /// Parses an expression, looks up all that it names and tries it on samples. Fails with every fault found.
    pub(crate) fn expression(&self, source: &str) -> Result<Expression, Vec<String>> {
        let program = parse(source).map_err(|message| vec![format!("not a rule: {message}")])?;
        let mut walk = Walk { scope: self, found: Found::default(), faults: vec![] };
        walk.visit(program.expression(), &BTreeSet::new());
        if walk.faults.is_empty()
            && let Err(message) = sample::try_out(&program, self, &walk.found.asks())
        {
            walk.faults.push(format!("the rule fails on a sample: {message}"));
        }
        if walk.faults.is_empty() {
            Ok(Expression { source: source.to_owned(), reads: walk.found.reads(), asks: walk.found.asks() })
        } else {
            Err(walk.faults)
        }
    }
}

#[derive(Default)]
struct Found {
    answers: BTreeSet<FieldId>,
    items: BTreeSet<ItemRef>,
    guarded_answers: BTreeSet<FieldId>,
    guarded_items: BTreeSet<ItemRef>,
}

impl Found {
    fn reads(&self) -> Reads {
        Reads {
            answers: self.answers.difference(&self.guarded_answers).cloned().collect(),
            items: self.items.difference(&self.guarded_items).cloned().collect(),
        }
    }

    fn asks(&self) -> Reads {
        Reads {
            answers: self.guarded_answers.iter().cloned().collect(),
            items: self.guarded_items.iter().cloned().collect(),
        }
    }
}

struct Walk<'a> {
    scope: &'a Scope,
    found: Found,
    faults: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, expression: &IdedExpr, bound: &BTreeSet<&str>) {
        match &expression.expr {
            Expr::Ident(name) => {
                if name != "today" && !bound.contains(name.as_str()) {
                    self.faults.push(format!(
                        "`{name}` is not known here; a rule reads `answer.<field>`, `record.<need>.<item>` and `today`"
                    ));
                }
            }
            Expr::Select(select) => self.select(select, bound),
            Expr::Call(call) => {
                let is_word = call.func_name.starts_with(|c: char| c.is_ascii_alphabetic());
                if is_word && !FUNCTIONS.contains(&call.func_name.as_str()) {
                    self.faults.push(format!(
                        "unknown function `{}`; there are {}",
                        call.func_name,
                        FUNCTIONS.join(", ")
                    ));
                }
                self.compare_choices(&call.func_name, &call.args);
                for part in call.target.as_deref().into_iter().chain(&call.args) {
                    self.visit(part, bound);
                }
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.visit(element, bound)),
            Expr::Comprehension(each) => {
                self.visit(&each.iter_range, bound);
                let mut inner = bound.clone();
                inner.extend([each.iter_var.as_str(), each.accu_var.as_str()]);
                inner.extend(each.iter_var2.as_deref());
                for part in [&each.accu_init, &each.loop_cond, &each.loop_step, &each.result] {
                    self.visit(part, &inner);
                }
            }
            Expr::Map(map) => map.entries.iter().for_each(|entry| {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    self.visit(&entry.key, bound);
                    self.visit(&entry.value, bound);
                }
            }),
            Expr::Struct(_) => self.faults.push("a rule has no use for a structure".to_owned()),
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn select(&mut self, select: &SelectExpr, bound: &BTreeSet<&str>) {
        match path(&select.operand).as_deref() {
            Some(["answer"]) => self.answer(&select.field, select.test),
            Some(["record", need]) => self.item(need, &select.field, select.test),
            Some(["record"]) => self
                .faults
                .push(format!("`record.{}` names no item; write `record.<need>.<item>`", select.field)),
            _ => {
                self.faults.push(format!("`.{}` has no meaning here", select.field));
                self.visit(&select.operand, bound);
            }
        }
    }

    fn answer(&mut self, field: &str, is_guard: bool) {
        let Some((id, _)) = self.scope.fields.get_key_value(field) else {
            self.faults.push(format!("`answer.{field}`: the form has no field `{field}`"));
            return;
        };
        let found = if is_guard { &mut self.found.guarded_answers } else { &mut self.found.answers };
        found.insert(id.clone());
    }

    fn item(&mut self, need: &str, item: &str, is_guard: bool) {
        let Some((need_id, items)) = self.scope.items.get_key_value(need) else {
            self.faults.push(format!("`record.{need}.{item}`: no such record is asked for here"));
            return;
        };
        let Some((item_id, _)) = items.get_key_value(item) else {
            self.faults.push(format!("`record.{need}.{item}`: the item `{item}` is not asked for"));
            return;
        };
        let found = if is_guard { &mut self.found.guarded_items } else { &mut self.found.items };
        found.insert(ItemRef { need: need_id.clone(), item: item_id.clone() });
    }

    /// A choice that is compared with a word that is none of its choices would never be equal.
    fn compare_choices(&mut self, operator: &str, sides: &[IdedExpr]) {
        let [left, right] = sides else { return };
        if !matches!(operator, "_==_" | "_!=_" | "@in") {
            return;
        }
        for (choice, words) in [(left, right), (right, left)] {
            let names = path(choice).unwrap_or_default();
            let ["answer", field] = names[..] else { continue };
            let Some(kind) = self.scope.fields.get(field) else { continue };
            let choices = kind.choices();
            for word in literals(words) {
                if !choices.is_empty() && !choices.iter().any(|one| one.value.as_str() == word) {
                    self.faults.push(format!("`answer.{field}` has no choice `{word}`"));
                }
            }
        }
    }
}

/// The names of `a.b.c`, root first.
fn path(expression: &IdedExpr) -> Option<Vec<&str>> {
    match &expression.expr {
        Expr::Ident(name) => Some(vec![name]),
        Expr::Select(select) if !select.test => {
            let mut names = path(&select.operand)?;
            names.push(&select.field);
            Some(names)
        }
        _ => None,
    }
}

/// The texts that stand in an expression literally: one, or those of a list.
fn literals(expression: &IdedExpr) -> Vec<&str> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => vec![text.inner()],
        Expr::List(list) => list.elements.iter().flat_map(literals).collect(),
        _ => vec![],
    }
}
