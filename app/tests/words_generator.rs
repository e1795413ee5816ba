//! The generator of the words: what it makes, and what it refuses.

#[path = "../build/words.rs"]
#[expect(dead_code, reason = "the build script uses the rest")]
mod words;

use serde_json::{Value, json};
use words::{Area, generate};

fn area(ko: Value, en: Value) -> Vec<Area> {
    vec![Area { name: "area".to_owned(), trees: [Some(ko), Some(en)] }]
}

fn faults(ko: Value, en: Value) -> String {
    generate(&area(ko, en)).expect_err("must be refused").join("\n")
}

#[test]
fn a_plain_word_is_a_constant_function() {
    let code = generate(&area(json!({"save": "저장"}), json!({"save": "Save"}))).unwrap();
    assert!(code.contains("pub const fn save(locale: ::domain::text::Locale) -> &'static str"), "{code}");
    assert!(code.contains("Locale::Ko => \"저장\"") && code.contains("Locale::En => \"Save\""), "{code}");
}

#[test]
fn placeholders_become_arguments_in_the_order_of_the_alphabet() {
    let code = generate(&area(json!({"x": "{b} {a:을/를}"}), json!({"x": "{a} {b}"}))).unwrap();
    assert!(code.contains("pub fn x(locale: ::domain::text::Locale, a: &str, b: &str) -> String"), "{code}");
    assert!(code.contains(r#"format!("{b} {a}{}", ::domain::text::particle(a, "을", "를"))"#), "{code}");
}

#[test]
fn a_plural_takes_the_number_first_and_korean_may_have_one_form() {
    let ko = json!({"days": "{who}님, {n}일"});
    let en = json!({"days": {"one": "{who}: {n} day", "other": "{who}: {n} days"}});
    let code = generate(&area(ko, en)).unwrap();
    assert!(
        code.contains("pub fn days(locale: ::domain::text::Locale, n: i64, who: &str) -> String"),
        "{code}"
    );
    assert!(code.contains("if n == 1"), "{code}");
}

#[test]
fn objects_are_modules_and_doubled_braces_are_braces() {
    let tree = json!({"inner": {"x": "{{a}}"}});
    let code = generate(&area(tree.clone(), tree)).unwrap();
    assert!(code.contains("pub mod inner {") && code.contains("\"{a}\""), "{code}");
}

#[test]
fn every_fault_is_told_with_file_and_key() {
    let said = faults(
        json!({"a": {"x": "하나"}, "b": "{name}", "c": "둘", "d": ""}),
        json!({"a": {}, "b": "{other}", "d": "four", "e": "five"}),
    );
    for line in [
        "locales/en/area.json: a.x: missing",
        "locales/en/area.json: b: placeholders differ from Korean: name, other",
        "locales/en/area.json: c: missing",
        "locales/ko/area.json: d: is empty",
        "locales/ko/area.json: e: missing",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
}

#[test]
fn what_cannot_be_rust_is_refused() {
    for (word, fault) in [
        (json!({"Save": "x"}), "not a name"),
        (json!({"type": "x"}), "not a name"),
        (json!({"x": "{Name}"}), "not a name for an argument"),
        (json!({"x": "{name"}), "no partner"),
        (json!({"x": "a } b"}), "no partner"),
        (json!({"x": "{name:을}"}), "{name:을/를}"),
        (json!({"x": 1}), "a string is expected"),
    ] {
        let said = faults(word.clone(), word);
        assert!(said.contains(fault), "{fault} is not in {said}");
    }
}

#[test]
fn a_file_missing_in_one_language_is_named() {
    let areas = vec![Area { name: "staff".to_owned(), trees: [Some(json!({})), None] }];
    assert_eq!(generate(&areas).unwrap_err(), ["locales/en/staff.json: file is missing"]);
}
