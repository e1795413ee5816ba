//! Each kind of fault is named with its file, its line and what is wrong.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::{fs, path::Path};

use catalogue::load;

const FILES: [(&str, &str); 8] = [
    ("agencies.toml", include_str!("good/agencies.toml")),
    ("calendar.toml", include_str!("good/calendar.toml")),
    ("categories.toml", include_str!("good/categories.toml")),
    ("life-events.toml", include_str!("good/life-events.toml")),
    ("record-kinds.toml", include_str!("good/record-kinds.toml")),
    ("refund-sources.toml", include_str!("good/refund-sources.toml")),
    ("savings.toml", include_str!("good/savings.toml")),
    ("services/move.toml", include_str!("good/services/move.toml")),
];

fn write_good(dir: &Path) {
    fs::create_dir(dir.join("services")).unwrap();
    for (name, text) in FILES {
        fs::write(dir.join(name), text).unwrap();
    }
}

fn faults_in(dir: &Path) -> Vec<String> {
    let faults = load(dir).expect_err("a fault");
    let root = format!("{}/", dir.display());
    faults.iter().map(|fault| fault.to_string().replace(&root, "")).collect()
}

/// The faults after `old` was replaced in one file of a good catalogue.
fn faults_after(name: &str, old: &str, new: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    let path = dir.path().join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{name} has no {old}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
    faults_in(dir.path())
}

/// The same for the one service.
fn in_service(old: &str, new: &str) -> Vec<String> {
    faults_after("services/move.toml", old, new)
}

#[test]
fn a_good_catalogue_has_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    let catalogue = load(dir.path()).unwrap();
    assert_eq!(catalogue.services.len(), 1);
    assert_eq!(catalogue.services[0].id.as_str(), "move");
}

#[test]
fn a_file_that_is_not_toml_is_a_fault() {
    let found = in_service("number = 1", "number = = 1");
    assert_eq!(found[0], "services/move.toml:1: not TOML: extra `=`, expected nothing");
}

#[test]
fn a_missing_file_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    fs::remove_file(dir.path().join("savings.toml")).unwrap();
    assert_eq!(
        faults_in(dir.path()),
        ["savings.toml: cannot be read: No such file or directory (os error 2)"]
    );
}

#[test]
fn an_unknown_key_is_a_fault() {
    assert_eq!(
        in_service("audience =", "audiance ="),
        ["services/move.toml:1: `audience` is missing", "services/move.toml:3: unknown key `audiance`",]
    );
}

#[test]
fn a_missing_language_is_a_fault() {
    assert_eq!(
        in_service("name = { ko = \"전입신고\", en = \"Move\" }", "name = { ko = \"전입신고\" }"),
        ["services/move.toml:2: the English text (`en`) is missing"]
    );
    assert_eq!(in_service("\"Move\"", "\" \""), ["services/move.toml:2: the text is empty"]);
}

#[test]
fn a_value_of_the_wrong_form_is_a_fault() {
    assert_eq!(in_service("number = 1", "number = \"1\""), ["services/move.toml:1: expected a whole number"]);
    assert_eq!(
        in_service("number = 1", "number = 70000"),
        ["services/move.toml:1: the number is out of range"]
    );
}

#[test]
fn a_word_that_is_none_of_the_possible_ones_is_a_fault() {
    assert_eq!(
        in_service("\"statutory\"", "\"legal\""),
        [
            "services/move.toml:6: `legal` is not one of `statutory`, `grievance`, `inquiry`, `interpretation`, \
         `proposal`, `other`"
        ]
    );
}

#[test]
fn an_unknown_category_or_life_event_is_a_fault() {
    assert_eq!(
        in_service("[\"residence\"]", "[\"residense\"]"),
        ["services/move.toml:4: unknown category `residense`"]
    );
    assert_eq!(
        in_service("[\"moving\"]", "[\"mooving\"]"),
        ["services/move.toml:5: unknown life event `mooving`"]
    );
}

#[test]
fn a_period_out_of_range_is_a_fault() {
    assert_eq!(
        in_service("length = \"3 days\"", "length = \"0 days\""),
        ["services/move.toml:21: `0 days`: a period is at least 1 and at most 10 years"]
    );
    assert_eq!(
        in_service("length = \"3 days\"", "length = \"soon\""),
        ["services/move.toml:21: `soon`: write `immediate`, or a number and a unit such as `3 days` \
         (hours, days, weeks, months, years)"]
    );
    assert_eq!(
        in_service("length = \"3 days\"", "length = \"3 days\"\nup_to = \"2 days\""),
        ["services/move.toml:22: `up_to` is not longer than `length`"]
    );
}

