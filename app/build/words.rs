//! The generator of the words: from `locales/{ko,en}/<area>.json` to
//! `words::<area>::<key>(locale)`.
//!
//! A word is a string. `{name}` in it becomes an argument `name: &str`; `{name:을/를}` puts the Korean
//! particle behind the value that fits its sound; `{{` and `}}` stand for braces. An object
//! with the keys `one` and `other` is a word that depends on a number: it takes `n: i64` first. The other arguments
//! follow in the order of the alphabet. Any other object is a module.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// The languages, in the order of the variants of `Locale`.
const LANGUAGES: [(&str, &str); 2] = [("ko", "Ko"), ("en", "En")];

/// The words of one area: the same tree in each language.
pub struct Area {
    /// The file's name without `.json`.
    pub name: String,
    /// One tree per language, in the order of `LANGUAGES`; `None` when the file is missing.
    pub trees: [Option<Value>; 2],
}

/// Reads every file below `root`. Fails with one line per fault.
pub fn read(root: &Path) -> Result<Vec<Area>, Vec<String>> {
    let mut areas: BTreeMap<String, [Option<Value>; 2]> = BTreeMap::new();
    let mut faults = Vec::new();
    for (index, (language, _)) in LANGUAGES.iter().enumerate() {
        let folder = root.join(language);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                faults.push(format!("locales/{language}: {error}"));
                continue;
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let (Some(stem), Some("json")) =
                (path.file_stem().and_then(|s| s.to_str()), path.extension().and_then(|s| s.to_str()))
            else {
                continue;
            };
            let tree = std::fs::read_to_string(&path)
                .map_err(|error| error.to_string())
                .and_then(|text| serde_json::from_str::<Value>(&text).map_err(|error| error.to_string()));
            match tree {
                Ok(tree) => areas.entry(stem.to_owned()).or_default()[index] = Some(tree),
                Err(error) => faults.push(format!("locales/{language}/{stem}.json: {error}")),
            }
        }
    }
    if faults.is_empty() {
        Ok(areas.into_iter().map(|(name, trees)| Area { name, trees }).collect())
    } else {
        Err(faults)
    }
}

/// Writes the Rust code. Fails with one line per fault, each naming file and key.
pub fn generate(areas: &[Area]) -> Result<String, Vec<String>> {
    let mut writer = Writer { code: String::new(), faults: Vec::new() };
    for area in areas {
        match &area.trees {
            [Some(ko), Some(en)] => writer.module(&area.name, &area.name, [ko, en], &mut Vec::new()),
            trees => {
                for ((language, _), tree) in LANGUAGES.iter().zip(trees) {
                    if tree.is_none() {
                        writer.faults.push(format!("locales/{language}/{}.json: file is missing", area.name));
                    }
                }
            }
        }
    }
    if writer.faults.is_empty() { Ok(writer.code) } else { Err(writer.faults) }
}

struct Writer {
    code: String,
    faults: Vec<String>,
}

impl Writer {
    fn fault(&mut self, language: usize, area: &str, path: &[String], what: &str) {
        self.faults.push(format!(
            "locales/{}/{area}.json: {}: {what}",
            LANGUAGES[language].0,
            path.join(".")
        ));
    }

    fn module(&mut self, area: &str, name: &str, trees: [&Value; 2], path: &mut Vec<String>) {
        let mut maps = Vec::new();
        for (language, tree) in trees.iter().enumerate() {
            match tree.as_object() {
                Some(map) => maps.push(map),
                None => self.fault(language, area, path, "an object is expected"),
            }
        }
        let [ko, en] = maps[..] else { return };
        if !is_name(name) {
            self.fault(0, area, path, "not a name for a Rust module: small letters, digits and _");
            return;
        }
        let _ = writeln!(self.code, "#[doc = \"The words of `{name}`.\"]\npub mod {name} {{");
        let keys: BTreeSet<&String> = ko.keys().chain(en.keys()).collect();
        for key in keys {
            path.push(key.clone());
            match (ko.get(key), en.get(key)) {
                (Some(ko), Some(en)) if is_word(ko) || is_word(en) => self.word(area, key, [ko, en], path),
                (Some(ko), Some(en)) => self.module(area, key, [ko, en], path),
                (Some(_), None) => self.fault(1, area, path, "missing"),
                (None, _) => self.fault(0, area, path, "missing"),
            }
            path.pop();
        }
        self.code.push_str("}\n");
    }

    fn word(&mut self, area: &str, key: &str, values: [&Value; 2], path: &[String]) {
        if !is_name(key) {
            self.fault(0, area, path, "not a name for a Rust function: small letters, digits and _");
        }
        let mut words = Vec::new();
        for (language, value) in values.iter().enumerate() {
            match Word::parse(value) {
                Ok(word) => words.push(word),
                Err(what) => self.fault(language, area, path, &what),
            }
        }
        let [ko, en] = &words[..] else { return };
        let counted = ko.other.is_some() || en.other.is_some();
        let (mut left, mut right) = (ko.arguments(), en.arguments());
        if counted {
            // A language may leave the number out: "one day".
            left.insert("n");
            right.insert("n");
        }
        if left != right {
            let differing: Vec<_> = left.symmetric_difference(&right).copied().collect();
            self.fault(1, area, path, &format!("placeholders differ from Korean: {}", differing.join(", ")));
            return;
        }
        self.function(key, [ko, en], &left, counted);
    }

