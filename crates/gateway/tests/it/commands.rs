use exchange::{key_file::KeyFile, message::Reply};

use crate::world::{MINJI, Running, World, person, said};

#[test]
fn a_mapping_that_fits_is_proved() {
    let world = World::new();
    let checked = world.run(&["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn every_way_in_which_a_mapping_does_not_fit_is_told() {
    for (from, to, expected) in [
        ("select number, year, amount, employer", "select number, year, amount", "has no column `employer`"),
        ("select number, year", "select number, resident_number, year", "reads `resident_number`"),
        ("amount = \"money\"", "amount = \"text\"", "`amount` is text"),
        (" limit :limit", "", "does not use `:limit`"),
        ("resident_number = :resident_number and", "", "names nobody"),
        (":year is null", ":yaer is null", "uses `:yaer`"),
        ("from incomes", "from nowhere", "cannot be prepared"),
        ("page_key = \"number\"", "", "go together"),
        ("select name from residents where", "delete from residents where", "`verify` is not read-only"),
    ] {
        let world = World::new();
        world.edit(from, to);
        let checked = world.run(&["check"]);
        assert!(
            !checked.status.success() && said(&checked).contains(expected),
            "{expected}: {}",
            said(&checked)
        );
    }
}

#[test]
fn all_faults_of_the_configuration_are_told_at_once_with_their_lines() {
    let world = World::new();
    world.edit("log = ", "lgo = ");
    world.edit("per_second = 1000", "per_second = 0");
    world.edit("amount = \"money\"", "amount = \"gold\"");
    world.edit("madang-sign-1.public.json", "nts-sign-1.public.json");
    let checked = world.run(&["check"]);
    let told = said(&checked);
    for expected in [
        "gateway.toml:5: unknown key `lgo`",
        "`log` is missing",
        "gateway.toml:17: a key of `nts`",
        "gateway.toml:19: not a whole number",
        "gateway.toml:31: not one of text",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

#[tokio::test]
async fn requests_sealed_to_the_old_key_are_opened_while_keys_change() {
    let mut world = World::new();
    let rotated =
        world.run(&["key", "rotate", "nts-seal-1.json", "--id", "nts-seal-2", "--overlap-days", "7"]);
    assert!(rotated.status.success(), "{}", said(&rotated));
    world.edit("[\"nts-seal-1.json\"]", "[\"nts-seal-2.json\", \"nts-seal-1.json\"]");
    let gateway = Running::start(&world);
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
    let new = std::fs::read(world.at("nts-seal-2.public.json")).unwrap();
    world.peer.sealing = KeyFile::parse(&new).unwrap().sealing_public().unwrap();
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
}

#[test]
fn a_secret_is_readable_by_its_owner_alone_and_never_written_over() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let mode = std::fs::metadata(world.at("nts-sign-1.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = world.run(&["key", "make", "--owner", "nts", "--id", "nts-sign-1", "--purpose", "sign"]);
    assert!(!again.status.success());
}

#[tokio::test]
async fn the_gateway_says_whether_it_is_ready_and_stops_when_told() {
    let world = World::new();
    let mut gateway = Running::start(&world);
    assert_eq!(gateway.get("/health/live").await.0, 200);
    assert_eq!(gateway.get("/health/ready").await.0, 200);
    assert_eq!(gateway.get("/elsewhere").await.0, 404);
    let id = gateway.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(gateway.process.wait().unwrap().success());
}