#[test]
fn a_fee_without_a_price_is_a_fault() {
    assert_eq!(
        in_service("by = \"free\"", "by = \"channel\""),
        ["services/move.toml:24: a fee has a price `online`, at the `counter`, or both"]
    );
}

#[test]
fn an_article_that_is_no_number_is_a_fault() {
    assert_eq!(
        in_service("article = \"16\"", "article = \"제16조\""),
        ["services/move.toml:30: `제16조` is not an article such as 16 or 10-2"]
    );
}

#[test]
fn an_unknown_record_kind_is_a_fault() {
    assert_eq!(
        in_service("kind = \"resident-register\"", "kind = \"lease\""),
        [
            "services/move.toml:67: unknown record kind `lease`",
            "services/move.toml:74: `record.resident_register.address`: no such record is asked for here",
        ]
    );
}

#[test]
fn an_unknown_item_of_a_kind_is_a_fault() {
    assert_eq!(
        in_service("\"address\", \"moved_in_on\"", "\"address\", \"shoe_size\""),
        [
            "services/move.toml:68: `resident-register` has no item `shoe_size`; it has address, moved_in_on, members"
        ]
    );
}

#[test]
fn a_check_that_reads_an_item_nobody_asked_for_is_a_fault() {
    assert_eq!(
        in_service("record.resident_register.address", "record.resident_register.members"),
        ["services/move.toml:74: `record.resident_register.members`: the item `members` is not asked for"]
    );
}

#[test]
fn a_rule_that_does_not_parse_is_a_fault() {
    let found = in_service("holds_when = \"answer.new_address !=", "holds_when = \"answer.new_address !!");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("services/move.toml:74: not a rule: "), "{found:?}");
}

#[test]
fn a_rule_that_reads_an_unknown_name_is_a_fault() {
    assert_eq!(
        in_service("holds_when = \"answer.new_address", "holds_when = \"citizen.new_address"),
        [
            "services/move.toml:74: `.new_address` has no meaning here",
            "services/move.toml:74: `citizen` is not known here; a rule reads `answer.<field>`, \
         `record.<need>.<item>` and `today`",
        ]
    );
}

#[test]
fn a_rule_that_gives_no_yes_or_no_is_a_fault() {
    assert_eq!(
        in_service(
            "\"answer.new_address != record.resident_register.address\"",
            "\"record.resident_register.address\""
        ),
        ["services/move.toml:74: the rule fails on a sample: it gives a text, not yes or no"]
    );
}

#[test]
fn a_rule_that_mixes_types_is_a_fault() {
    let found = in_service(
        "\"answer.new_address != record.resident_register.address\"",
        "\"answer.how == 'alone' || record.resident_register.address > 3\"",
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("services/move.toml:74: the rule fails on a sample: "), "{found:?}");
}

#[test]
fn a_rule_that_calls_an_unknown_function_is_a_fault() {
    assert_eq!(
        in_service("answer.new_address !=", "upper(answer.new_address) !="),
        [
            "services/move.toml:74: unknown function `upper`; there are contains, days, endsWith, getDate, getFullYear, \
         getMonth, int, matches, size, startsWith, string"
        ]
    );
}

#[test]
fn a_condition_on_an_unknown_field_is_a_fault() {
    assert_eq!(
        in_service("when = \"answer.how == 'together'\"", "when = \"answer.who == 'together'\""),
        ["services/move.toml:63: `answer.who`: the form has no field `who`"]
    );
}

#[test]
fn a_condition_on_a_choice_that_is_not_there_is_a_fault() {
    assert_eq!(
        in_service("answer.how == 'together'", "answer.how == 'togther'"),
        ["services/move.toml:63: `answer.how` has no choice `togther`"]
    );
}

#[test]
fn a_condition_on_its_own_answer_is_a_fault() {
    assert_eq!(
        in_service("answer.how == 'together'", "answer.head != ''"),
        ["services/move.toml:63: `head` cannot depend on its own answer"]
    );
}

#[test]
fn a_condition_of_a_form_cannot_read_records() {
    assert_eq!(
        in_service("answer.how == 'together'", "record.resident_register.address != ''"),
        ["services/move.toml:63: `record.resident_register.address`: no such record is asked for here"]
    );
}

#[test]
fn a_field_that_is_there_twice_is_a_fault() {
    let found = in_service("id = \"how\"", "id = \"new_address\"");
    assert!(found.contains(&"services/move.toml:51: `new_address` is there twice".to_owned()), "{found:?}");
}

#[test]
fn a_choice_without_choices_is_a_fault() {
    assert_eq!(
        in_service("  { value = \"together\", ko = \"함께\", en = \"Together\" },\n", "")[0],
        "services/move.toml:54: a choice has at least two `choices`"
    );
}