    fn function(&mut self, key: &str, words: [&Word; 2], arguments: &BTreeSet<&str>, counted: bool) {
        let code = &mut self.code;
        for word in words {
            let shown = word.shown.replace('`', "'").replace('\n', " ");
            let _ = writeln!(code, "#[doc = {:?}]\n#[doc = \"\"]", format!("`{shown}`"));
        }
        if arguments.is_empty() {
            let _ = writeln!(code, "pub const fn {key}(locale: ::domain::text::Locale) -> &'static str {{");
        } else {
            let mut list = String::new();
            if counted {
                list.push_str(", n: i64");
            }
            for name in arguments.iter().filter(|name| !(counted && **name == "n")) {
                let _ = write!(list, ", {name}: &str");
            }
            let _ = writeln!(code, "pub fn {key}(locale: ::domain::text::Locale{list}) -> String {{");
        }
        let bodies = words.map(|word| word.body(arguments.is_empty(), counted));
        if counted {
            code.push_str("let count = crate::words::grouped(n);\n");
        }
        if bodies[0] == bodies[1] {
            let _ = writeln!(code, "let _ = locale;\n{}\n}}", bodies[0]);
        } else {
            code.push_str("match locale {\n");
            for ((_, variant), body) in LANGUAGES.iter().zip(&bodies) {
                let _ = writeln!(code, "::domain::text::Locale::{variant} => {body},");
            }
            code.push_str("}\n}\n");
        }
    }
}

/// Whether this value is a word and not a module.
fn is_word(value: &Value) -> bool {
    value.as_object().is_none_or(|map| map.len() == 2 && map.contains_key("one") && map.contains_key("other"))
}

fn is_name(name: &str) -> bool {
    const KEYWORDS: [&str; 12] =
        ["as", "else", "for", "if", "in", "move", "pub", "self", "static", "type", "use", "where"];
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !KEYWORDS.contains(&name)
}

/// A word in one language.
struct Word {
    shown: String,
    /// The only form, or that for one.
    one: Vec<Part>,
    /// The form for any other number, if the word has both.
    other: Option<Vec<Part>>,
}

#[derive(PartialEq)]
enum Part {
    Text(String),
    Argument { name: String, particle: Option<(String, String)> },
}

impl Word {
    fn parse(value: &Value) -> Result<Self, String> {
        let text = |value: &Value| match value {
            Value::String(text) if !text.trim().is_empty() => Ok(text.clone()),
            Value::String(_) => Err("is empty".to_owned()),
            _ => Err("a string is expected".to_owned()),
        };
        if let (Some(one), Some(other)) = (value.get("one"), value.get("other")) {
            let other = text(other)?;
            Ok(Self { one: parse(&text(one)?)?, other: Some(parse(&other)?), shown: other })
        } else {
            let shown = text(value)?;
            Ok(Self { one: parse(&shown)?, other: None, shown })
        }
    }

    fn arguments(&self) -> BTreeSet<&str> {
        self.one
            .iter()
            .chain(self.other.iter().flatten())
            .filter_map(|part| match part {
                Part::Argument { name, .. } => Some(name.as_str()),
                Part::Text(_) => None,
            })
            .collect()
    }

    fn body(&self, plain: bool, counted: bool) -> String {
        match &self.other {
            Some(other) if *other != self.one => {
                format!(
                    "if n == 1 {{ {} }} else {{ {} }}",
                    expression(&self.one, plain, counted),
                    expression(other, plain, counted)
                )
            }
            _ => expression(&self.one, plain, counted),
        }
    }
}

fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            plain.push_str(&tail[..1]);
            rest = &tail[2..];
            continue;
        }
        let end = tail.find('}').filter(|_| tail.starts_with('{')).ok_or("a brace has no partner")?;
        let (name, particle) = match tail[1..end].split_once(':') {
            None => (&tail[1..end], None),
            Some((name, pair)) => {
                let pair = pair.split_once('/').ok_or("a particle is written {name:을/를}")?;
                (name, Some((pair.0.to_owned(), pair.1.to_owned())))
            }
        };
        if !is_name(name) || name == "locale" || name == "count" {
            return Err(format!("not a name for an argument: {name}"));
        }
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(Part::Argument { name: name.to_owned(), particle });
        rest = &tail[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

/// The Rust expression of one form: a literal, or a `format!`.
fn expression(parts: &[Part], plain: bool, counted: bool) -> String {
    if let [Part::Text(text)] = parts {
        return if plain { format!("{text:?}") } else { format!("{text:?}.to_owned()") };
    }
    let (mut template, mut particles) = (String::new(), String::new());
    for part in parts {
        match part {
            Part::Text(text) => template.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Argument { name, particle } => {
                let name = if counted && name == "n" { "count" } else { name };
                let _ = write!(template, "{{{name}}}");
                if let Some((with_final, without_final)) = particle {
                    template.push_str("{}");
                    let reference = if name == "count" { "&count" } else { name };
                    let _ = write!(
                        particles,
                        ", ::domain::text::particle({reference}, {with_final:?}, {without_final:?})"
                    );
                }
            }
        }
    }
    format!("format!({template:?}{particles})")
}
