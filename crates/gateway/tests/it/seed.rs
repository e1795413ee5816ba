//! The sandbox: what `seed` makes, held against the catalogue, against itself, and asked over the wire.

mod coherence;
mod sandbox;

use std::{collections::BTreeSet, fs, path::Path};

use domain::service::{Catalogue, Holder, ItemType};
use exchange::message::Reply;
use gateway::{
    config::Type,
    seed::{self, agencies::AGENCIES, folder, known},
};
use sandbox::Sandbox;

fn catalogue() -> Catalogue {
    catalogue::load(&sandbox::catalogue()).unwrap()
}

#[test]
fn every_mapping_has_the_catalogues_kinds_items_and_types() {
    let catalogue = catalogue();
    for agency in &AGENCIES {
        let id = agency.id.parse().unwrap();
        let agency_type = &catalogue.agency(&id).expect("an agency of the catalogue").agency_type;
        for (name, mapping) in folder::kinds(agency) {
            if name == domain::identity::KIND {
                continue;
            }
            let kind = catalogue.record_kind(&name.parse().unwrap()).expect("a kind of the catalogue");
            let holds = match &kind.holder {
                Holder::Agency { agency } | Holder::Shared { agency, .. } => *agency == id,
                Holder::Offices { agency_type: offices } => offices == agency_type,
            };
            assert!(holds, "{} does not hold {name}", agency.id);
            let mapped: BTreeSet<_> = mapping["items"].as_table().unwrap().keys().cloned().collect();
            let items: BTreeSet<_> = kind.items.iter().map(|item| item.id.to_string()).collect();
            assert_eq!(mapped, items, "{name}");
            for item in &kind.items {
                let mapped: Type = mapping["items"][item.id.as_str()].as_str().unwrap().parse().unwrap();
                let fits = match item.item_type {
                    ItemType::Text => mapped == Type::Text,
                    ItemType::Date => mapped == Type::Date,
                    ItemType::Money => mapped == Type::Money,
                    ItemType::YesNo => mapped == Type::YesNo,
                    ItemType::Number => matches!(mapped, Type::Integer | Type::Decimal),
                    ItemType::List => mapped == Type::List,
                };
                assert!(fits, "{name}: {}", item.id);
            }
        }
    }
}

