//! What a request gives to a query, by the name of the parameter.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use exchange::{
    message::{Page, Parameters},
    refusal::{Refusal, Refused},
    target::{Target, ThingKind},
};

/// The parameters that name a person or thing; a query uses at least one.
pub(super) const TARGETS: [&str; 6] =
    [":resident_number", ":plate", ":parcel", ":business_number", ":corporation_number", ":document_number"];
/// The other parameters.
const OTHERS: [&str; 6] = [":name", ":year", ":period_from", ":period_to", ":after", ":limit"];

/// The value of a parameter. It has no `Debug`: it may be a resident number.
#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Day(NaiveDate),
}

/// The values of a query's parameters; the others are null.
#[derive(Clone, Default)]
pub(super) struct Given(BTreeMap<&'static str, Value>);

impl Given {
    /// What names the target.
    pub(super) fn target(target: &Target) -> Self {
        let text = |text: &str| Value::Text(text.to_owned());
        Self(match target {
            Target::Person { number, name } => {
                BTreeMap::from([(":resident_number", text(number.expose())), (":name", text(name.as_str()))])
            }
            Target::Thing(thing) => {
                let name = match thing.kind() {
                    ThingKind::Plate => ":plate",
                    ThingKind::Parcel => ":parcel",
                    ThingKind::BusinessNumber => ":business_number",
                    ThingKind::CorporationNumber => ":corporation_number",
                    ThingKind::DocumentNumber => ":document_number",
                };
                BTreeMap::from([(name, text(thing.number()))])
            }
        })
    }

    /// What names the target, the part of the register, and the page.
    pub(super) fn page(target: &Target, parameters: &Parameters, page: &Page) -> Self {
        let mut given = Self::target(target);
        // Registers number years as they like; all of 1900 to 2999 are whole numbers.
        given.0.extend(parameters.year.map(|year| (":year", Value::Whole(year.into()))));
        if let Some(period) = parameters.period {
            given.0.insert(":period_from", Value::Day(period.from.date()));
            given.0.insert(":period_to", Value::Day(period.to.date()));
        }
        given.0.extend(page.after.as_ref().map(|key| (":after", Value::Text(key.as_str().to_owned()))));
        // One more than asked shows whether there is another page.
        given.0.insert(":limit", Value::Whole(i64::from(page.limit) + 1));
        given
    }

    /// Nothing, and no record: for proving that a query runs.
    pub(super) fn nothing() -> Self {
        Self([(":limit", Value::Whole(0))].into())
    }

    /// The value of a parameter, if it is not null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether the query uses all that is given: what it does not use would not narrow the answer.
    pub(super) fn check(&self, mut uses: impl FnMut(&str) -> bool) -> Result<(), Refused> {
        let all = self.0.keys().filter(|name| !matches!(**name, ":limit" | ":name")).all(|name| uses(name));
        if all { Ok(()) } else { Err(refused_target()) }
    }
}

/// Everything in which the parameters that the query `key` uses are not those that a request may give.
pub(super) fn faults(key: &str, used: &[&str], note: &mut impl FnMut(String)) {
    for name in used.iter().filter(|name| !TARGETS.contains(*name) && !OTHERS.contains(*name)) {
        note(format!("`{key}` uses `{name}`, which is no parameter"));
    }
    if !used.iter().any(|name| TARGETS.contains(name)) {
        note(format!("`{key}` names nobody: it uses none of {}", TARGETS.join(", ")));
    }
}

pub(super) const fn refused_target() -> Refused {
    Refusal::Malformed.because("this kind is not looked up by such a target or with such parameters")
}
