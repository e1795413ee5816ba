//! The catalogue that is shipped.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use catalogue::{
    catalogue_digest,
    checks::{Rule, Verdict, applies},
    digest, load, search_text,
    value::{Facts, Value},
};
use chrono::NaiveDate;
use domain::{
    service::{Catalogue, FeeRule, ItemType, PeriodRule, Routing, Service},
    text::Locale,
};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    load(&dir).unwrap_or_else(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{} faults:\n{}", lines.len(), lines.join("\n"))
    })
});

fn service(id: &str) -> &'static Service {
    CATALOGUE.service(&id.parse().unwrap()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Period, whether it was verified, fee, whether it was verified: of each service by number.
const FACTS: [(&str, &str, bool, &str, bool); 32] = [
    ("move-in-report", "immediate", false, "free", false),
    ("resident-register-issue", "immediate", false, "0/400", false),
    ("passport", "4 days", true, "50,000-53,000/50,000-53,000", false),
    ("vehicle-transfer", "immediate", true, "1,000/1,000 +500 +3,000", true),
    ("national-tax-certificate", "immediate", false, "free", false),
    ("local-tax-certificate", "immediate", false, "ordinance 0/800", false),
    ("basic-livelihood", "30 days up to 60 days", false, "free", false),
    ("childbirth-bundle", "special", false, "free", false),
    ("child-allowance", "30 days", false, "free", false),
    ("business-registration", "2 days up to 7 days", false, "free", false),
    ("business-closure", "immediate", false, "free", false),
    ("unemployment-benefit", "14 days", false, "free", false),
    ("parental-leave-benefit", "14 days", false, "free", false),
    ("disability-registration", "special", false, "free", true),
    ("driving-licence-renewal", "immediate to 2 weeks", false, "8,000-13,000/8,000-13,000", false),
    ("land-ledger-copy", "immediate", false, "0/500", false),
    ("building-ledger-copy", "immediate", false, "0/500", false),
    ("building-permit", "2 days to 70 days", false, "area", true),
    ("building-report", "5 days", true, "area", true),
    ("national-scholarship", "4 weeks to 8 weeks", false, "free", false),
    ("old-age-pension", "30 days", false, "free", false),
    ("basic-pension", "30 days up to 60 days", false, "free", false),
    ("health-insurance-certificate", "immediate", false, "free", false),
    ("entry-exit-certificate", "immediate", false, "0/2,000", false),
    ("family-relation-certificate-issue", "immediate", false, "0/1,000", false),
    ("military-certificate", "immediate", false, "free", false),
    ("food-business-report", "immediate to 3 days", false, "28,000/28,000", false),
    ("mail-order-business-report", "3 days", false, "described", false),
    ("safe-inheritance", "7 days to 20 days", false, "free", false),
    ("birth-report", "immediate", false, "free", false),
    ("information-disclosure", "10 days up to 20 days", false, "described", false),
    ("grievance-petition", "7 days", true, "free", true),
];

fn period(service: &Service) -> String {
    match &service.period.rule {
        PeriodRule::Fixed { length, up_to: None } => length.to_string(),
        PeriodRule::Fixed { length, up_to: Some(up_to) } => format!("{length} up to {up_to}"),
        PeriodRule::Range { from, to, .. } => format!("{from} to {to}"),
        PeriodRule::Special => "special".into(),
    }
}

fn fee(service: &Service) -> String {
    let price = |amount: &Option<domain::service::Amount>| match amount {
        None => "-".to_owned(),
        Some(amount) if amount.from == amount.to => amount.from.to_string(),
        Some(amount) => format!("{}-{}", amount.from, amount.to),
    };
    let mut text = match &service.fee.rule {
        FeeRule::Free => "free".to_owned(),
        FeeRule::ByChannel { online, counter } => format!("{}/{}", price(online), price(counter)),
        FeeRule::ByOrdinance { online, counter } => format!("ordinance {}/{}", price(online), price(counter)),
        FeeRule::ByArea => "area".into(),
        FeeRule::Described => "described".into(),
    };
    text.extend(service.fee.extras.iter().map(|extra| format!(" +{}", extra.amount)));
    text
}

#[test]
fn every_service_has_its_period_and_fee_with_the_right_mark() {
    assert_eq!(CATALOGUE.services.len(), FACTS.len());
    for (index, (service, (id, its_period, period_verified, its_fee, fee_verified))) in
        CATALOGUE.services.iter().zip(FACTS).enumerate()
    {
        assert_eq!(usize::from(service.number), index + 1);
        assert_eq!(service.id.as_str(), id);
        assert_eq!(
            (period(service).as_str(), service.period.verified),
            (its_period, period_verified),
            "{id}"
        );
        assert_eq!((fee(service).as_str(), service.fee.verified), (its_fee, fee_verified), "{id}");
        let seen_in_law = [3, 4, 14, 18, 19, 32].contains(&service.number);
        assert_eq!(service.verified, seen_in_law, "{id}");
    }
}

#[test]
fn there_are_fifty_kinds_of_record_and_twenty_eight_names_were_seen_in_a_source() {
    assert_eq!(CATALOGUE.record_kinds.len(), 50);
    assert_eq!(CATALOGUE.record_kinds.iter().filter(|kind| kind.verified).count(), 28);
    assert!(CATALOGUE.record_kinds.iter().zip(1..).all(|(kind, number)| kind.number == number));
    let sensitive: Vec<_> =
        CATALOGUE.record_kinds.iter().filter(|kind| kind.sensitive).map(|kind| kind.number).collect();
    assert_eq!(sensitive, [14, 29, 30, 31, 50]);
    let without_consent: Vec<_> = CATALOGUE
        .record_kinds
        .iter()
        .filter(|kind| !kind.data_subject.needs_consent())
        .map(|kind| kind.number)
        .collect();
    assert_eq!(without_consent, [40, 41, 43, 44, 45]);
    let types: BTreeSet<_> = CATALOGUE
        .record_kinds
        .iter()
        .flat_map(|kind| &kind.items)
        .map(|item| item.item_type.word())
        .collect();
    assert_eq!(types.len(), ItemType::ALL.len(), "every type of item is in use");
}

#[test]
fn korean_is_korean_and_english_is_english() {
    let json = serde_json::to_value(&*CATALOGUE).unwrap();
    let mut count = 0;
    each_text(&json, &mut |ko, en| {
        count += 1;
        assert!(!ko.trim().is_empty() && !en.trim().is_empty(), "{ko} / {en}");
        assert!(ko.chars().any(|c| ('가'..='힣').contains(&c)), "no Korean: {ko}");
        assert!(en.chars().any(|c| c.is_ascii_alphabetic()), "no English: {en}");
    });
    assert!(count > 1500, "{count} texts");
}

fn each_text(value: &serde_json::Value, visit: &mut impl FnMut(&str, &str)) {
    match value {
        serde_json::Value::Object(entries) => {
            if let (Some(ko), Some(en)) = (entries.get("ko"), entries.get("en"))
                && let (Some(ko), Some(en)) = (ko.as_str(), en.as_str())
            {
                visit(ko, en);
            }
            entries.values().for_each(|value| each_text(value, visit));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| each_text(value, visit)),
        _ => {}
    }
}

#[test]
fn a_service_is_described_in_two_to_four_sentences_and_can_be_found() {
    for service in &CATALOGUE.services {
        for locale in Locale::ALL {
            let description = service.description.get(locale);
            let sentences = description.matches(". ").count() + 1;
            assert!((2..=4).contains(&sentences), "{}: {sentences} sentences: {description}", service.id);
            assert!(service.keywords.get(locale).len() >= 4, "{}", service.id);
        }
        assert!(!service.legal_basis.is_empty() && !service.source.is_empty(), "{}", service.id);
    }
    assert!(search_text(&CATALOGUE, service("resident-register-issue"), Locale::Ko).contains("초본"));
    assert!(
        search_text(&CATALOGUE, service("passport"), Locale::En)
            .starts_with("Apply for a passport\npassport")
    );
}

#[test]
fn a_service_with_records_has_two_checks_and_says_what_each_record_is_for() {
    for service in CATALOGUE.services.iter().filter(|service| !service.records.is_empty()) {
        assert!(service.checks.len() >= 2, "{}", service.id);
    }
}

#[test]
fn certificates_of_one_record_are_decided_straight_through() {
    let through: Vec<_> =
        CATALOGUE.services.iter().filter(|one| one.is_straight_through()).map(|one| one.number).collect();
    assert_eq!(through, [2, 5, 6, 16, 17, 23, 24, 25, 26]);
}

#[test]
fn every_topic_and_turn_of_life_leads_to_a_service() {
    for category in &CATALOGUE.categories {
        assert!(CATALOGUE.services_in(&category.id).next().is_some(), "{}", category.id);
    }
    for event in &CATALOGUE.life_events {
        assert!(CATALOGUE.services_for(&event.id).next().is_some(), "{}", event.id);
    }
}

#[test]
fn an_address_leads_to_its_city_in_both_languages() {
    let routing = &service("move-in-report").routing;
    for (address, city) in [
        ("나래시 다솔로 5, 101동 202호", Some("narae")),
        ("5 Dasol-ro, Narae-si", Some("narae")),
        ("다솜시 누리로 1", Some("dasom")),
        ("서울특별시 종로구 1", None),
        ("", None),
    ] {
        let agency = routing.agency(&CATALOGUE, Some(address)).map(|agency| agency.id.as_str());
        assert_eq!(agency, city, "{address}");
    }
    assert_eq!(routing.department().as_str(), "residents");
    let any = &service("information-disclosure").routing;
    assert!(matches!(any, Routing::AnyOffice { agency_type: None, .. }));
    assert_eq!(any.agencies(&CATALOGUE).len(), CATALOGUE.agencies.len());
    assert_eq!(any.agency(&CATALOGUE, Some("acrc")).map(|agency| agency.id.as_str()), Some("acrc"));
}

#[test]
fn a_loaded_catalogue_survives_json() {
    let json = serde_json::to_string(&*CATALOGUE).unwrap();
    let again: Catalogue = serde_json::from_str(&json).unwrap();
    assert!(again == *CATALOGUE);
    assert_eq!(catalogue_digest(&again), catalogue_digest(&CATALOGUE));
}

#[test]
fn a_changed_service_has_another_digest() {
    let passport = service("passport");
    let mut changed = passport.clone();
    changed.name.en.push('!');
    assert_eq!(digest(passport), digest(&passport.clone()));
    assert_ne!(digest(passport), digest(&changed));
    assert_eq!(digest(passport).to_string().len(), 64);
}

#[test]
fn a_rule_holds_fails_or_cannot_be_told_yet() {
    let check =
        service("vehicle-transfer").checks.iter().find(|check| check.id.as_str() == "insured").unwrap();
    let rule = Rule::parse(&check.holds_when).unwrap();
    let mut facts = Facts::on(day("2026-11-22"));
    let Verdict::Unknown(missing) = rule.evaluate(&facts) else { panic!("told without records") };
    assert_eq!(missing.items.len(), 2);
    let record = facts.records.entry("vehicle_insurance".parse().unwrap()).or_default();
    record.insert("insured".parse().unwrap(), Value::YesNo(true));
    record.insert("valid_until".parse().unwrap(), Value::Date(day("2026-11-22")));
    assert_eq!(rule.evaluate(&facts), Verdict::Holds);
    facts.today = day("2026-11-23");
    assert_eq!(rule.evaluate(&facts), Verdict::Fails);
}

#[test]
fn a_condition_without_its_answer_does_not_hold() {
    let guardian = &service("passport").attachments[3];
    let mut facts = Facts::on(day("2026-11-22"));
    assert!(!applies(guardian.when.as_ref(), &facts));
    facts.answers.insert("is_minor".parse().unwrap(), Value::YesNo(true));
    assert!(applies(guardian.when.as_ref(), &facts));
    assert!(applies(None, &facts));
}

#[test]
fn only_information_disclosure_has_its_own_time_for_objecting() {
    for service in &CATALOGUE.services {
        assert_eq!(service.objection_days.is_some(), service.id.as_str() == "information-disclosure");
    }
}

#[test]
fn the_calendar_and_the_savings_are_there() {
    assert_eq!(CATALOGUE.calendar.holidays.len(), 216);
    assert_eq!(CATALOGUE.calendar.holiday(day("2026-09-25")).unwrap().ko, "추석");
    assert_eq!(CATALOGUE.savings.per_document().to_string(), "4,673");
    assert_eq!(CATALOGUE.refund_sources.len(), 7);
}