#[test]
fn a_straight_through_service_without_checks_is_a_fault() {
    let text = include_str!("good/services/move.toml");
    let check = &text[text.find("[[check]]").unwrap()..];
    assert_eq!(
        in_service(check, "")[0],
        "services/move.toml:7: a straight-through service needs at least one `[[check]]`"
    );
}

#[test]
fn routing_to_an_unknown_agency_or_department_is_a_fault() {
    assert_eq!(
        in_service("by = \"address\"\ntype = \"city\"", "by = \"agency\"\nagency = \"nasa\"")[0],
        "services/move.toml:35: unknown agency `nasa`"
    );
    assert_eq!(
        in_service("department = \"residents\"", "department = \"dragons\""),
        [
            "services/move.toml:36: `gaon` has no department `dragons`",
            "services/move.toml:36: `nts` has no department `dragons`",
        ]
    );
}

#[test]
fn routing_to_a_type_without_an_agency_is_a_fault() {
    assert_eq!(
        in_service("type = \"city\"", "type = \"court\""),
        ["services/move.toml:35: there is no agency of type `court`"]
    );
}

#[test]
fn routing_by_a_field_of_another_kind_is_a_fault() {
    assert_eq!(
        in_service("field = \"new_address\"", "field = \"how\""),
        ["services/move.toml:37: the field must be of kind `address`, not `choice-one`"]
    );
}

#[test]
fn a_report_to_an_unknown_register_is_a_fault() {
    assert_eq!(
        in_service("register = \"resident-register\"", "register = \"akashic\""),
        ["services/move.toml:42: unknown record kind `akashic`"]
    );
}

#[test]
fn a_number_that_two_services_share_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    fs::write(dir.path().join("services/other.toml"), include_str!("good/services/move.toml")).unwrap();
    assert_eq!(faults_in(dir.path()), ["services/other.toml:1: the number 1 belongs to `move`"]);
}

#[test]
fn a_service_file_with_a_bad_name_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    fs::write(dir.path().join("services/My Service.toml"), "").unwrap();
    assert_eq!(
        faults_in(dir.path()),
        [
            "services/My Service.toml: the file's name is the service's id: lower-case letters, digits and hyphens"
        ]
    );
}

#[test]
fn an_id_that_is_there_twice_is_a_fault() {
    assert_eq!(
        faults_after("agencies.toml", "id = \"nts\"", "id = \"gaon\""),
        ["agencies.toml:18: `gaon` is there twice", "refund-sources.toml:5: unknown agency `nts`",]
    );
    assert_eq!(faults_after("record-kinds.toml", "id = \"moved_in_on\"", "id = \"address\"")[0], {
        "record-kinds.toml:12: `address` is there twice"
    });
}

#[test]
fn an_id_that_is_no_slug_is_a_fault() {
    assert_eq!(faults_after("categories.toml", "\"residence\"", "\"Residence\"")[0], {
        "categories.toml:2: `Residence`: an id has lower-case letters, digits and single hyphens, and starts with a \
         letter"
    });
}

#[test]
fn a_holder_that_is_unknown_is_a_fault() {
    assert_eq!(faults_after("record-kinds.toml", "offices = \"city\"", "holder = \"nasa\"")[0], {
        "record-kinds.toml:5: unknown agency `nasa`"
    });
}

#[test]
fn a_holiday_outside_the_calendar_or_that_is_no_day_is_a_fault() {
    assert_eq!(
        faults_after("calendar.toml", "2026-01-01 =", "2031-01-01 ="),
        ["calendar.toml:5: 2031-01-01 is not between `from` and `until`"]
    );
    assert_eq!(
        faults_after("calendar.toml", "2026-01-01 =", "2026-02-30 ="),
        ["calendar.toml:5: `2026-02-30` is not a day such as 2026-11-22"]
    );
}

#[test]
fn all_faults_of_all_files_are_named_at_once_and_nothing_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    write_good(dir.path());
    let change = |name: &str, old: &str, new: &str| {
        let path = dir.path().join(name);
        fs::write(&path, fs::read_to_string(&path).unwrap().replacen(old, new, 1)).unwrap();
    };
    change("savings.toml", "year = 2012", "yaer = 2012");
    change("services/move.toml", "number = 1", "number = 0");
    change("services/move.toml", "length = \"3 days\"", "length = \"0 days\"");
    assert_eq!(
        faults_in(dir.path()),
        [
            "savings.toml:1: `year` is missing",
            "savings.toml:1: unknown key `yaer`",
            "services/move.toml:1: numbers begin at 1",
            "services/move.toml:21: `0 days`: a period is at least 1 and at most 10 years",
        ]
    );
}
