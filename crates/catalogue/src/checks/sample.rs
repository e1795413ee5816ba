//! Tries a rule on made-up values of the right types, so that one that cannot be evaluated is found when the
//! catalogue is read, not when a citizen waits.

use cel::Program;
use chrono::{Days, NaiveDate};
use domain::service::{FieldKind, ItemType, Reads};

use super::{names::Scope, run};
use crate::value::{Facts, Value};

/// How many samples each rule is tried on: enough that both sides of `&&`, `||` and `?:` are reached.
const SAMPLES: u64 = 32;

/// Evaluates the rule on every sample; what it only asks for with `has(…)` is left out of every second one.
/// Fails with the first error.
pub(crate) fn try_out(program: &Program, scope: &Scope, asks: &Reads) -> Result<(), String> {
    (0..SAMPLES).try_for_each(|number| {
        let mut facts = sample(scope, number);
        if number % 2 == 1 {
            asks.answers.iter().for_each(|id| drop(facts.answers.remove(id)));
            for asked in &asks.items {
                facts.records.get_mut(&asked.need).and_then(|items| items.remove(&asked.item));
            }
        }
        run(program, &facts).map(drop)
    })
}

/// The sample with this number: every field answered, every item there.
pub(crate) fn sample(scope: &Scope, number: u64) -> Facts {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
    let mut facts = Facts::on(today);
    let mut dice = Dice(number);
    for (id, kind) in &scope.fields {
        facts.answers.insert(id.clone(), answer(kind, today, &mut dice));
    }
    for (need, items) in &scope.items {
        let items =
            items.iter().map(|(id, item_type)| (id.clone(), item(*item_type, today, &mut dice))).collect();
        facts.records.insert(need.clone(), items);
    }
    facts
}

/// Numbers that look random but are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let sides = u64::try_from(all.len()).ok().filter(|sides| *sides > 0)?;
        all.get(usize::try_from(self.below(sides)).ok()?)
    }
}

fn answer(kind: &FieldKind, today: NaiveDate, dice: &mut Dice) -> Value {
    match kind {
        FieldKind::Date { .. } => item(ItemType::Date, today, dice),
        FieldKind::Money => item(ItemType::Money, today, dice),
        FieldKind::YesNo => item(ItemType::YesNo, today, dice),
        FieldKind::Number { min, max } => Value::Number(dice.pick(&[*min, *max]).copied().unwrap_or(*min)),
        FieldKind::ChoiceOne { choices } => {
            Value::Text(dice.pick(choices).map(|choice| choice.value.to_string()).unwrap_or_default())
        }
        FieldKind::ChoiceMany { choices } => {
            let chosen = choices.iter().filter(|_| dice.below(2) == 0);
            Value::List(chosen.map(|choice| choice.value.to_string()).collect())
        }
        _ => item(ItemType::Text, today, dice),
    }
}

fn item(item_type: ItemType, today: NaiveDate, dice: &mut Dice) -> Value {
    match item_type {
        ItemType::Text => {
            Value::Text(dice.pick(&["", "가온시 누리로 1", "정상"]).copied().unwrap_or_default().into())
        }
        ItemType::Date => {
            let days = Days::new(dice.below(800));
            let day =
                if dice.below(2) == 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
            Value::Date(day.unwrap_or(today))
        }
        ItemType::Money => Value::Number(dice.pick(&[0, 1, 1_000_000]).copied().unwrap_or_default()),
        ItemType::Number => Value::Number(dice.pick(&[0, 1, 2026]).copied().unwrap_or_default()),
        ItemType::YesNo => Value::YesNo(dice.below(2) == 0),
        ItemType::List => {
            let lines = ["김가온", "이나래"];
            Value::List(lines.iter().filter(|_| dice.below(2) == 0).map(|line| (*line).to_owned()).collect())
        }
    }
}
