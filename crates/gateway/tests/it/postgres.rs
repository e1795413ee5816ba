//! A register in PostgreSQL is read as one in SQLite is, by a role that can do nothing else.

use exchange::{
    message::{Page, Reply},
    verb::Verb,
};

use crate::{
    server::Server,
    world::{MINJI, Running, World, person, said},
};

#[tokio::test]
async fn a_pull_finds_the_tickets_items_and_pages_go_on() {
    let server = Server::start("pull").await;
    let (world, target) = (&server.world, person(MINJI));
    let gateway = Running::start(world);
    let Reply::Found(found) = gateway.ask(world, &world.pull(&target)).await else { panic!("not found") };
    let records = serde_json::to_string(&found.records).unwrap();
    let expected = r#"[{"amount":{"money":48200000},"year":{"integer":2025}},{"year":{"integer":2025}}]"#;
    assert_eq!((records.as_str(), found.next), (expected, None));
    let mut page = Page::first(2);
    let mut sizes = Vec::new();
    loop {
        let request = World::pull_page(world.ticket(Verb::Pull, &target), &target, (None, page));
        let Reply::Found(found) = gateway.ask(world, &request).await else { panic!("not found") };
        sizes.push(found.records.len());
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: 2 };
    }
    assert_eq!(sizes, [2, 1]);
    let stranger = person(("950505-1234567", "박지호"));
    assert_eq!(gateway.ask(world, &world.pull(&stranger)).await, Reply::NotFound {});
    assert_eq!(gateway.get("/health/ready").await.0, 200);
    drop(gateway);
    server.finish(&[]).await;
}

#[tokio::test]
async fn a_name_is_verified_only_when_it_belongs_to_the_number() {
    let server = Server::start("verify").await;
    let gateway = Running::start(&server.world);
    for (about, expected) in [
        (MINJI, Reply::Verified {}),
        ((MINJI.0, "김민정"), Reply::NotVerified {}),
        (("950505-1234567", MINJI.1), Reply::NotVerified {}),
    ] {
        assert_eq!(gateway.ask(&server.world, &server.world.verify(&person(about))).await, expected);
    }
    drop(gateway);
    server.finish(&[]).await;
}

#[tokio::test]
async fn every_type_of_item_is_read() {
    let server = Server::start("types").await;
    let world = &server.world;
    world.edit(
        "select number, year, amount, employer",
        "select number, paid as year, rate::text as amount, employer",
    );
    world.edit("(:year is null or year = :year)", ":year::bigint is not null and jobs is not null");
    for (year, amount, column, records) in [
        (
            "date",
            "decimal",
            "paid",
            r#"[{"amount":{"decimal":"3.30"},"year":{"date":"2024-03-05"}},{"amount":{"decimal":"3.30"},"year":{"date":"2025-03-05"}},{}]"#,
        ),
        (
            "list",
            "decimal",
            "jobs",
            r#"[{"amount":{"decimal":"3.30"},"year":{"list":["cook","guard"]}},{"amount":{"decimal":"3.30"},"year":{"list":["cook"]}},{"year":{"list":[]}}]"#,
        ),
        (
            "yes_no",
            "text",
            "regular",
            r#"[{"amount":{"text":"3.30"},"year":{"yes_no":true}},{"amount":{"text":"3.30"},"year":{"yes_no":true}},{"year":{"yes_no":false}}]"#,
        ),
    ] {
        let config = std::fs::read_to_string(world.at("gateway.toml")).unwrap();
        world.edit("paid as year", &format!("{column} as year"));
        world.edit("year = \"integer\"", &format!("year = \"{year}\""));
        world.edit("amount = \"money\"", &format!("amount = \"{amount}\""));
        let gateway = Running::start(world);
        let Reply::Found(found) = gateway.ask(world, &world.pull(&person(MINJI))).await else {
            panic!("{column}")
        };
        assert_eq!(serde_json::to_string(&found.records).unwrap(), records);
        std::fs::write(world.at("gateway.toml"), config).unwrap();
    }
    server.finish(&[]).await;
}