#[test]
fn every_kind_that_a_service_needs_is_answered() {
    let answered: BTreeSet<_> =
        AGENCIES.iter().flat_map(|agency| folder::kinds(agency).into_iter().map(|(kind, _)| kind)).collect();
    let needed: BTreeSet<_> = catalogue()
        .services
        .iter()
        .flat_map(|service| service.records.iter().map(|record| record.kind.to_string()))
        .collect();
    assert_eq!(needed.difference(&answered).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(AGENCIES.len() >= 10 && answered.len() >= 25);
}

#[test]
fn the_sandboxs_mappings_fit_its_registers() {
    let sandbox = Sandbox::of(300, 1);
    for agency in &AGENCIES {
        let checked = sandbox.check(agency.id);
        assert!(checked.status.success(), "{}: {}", agency.id, crate::world::said(&checked));
    }
}

#[test]
fn the_same_numbers_make_the_same_registers_to_the_byte() {
    let (one, same, other) = (Sandbox::of(300, 7), Sandbox::of(300, 7), Sandbox::of(300, 8));
    let read = |sandbox: &Sandbox, file: &str| fs::read(sandbox.at(file)).unwrap();
    for agency in &AGENCIES {
        let file = format!("{}/register.sqlite", agency.id);
        assert!(read(&one, &file) == read(&same, &file), "{file}");
        assert!(read(&one, &file) != read(&other, &file), "{file}");
    }
    for file in ["canaries.txt", "people.json", "people.txt", "agencies.toml", "sandbox.json"] {
        assert!(read(&one, file) == read(&same, file), "{file}");
    }
    let key = "nts/keys/nts-sign-1.json";
    assert!(read(&one, key) != read(&same, key), "keys are chance");
}

#[test]
fn what_the_same_numbers_make_changes_with_the_version_alone() {
    let sandbox = Sandbox::of(200, 1);
    let mut all = String::new();
    for agency in &AGENCIES {
        let register =
            rusqlite::Connection::open(sandbox.at(&format!("{}/register.sqlite", agency.id))).unwrap();
        for table in sandbox::tables(&register) {
            all.push_str(&sandbox::dump(&register, &table));
        }
    }
    let digest = exchange::digest::Digest::of(all.as_bytes()).to_string();
    let known = (2, "9073de01b92bfe173f8677cddbdb786e9457ccd11c6aaefc9a0a4fead3366190");
    assert_eq!((seed::VERSION, digest.as_str()), known, "count VERSION up, and note the new digest here");
}

#[test]
fn no_mapped_query_reads_a_whole_table() {
    let sandbox = Sandbox::of(100, 1);
    for agency in &AGENCIES {
        let register =
            rusqlite::Connection::open(sandbox.at(&format!("{}/register.sqlite", agency.id))).unwrap();
        for (kind, mapping) in folder::kinds(agency) {
            for query in ["query", "verify"].iter().filter_map(|key| mapping.get(key)?.as_str()) {
                let mut plan = register.prepare(&format!("explain query plan {query}")).unwrap();
                let mut rows = plan.raw_query();
                while let Some(row) = rows.next().unwrap() {
                    let step: String = row.get(3).unwrap();
                    assert!(!step.starts_with("SCAN ") || step.contains("(subquery"), "{kind}: {step}");
                }
            }
        }
    }
}

#[test]
fn a_sandbox_is_made_anew_only_when_it_would_be_another() {
    let sandbox = Sandbox::of(100, 1);
    let read = |file: &str| fs::read(sandbox.at(file)).unwrap();
    let [grant, key, log] = ["nts/grants/madang.json", "nts/keys/nts-sign-1.json", "nts/log.sqlite"];
    fs::write(sandbox.at(log), "what the gateway wrote").unwrap();
    let before = (read(grant), read(key), read(log));
    assert!(sandbox.seed(&["--people", "100", "--seed", "1", "--if-needed"]).status.success());
    assert!((read(grant), read(key), read(log)) == before);
    assert!(sandbox.seed(&["--people", "101", "--seed", "1", "--if-needed"]).status.success());
    assert!(read(grant) != before.0, "made anew");
    assert!((read(key), read(log)) == (before.1, before.2), "keys and logs stay");
    assert!(sandbox.check("nts").status.success());
}

#[test]
fn a_folder_that_is_no_sandbox_is_left_alone() {
    let sandbox = Sandbox::of(100, 1);
    fs::remove_file(sandbox.at("sandbox.json")).unwrap();
    let refused = sandbox.seed(&["--people", "100"]);
    assert!(!refused.status.success() && crate::world::said(&refused).contains("no sandbox"));
    assert!(sandbox.at("nts/register.sqlite").exists());
}

#[test]
fn each_canary_stands_in_a_register_and_in_nothing_that_may_be_shown() {
    let sandbox = Sandbox::of(300, 3);
    let canaries = fs::read_to_string(sandbox.at("canaries.txt")).unwrap();
    assert!(canaries.lines().count() >= 50);
    let registers: Vec<u8> = AGENCIES
        .iter()
        .flat_map(|agency| fs::read(sandbox.at(&format!("{}/register.sqlite", agency.id))).unwrap())
        .collect();
    let text = String::from_utf8_lossy(&registers);
    for canary in canaries.lines() {
        assert!(text.contains(canary), "{canary}");
    }
    // What names somebody is shown: it may not be a canary.
    let names = fs::read_to_string(sandbox.at("people.txt")).unwrap();
    assert_eq!(gateway::seed::canary::found(&names).count(), 0);
}

#[tokio::test]
async fn the_household_and_the_family_of_a_known_person_agree_over_the_wire() {
    let sandbox = Sandbox::of(300, 1);
    let mois = sandbox.start("mois");
    let mother = known::known("mother");
    let household = sandbox
        .pull(&mois, mother, ("resident-register-copy", &["members", "relations", "head_of_household"]))
        .await;
    let expected = r#"[{"head_of_household":{"text":"이준호"},"members":{"list":["이준호","김민지","이하린","이하준"]},"relations":{"list":["본인","배우자","자녀","자녀"]}}]"#;
    assert_eq!(sandbox::json(&household), expected);
    let court = sandbox.start("supreme-court");
    let family = sandbox
        .pull(
            &court,
            mother,
            ("family-relation-certificate", &["parents", "spouse", "children", "child_count"]),
        )
        .await;
    let expected = r#"[{"child_count":{"integer":2},"children":{"list":["이하린","이하준"]},"parents":{"list":["김영수","박순자"]},"spouse":{"text":"이준호"}}]"#;
    assert_eq!(sandbox::json(&family), expected);
}

#[tokio::test]
async fn a_hundred_thousand_records_come_in_pages() {
    let sandbox = Sandbox::of(100, 1);
    let owner = known::known("many-records");
    let register = rusqlite::Connection::open(sandbox.at("molit/register.sqlite")).unwrap();
    let count = |what: &str| {
        let query = format!("select {what} from vehicles where owner_number = ?1");
        register.query_row(&query, [owner.number()], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("count(*)"), 100_000);
    let molit = sandbox.start("molit");
    let ask = async |after| {
        let asked = ("vehicle-register", &["plate"][..]);
        match sandbox.page(&molit, owner, asked, (after, 1_000)).await {
            Reply::Found(found) => (sandbox::plates(&found.records), found.next),
            other => panic!("{other:?}"),
        }
    };
    let (mut first, next) = ask(None).await;
    let (second, next) = ask(next).await;
    assert!(next.is_some());
    first.extend(second);
    assert_eq!(first.len(), 2_000, "no record stands on two pages");
    // The pages between are alike: on to the last one.
    let before = (count("max(entry)") - 500).to_string();
    let (last, next) = ask(Some(before.try_into().unwrap())).await;
    assert_eq!((last.len(), next), (500, None));
}

#[tokio::test]
async fn names_of_one_and_of_seventeen_syllables_and_of_foreigners_are_found() {
    let sandbox = Sandbox::of(100, 1);
    let (mois, moj) = (sandbox.start("mois"), sandbox.start("moj"));
    for role in ["one-syllable", "seventeen-syllables"] {
        let person = known::known(role);
        let found = sandbox.pull(&mois, person, ("resident-register-abstract", &["name"])).await;
        assert_eq!(sandbox::json(&found), format!(r#"[{{"name":{{"text":"{}"}}}}]"#, person.name));
    }
    let foreigner = known::known("foreigner");
    let found = sandbox.pull(&moj, foreigner, ("foreign-registration-fact", &["status"])).await;
    assert_eq!(sandbox::json(&found), r#"[{"status":{"text":"D-2 유학"}}]"#);
}

#[tokio::test]
async fn the_living_are_verified_and_the_deceased_are_not() {
    let sandbox = Sandbox::of(100, 1);
    let mois = sandbox.start("mois");
    for (role, expected) in [
        ("mother", Reply::Verified {}),
        ("foreigner", Reply::Verified {}),
        ("deceased", Reply::NotVerified {}),
    ] {
        assert_eq!(sandbox.verify(&mois, known::known(role)).await, expected, "{role}");
    }
    let contact =
        sandbox.pull(&mois, known::known("mail-only"), ("resident-contact", &["mobile", "email"])).await;
    assert_eq!(sandbox::json(&contact), r#"[{"email":{"text":"person17@mail.example"}}]"#);
}

#[tokio::test]
async fn heirs_find_what_the_deceased_left() {
    let sandbox = Sandbox::of(100, 1);
    let deceased = known::known("deceased");
    let molit = sandbox.start("molit");
    for asked in [("land-ledger", &["owner"][..]), ("vehicle-register", &["owner"][..])] {
        let found = sandbox.pull(&molit, deceased, asked).await;
        assert_eq!(sandbox::json(&found), r#"[{"owner":{"text":"김영수"}}]"#, "{}", asked.0);
    }
    let court = sandbox.start("supreme-court");
    let found = sandbox.pull(&court, deceased, ("basic-certificate", &["deceased", "death_date"])).await;
    let expected = r#"[{"death_date":{"date":"2026-10-14"},"deceased":{"yes_no":true}}]"#;
    assert_eq!(sandbox::json(&found), expected);
    let found =
        sandbox.pull(&court, deceased, ("family-relation-certificate", &["spouse", "children"])).await;
    let expected = r#"[{"children":{"list":["김민수","김민지"]},"spouse":{"text":"박순자"}}]"#;
    assert_eq!(sandbox::json(&found), expected);
}

#[tokio::test]
async fn land_is_asked_for_by_its_number_on_the_kinds_own_statute() {
    let sandbox = Sandbox::of(100, 1);
    let people: serde_json::Value =
        serde_json::from_slice(&fs::read(sandbox.at("people.json")).unwrap()).unwrap();
    let mother = &people["people"][0];
    let gaon = sandbox.start("gaon");
    assert_eq!(mother["city"], "gaon");
    let found = sandbox.parcel(&gaon, mother["parcel"].as_str().unwrap(), "land-use-plan").await;
    assert!(matches!(found, Reply::Found(_)), "{found:?}");
}

#[test]
fn the_file_for_the_portal_names_files_that_are_there() {
    let sandbox = Sandbox::of(100, 1);
    let text = fs::read_to_string(sandbox.at("agencies.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let there = |path: &toml::Value| assert!(sandbox.at(path.as_str().unwrap()).is_file(), "{path}");
    there(&table["sign"]);
    for (id, agency) in table["agencies"].as_table().unwrap() {
        there(&agency["subject"]);
        agency["keys"].as_array().unwrap().iter().chain(agency["seal"].as_array().unwrap()).for_each(there);
        let gateway = fs::read_to_string(sandbox.at(&format!("{id}/gateway.toml"))).unwrap();
        assert!(gateway.contains(&format!("origin = {}", agency["origin"])), "{id}");
        assert!(Path::new(&sandbox.at(id)).is_dir());
    }
}
