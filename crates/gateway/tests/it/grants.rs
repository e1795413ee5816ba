use exchange::{message::Reply, refusal::Refusal};

use crate::world::{MINJI, Running, World, person, said};

const DRAFT: &str = r#"
client = "madang"
holder = "nts"
until = "2099-01-01T00:00:00Z"
per_minute = 600

[kinds.income-amount-certificate]
verbs = ["verify", "pull"]
items = ["year", "amount"]
purposes = ["basic-livelihood-benefit"]
consent = true
"#;

fn sign(world: &World, draft: &str, key: &str) -> std::process::Output {
    std::fs::write(world.at("draft.toml"), draft).unwrap();
    world.run(&["grant", "sign", "draft.toml", "--key", key, "--out", "signed.json"])
}

#[tokio::test]
async fn a_draft_that_the_holder_signed_is_a_grant() {
    let world = World::new();
    let signed = sign(&world, DRAFT, "nts-sign-1.json");
    assert!(signed.status.success(), "{}", said(&signed));
    assert!(said(&signed).contains("before the grant does"), "{}", said(&signed));
    world.edit("[\"grant.json\"]", "[\"signed.json\"]");
    let gateway = Running::start(&world);
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
    let submission = world.submit(&person(MINJI), "correction", r#"{"money":1}"#);
    assert_eq!(gateway.ask(&world, &submission).await, Reply::refused(Refusal::VerbNotGranted));
}

#[test]
fn a_grant_of_the_sharing_centre_counts_where_its_key_is_named() {
    let world = World::new();
    world.run(&["key", "make", "--owner", "centre", "--id", "centre-sign-1", "--purpose", "sign"]);
    assert!(sign(&world, DRAFT, "centre-sign-1.json").status.success());
    world.edit("[\"grant.json\"]", "[\"signed.json\"]");
    assert!(!world.run(&["check"]).status.success());
    world.edit("[keys]", "[keys]\ngrants = [\"centre-sign-1.public.json\"]");
    let checked = world.run(&["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn a_draft_in_json_is_signed_as_well() {
    let world = World::new();
    let draft =
        r#"{"client":"madang","holder":"nts","until":"2099-01-01T00:00:00Z","per_minute":1,"kinds":{}}"#;
    std::fs::write(world.at("draft.json"), draft).unwrap();
    let signed =
        world.run(&["grant", "sign", "draft.json", "--key", "nts-sign-1.json", "--out", "signed.json"]);
    assert!(signed.status.success(), "{}", said(&signed));
}

#[test]
fn a_draft_that_no_gateway_would_accept_is_not_signed() {
    let world = World::new();
    for (from, to, key, expected) in [
        ("per_minute = 600", "per_minute = 0", "nts-sign-1.json", "a gateway would not accept it"),
        ("2099-01-01", "2001-01-01", "nts-sign-1.json", "a gateway would not accept it"),
        ("holder =", "owner =", "nts-sign-1.json", "unknown field `owner`"),
        ("\"pull\"", "\"push\"", "nts-sign-1.json", "unknown variant `push`"),
        ("per_minute = 600", "", "nts-sign-1.json", "missing field `per_minute`"),
        ("", "", "nts-seal-1.json", "a key for something else"),
        ("", "", "nts-sign-1.public.json", "a key for something else"),
    ] {
        let signed = sign(&world, &DRAFT.replace(from, to), key);
        assert!(
            !signed.status.success() && said(&signed).contains(expected),
            "{expected}: {}",
            said(&signed)
        );
        assert!(!world.at("signed.json").exists());
    }
    assert!(sign(&world, DRAFT, "nts-sign-1.json").status.success());
    assert!(!sign(&world, DRAFT, "nts-sign-1.json").status.success(), "never written over");
}

#[test]
fn a_grant_is_shown_with_whether_its_signature_is_good() {
    let world = World::new();
    assert!(sign(&world, DRAFT, "nts-sign-1.json").status.success());
    let shown = world.run(&["grant", "show", "signed.json"]);
    assert!(said(&shown).contains("\"per_minute\": 600") && said(&shown).contains("was not checked"));
    let shown = world.run(&["grant", "show", "signed.json", "--key", "nts-sign-1.public.json"]);
    assert!(said(&shown).contains("signed by nts with the key nts-sign-1"), "{}", said(&shown));
    for (from, to) in [("600", "601"), ("\"client\":\"madang\"", "\"client\":\"bank\"")] {
        let text = std::fs::read_to_string(world.at("signed.json")).unwrap();
        std::fs::write(world.at("changed.json"), text.replace(from, to)).unwrap();
        let shown = world.run(&["grant", "show", "changed.json", "--key", "nts-sign-1.public.json"]);
        assert!(!shown.status.success());
    }
}
