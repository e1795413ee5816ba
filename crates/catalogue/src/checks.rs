//! The rules of the catalogue: parsed once, evaluated over the facts of a petition.

pub(crate) mod names;
pub(crate) mod sample;

use std::sync::{Arc, LazyLock};

use cel::{Context, Env, Program};
use chrono::Duration;
use domain::service::{Expression, FieldId, ItemRef, Reads};

use crate::value::Facts;

/// What a rule says about a petition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It cannot be told: these answers or items are not there.
    Unknown(Reads),
    /// It could not be evaluated; a fault of the catalogue, for the log.
    Broken(String),
}

/// A parsed rule, to be evaluated many times; cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Rule {
    program: Arc<Program>,
    reads: Reads,
}

impl Rule {
    /// Parses an expression of a loaded catalogue.
    ///
    /// # Errors
    /// The parser's words, when it is not CEL.
    pub fn parse(expression: &Expression) -> Result<Self, String> {
        Ok(Self { program: Arc::new(parse(&expression.source)?), reads: expression.reads.clone() })
    }

    /// Evaluates the rule.
    pub fn evaluate(&self, facts: &Facts) -> Verdict {
        let missing = self.missing(facts);
        if !missing.answers.is_empty() || !missing.items.is_empty() {
            return Verdict::Unknown(missing);
        }
        match run(&self.program, facts) {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Fails,
            Err(message) => Verdict::Broken(message),
        }
    }

    fn missing(&self, facts: &Facts) -> Reads {
        let has_answer = |id: &&FieldId| !facts.answers.contains_key(*id);
        let has_item = |wanted: &&ItemRef| {
            !facts.records.get(&wanted.need).is_some_and(|items| items.contains_key(&wanted.item))
        };
        Reads {
            answers: self.reads.answers.iter().filter(has_answer).cloned().collect(),
            items: self.reads.items.iter().filter(has_item).cloned().collect(),
        }
    }
}

/// Parses and evaluates a rule once.
pub fn evaluate(expression: &Expression, facts: &Facts) -> Verdict {
    match Rule::parse(expression) {
        Ok(rule) => rule.evaluate(facts),
        Err(message) => Verdict::Broken(message),
    }
}

/// Whether a condition (`when`) holds; one that cannot be told yet does not.
pub fn applies(condition: Option<&Expression>, facts: &Facts) -> bool {
    condition.is_none_or(|expression| evaluate(expression, facts) == Verdict::Holds)
}

pub(crate) fn parse(source: &str) -> Result<Program, String> {
    Program::compile(source).map_err(|errors| {
        let all: Vec<_> = errors.errors.iter().map(|error| error.msg.replace('\n', " ")).collect();
        all.join("; ")
    })
}

pub(crate) fn run(program: &Program, facts: &Facts) -> Result<bool, String> {
    static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));
    let mut context = Context::with_env(LANGUAGE.clone());
    context.add_function("days", days).map_err(|error| error.to_string())?;
    for (name, value) in facts.to_cel() {
        context.add_variable_from_value(name, value);
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(yes)) => Ok(yes),
        Ok(other) => Err(format!("it gives {}, not yes or no", type_of(&other))),
        Err(error) => Err(error.to_string()),
    }
}

/// A length of time of so many days; some five hundred years at most, since CEL counts no years after 9999 or before 1.
fn days(number: i64) -> Duration {
    const MOST: i64 = 200_000;
    Duration::days(number.clamp(-MOST, MOST))
}

fn type_of(value: &cel::Value) -> &'static str {
    match value {
        cel::Value::Int(_) | cel::Value::UInt(_) | cel::Value::Float(_) => "a number",
        cel::Value::String(_) => "a text",
        cel::Value::List(_) => "a list",
        cel::Value::Timestamp(_) => "a day",
        cel::Value::Duration(_) => "a length of time",
        _ => "something else",
    }
}