#[tokio::test]
async fn a_value_that_is_no_value_of_its_type_is_not_answered_and_not_told() {
    let mut server = Server::start("infinity").await;
    server.world.edit("select number, year,", "select number, paid as year,");
    server.world.edit("year = \"integer\"", "year = \"date\"");
    server.world.edit("or year = :year", "or year = :year or true");
    server.run("update incomes set paid = 'infinity' where number = 2").await;
    let gateway = Running::start(&server.world);
    let request = server.world.pull(&person(MINJI));
    assert!(matches!(gateway.ask(&server.world, &request).await, Reply::Unavailable { .. }));
    server.run("update incomes set paid = null where number = 2").await;
    assert!(matches!(gateway.ask(&server.world, &request).await, Reply::Found(_)));
    drop(gateway);
    server.finish(&[]).await;
}

#[tokio::test]
async fn every_way_in_which_a_mapping_does_not_fit_is_told() {
    let server = Server::start("mapping").await;
    let config = std::fs::read_to_string(server.world.at("gateway.toml")).unwrap();
    assert!(server.world.run(&["check"]).status.success());
    for (from, to, expected) in [
        ("select number, year, amount, employer", "select number, year, amount", "has no column `employer`"),
        ("select number, year", "select number, resident_number, year", "reads `resident_number`"),
        ("amount = \"money\"", "amount = \"text\"", "`amount` is text, and the register has it as INT8"),
        ("select number, year, amount", "select number, year, rate as amount", "has it as NUMERIC"),
        (" limit :limit", "", "does not use `:limit`"),
        ("resident_number = :resident_number and", "", "names nobody"),
        (":year is null", ":yaer is null", "uses `:yaer`"),
        ("number > :after::bigint", "number > :after", "cannot be prepared"),
        ("year = :year", "year = $1", "numbers a parameter"),
        ("from incomes", "from nowhere", "cannot be prepared"),
        ("page_key = \"number\"", "", "go together"),
        ("limit :limit", "limit :limit for update", "is not read-only"),
        (
            "select name from residents where",
            "select (1/0)::text as name from residents where",
            "cannot be run",
        ),
        (
            "select name from residents where resident_number = :resident_number",
            "delete from residents where resident_number = :resident_number returning name",
            "is not read-only",
        ),
    ] {
        server.world.edit(from, to);
        let checked = server.world.run(&["check"]);
        assert!(
            !checked.status.success() && said(&checked).contains(expected),
            "{expected}: {}",
            said(&checked)
        );
        std::fs::write(server.world.at("gateway.toml"), &config).unwrap();
    }
    server.finish(&[]).await;
}

