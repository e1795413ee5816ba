//! The file, and what is wrong in it.

use std::{fs, sync::Arc};

use agencies::{Agencies, Fault};
use gateway::system::{SystemChance, SystemClock};

use crate::world::{KIND, MINJI, World, id, person};

fn read(world: &World, text: &str) -> Result<Agencies, Vec<Fault>> {
    let path = world.at("agencies.toml");
    fs::write(&path, text).unwrap();
    Agencies::read(&path, Arc::new(SystemClock), Arc::new(SystemChance))
}

#[test]
fn the_file_says_who_answers_for_what_and_who_is_asked_without_tls() {
    let mut world = World::new();
    for (agency, more) in [
        ("nts", "origin = \"https://nts.example\""),
        ("gaon", "origin = \"http://127.0.0.1:1\""),
        ("mma", "way = \"offline\""),
    ] {
        world.keys(agency);
        world.name(agency, more);
    }
    let agencies = world.agencies();
    let kind = KIND.parse().unwrap();
    assert_eq!(
        agencies.holders_of(&kind).map(domain::service::AgencyId::as_str).collect::<Vec<_>>(),
        ["gaon", "mma", "nts"]
    );
    assert!(agencies.serves(&id("nts"), &kind) && !agencies.serves(&id("nps"), &kind));
    assert_eq!(agencies.plain_http(), [&id("gaon")]);
    let subject = |holder| agencies.subject(&id(holder), &person(MINJI));
    assert!(subject("nts").is_some() && subject("nts") != subject("gaon") && subject("nps").is_none());
}

#[test]
fn all_faults_are_told_at_once() {
    let world = World::new();
    world.keys("nts");
    let text = r#"
client = "madang"
sign = "nts-sign.json"
colour = "blue"
[agencies.nts]
origin = "http://nts.example"
keys = ["nts-seal.public.json"]
seal = ["missing.json"]
subject = "nts-subject.json"
kinds = ["Not A Kind"]
timeout_ms = 0
[agencies.nps]
way = "pigeon"
"#;
    let faults = read(&world, text).unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    for part in [
        ":3: a key of `nts`",
        ":4: unknown key `colour`",
        ":6: only an agency on this machine",
        ":7: malformed",
        ":8: ",
        ":10: ",
        ":11: not a whole number",
        ":12: `subject` is missing",
        ":12: `way` is",
    ] {
        assert!(told.iter().any(|line| line.contains(part)), "{part} in {told:#?}");
    }
}