#[tokio::test]
async fn a_role_that_may_write_anything_is_refused() {
    let mut server = Server::start("role").await;
    let (reader, clerks) = (server.name.clone(), format!("{}_clerks", server.name));
    server.run(&format!("create role {clerks}")).await;
    for (give, take, expected) in [
        ("grant insert on residents to", "revoke insert on residents from", "residents: insert"),
        ("grant update (amount) on incomes to", "revoke update (amount) on incomes from", "incomes: update"),
        ("grant delete on incomes to", "revoke delete on incomes from", "incomes: delete"),
        ("grant truncate on incomes to", "revoke truncate on incomes from", "incomes: truncate"),
        ("grant pg_write_all_data to", "revoke pg_write_all_data from", "pg_write_all_data"),
    ] {
        server.run(&format!("{give} {reader}")).await;
        let checked = server.world.run(&["serve"]);
        assert!(
            !checked.status.success() && said(&checked).contains(expected),
            "{expected}: {}",
            said(&checked)
        );
        server.run(&format!("{take} {reader}")).await;
    }
    // Rights of a role that it could become count as well, and so does owning a table.
    server
        .run(&format!(
            "alter role {reader} noinherit; grant {clerks} to {reader}; grant insert on residents to {clerks}"
        ))
        .await;
    assert!(said(&server.world.run(&["check"])).contains("residents: insert"));
    server.run(&format!("revoke insert on residents from {clerks}; alter table incomes owner to {clerks}; revoke all on incomes from {clerks}")).await;
    assert!(said(&server.world.run(&["check"])).contains("incomes: own"));
    server.run(&format!("alter table incomes owner to current_user; revoke {clerks} from {reader}; alter role {reader} superuser")).await;
    assert!(said(&server.world.run(&["check"])).contains("`superuser`"));
    server.run(&format!("alter role {reader} nosuperuser")).await;
    assert!(server.world.run(&["check"]).status.success());
    server.finish(&[&clerks]).await;
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_given_up_and_others_are_answered() {
    let server = Server::start("slow").await;
    server.world.edit("body_seconds = 1", "body_seconds = 1\nquery_seconds = 1");
    server.world.edit(
        "verify = \"select name from residents where resident_number = :resident_number\"",
        "verify = \"select name from residents where resident_number = :resident_number and (name <> '이서연' or pg_sleep(60)::text = '')\"",
    );
    let gateway = Running::start(&server.world);
    let slow = server.world.verify(&person(("910203-2345678", "이서연")));
    assert!(matches!(gateway.ask(&server.world, &slow).await, Reply::Unavailable { .. }));
    assert!(matches!(gateway.ask(&server.world, &server.world.pull(&person(MINJI))).await, Reply::Found(_)));
    drop(gateway);
    server.finish(&[]).await;
}

#[tokio::test]
async fn the_gateway_answers_again_when_the_server_has_cut_its_connections() {
    let mut server = Server::start("cut").await;
    let gateway = Running::start(&server.world);
    let pull = || server.world.pull(&person(MINJI));
    assert!(matches!(gateway.ask(&server.world, &pull()).await, Reply::Found(_)));
    let reader = server.name.clone();
    let cut =
        format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '{reader}'");
    server.run(&cut).await;
    assert!(matches!(gateway.ask(&server.world, &server.world.pull(&person(MINJI))).await, Reply::Found(_)));
    drop(gateway);
    server.finish(&[]).await;
}

#[test]
fn a_password_in_the_file_and_an_open_way_to_another_machine_are_refused() {
    for (url, expected) in [
        ("postgres = \"postgres://reader:secret@localhost/r\"", "a password in this file"),
        ("postgres = \"postgres://reader@localhost/r?password=secret\"", "a password in this file"),
        ("postgres = \"postgres://reader@db.example/r\"", "sslmode=verify-full"),
        ("postgres = \"postgres://reader@db.example/r?sslmode=require\"", "sslmode=verify-full"),
        ("postgres = \"nonsense\"", "not an address"),
        ("postgres_file = \"missing\"", "missing"),
        ("postgres_env = \"REGISTER_URL_THAT_IS_NOT_SET\"", "is not set"),
        ("postgres_file = \"url\"\nsqlite = \"register.sqlite\"", "and no other"),
    ] {
        let world = World::new();
        std::fs::write(world.at("url"), "postgres://reader:secret@127.0.0.1/r\n").unwrap();
        world.edit("sqlite = \"register.sqlite\"", url);
        let told = said(&world.run(&["check"]));
        assert!(told.contains(expected) && !told.contains("secret@"), "{expected}: {told}");
    }
}

#[tokio::test]
async fn the_address_may_stand_in_a_file_of_its_own() {
    let server = Server::start("file").await;
    let url = server.url(&server.name);
    std::fs::write(server.world.at("url"), format!("{url}\n")).unwrap();
    server.world.edit(&format!("postgres = \"{url}\""), "postgres_file = \"url\"");
    let checked = server.world.run(&["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
    server.finish(&[]).await;
}
