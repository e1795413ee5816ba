//! What is sealed stays sealed: in the database, in the log, through rotations.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use server::{
    desk::keys::{self, Rotated},
    jobs::reseal::Reseal,
};

use crate::{
    boot::run,
    identity::{ask, give_code, verified},
    portal::TestPortal,
    register::{DOYUN, MINJI, Person, Register},
};

const MAIL: &str = "minji@example.kr";

/// Every row of every table of the portal, as text.
async fn dump(portal: &TestPortal) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')",
    )
    .fetch_all(&portal.owner)
    .await
    .unwrap();
    let mut text = String::new();
    for table in tables {
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select t::text from {table} t")))
                .fetch_all(&portal.owner)
                .await
                .unwrap();
        text.push_str(&rows.join("\n"));
        text.push('\n');
    }
    text
}

/// The forms in which a number could be found.
fn forms((birth, serial, ..): Person) -> Vec<String> {
    let numbers = [format!("{birth}-{serial}"), format!("{birth}{serial}"), serial.to_owned()];
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    numbers
        .iter()
        .flat_map(|number| {
            let base64 = STANDARD_NO_PAD.encode(number);
            // The last letter depends on what follows.
            [number.clone(), hex(number), base64[..base64.len() - 1].to_owned()]
        })
        .collect()
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_number_stands_in_the_database_or_in_the_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut register = Register::new().await;
    let portal = register.portal("sealed").await;
    let gateway = register.serve(&portal);
    verified(&portal, MAIL, MINJI).await;
    let mut second = portal.citizen("second@example.kr").await;
    ask(&mut second, MINJI).await;
    portal.run_jobs().await;
    let code = portal.code_for(MINJI.3).await;
    give_code(&mut second, &code).await;
    let mut waiting = portal.citizen("third@example.kr").await;
    ask(&mut waiting, DOYUN).await;
    gateway.stop();
    let dump = dump(&portal).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(dump.contains("seal-1") && dump.contains("identity.verified"), "the dump has what it should");
    assert!(log.contains("/account/identity"), "the log has what it should");
    for form in forms(MINJI).into_iter().chain(forms(DOYUN)) {
        assert!(!dump.contains(&form), "{form} stands in the database");
        assert!(!log.contains(&form), "{form} stands in the log");
    }
    portal.finish().await;
}

async fn sealed_of(portal: &TestPortal) -> Vec<(Vec<u8>, String)> {
    sqlx::query_as("select number_sealed, number_key from identities order by name")
        .fetch_all(&portal.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn after_a_rotation_everything_is_sealed_anew_and_the_old_key_can_go() {
    let mut register = Register::new().await;
    let file = register.path().join("vault.keys");
    std::fs::write(&file, crate::portal::VAULT).unwrap();
    let settings = [
        ("MADANG_AGENCIES", register.agencies()),
        ("MADANG_VAULT_FILE", file.display().to_string()),
        ("MADANG_VAULT_KEYS", String::new()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let portal = TestPortal::start_with("rotation", &settings).await;
    let gateway = register.serve(&portal);
    let mut minji = verified(&portal, MAIL, MINJI).await;
    let mut doyun = verified(&portal, "doyun@example.kr", DOYUN).await;
    let before = sealed_of(&portal).await;

    let Rotated::Made(newest) = keys::rotate(&portal.portal).await.unwrap() else { panic!("a file") };
    minji.get("/account").await.says("900101-2******");
    assert_eq!(keys::remove(&portal.portal, "seal-1").await.unwrap(), Some(2), "it is still needed");
    portal.run_jobs().await;

    let after = sealed_of(&portal).await;
    for ((old, old_key), (new, new_key)) in before.iter().zip(&after) {
        assert_eq!((old_key.as_str(), new_key), ("seal-1", &newest));
        assert_ne!(old, new);
    }
    assert_eq!(Reseal.reseal(&portal.portal).await.unwrap(), 0, "there is nothing left to do");
    assert_eq!(keys::remove(&portal.portal, "seal-1").await.unwrap(), None);
    let lines = keys::list(&portal.portal).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].name.as_str(), lines[0].values, lines[0].newest), (newest.as_str(), 2, true));
    minji.get("/account").await.says("900101-2******");
    doyun.get("/account").await.says("850505-1******");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn a_value_that_was_moved_to_another_row_does_not_open() {
    let mut register = Register::new().await;
    let portal = register.portal("moved").await;
    let gateway = register.serve(&portal);
    let mut minji = verified(&portal, MAIL, MINJI).await;
    verified(&portal, "doyun@example.kr", DOYUN).await;
    sqlx::query(
        "update identities i set number_sealed = o.number_sealed from identities o where o.citizen_id <> i.citizen_id",
    )
    .execute(&portal.owner)
    .await
    .unwrap();
    let page = minji.get("/account").await;
    page.says("the number cannot be shown right now").does_not_say("850505").does_not_say("900101");
    let rows = sealed_of(&portal).await;
    assert_eq!(Reseal.reseal(&portal.portal).await.unwrap(), 0);
    assert_eq!(sealed_of(&portal).await, rows, "nothing is made of it");
    gateway.stop();
    portal.finish().await;
}

#[tokio::test]
async fn keys_are_looked_after_by_command() {
    let portal = TestPortal::start("keys_command").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.keys");
    std::fs::write(&file, crate::portal::VAULT).unwrap();
    let (address, file) = (portal.address(), file.display().to_string());
    let keys = |arguments: &[&str]| {
        let variables =
            [("DATABASE_URL", address.as_str()), ("MADANG_VAULT_FILE", &file), ("MADANG_VAULT_KEYS", "")];
        let (output, said) = run(&[&["keys"], arguments].concat(), &variables);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &said)
    };
    let (good, said) = keys(&["list"]);
    assert!(good && said.contains("seal-1  0 value(s)  newest"), "{said}");
    let (good, said) = keys(&["remove", "seal-1"]);
    assert!(!good && said.contains("the newest"), "{said}");
    let (good, said) = keys(&["rotate"]);
    assert!(good && said.contains("is the newest key"), "{said}");
    let (_, said) = keys(&["list"]);
    assert!(said.contains("seal-1  0 value(s)  unused: may be removed"), "{said}");
    let (good, said) = keys(&["remove", "seal-1"]);
    assert!(good && said.contains("seal-1 is gone"), "{said}");
    assert!(!std::fs::read_to_string(&file).unwrap().contains("seal-1="));
    portal.finish().await;
}

#[tokio::test]
async fn keys_that_come_as_a_variable_are_not_changed_by_a_command() {
    let portal = TestPortal::start("fixed_keys").await;
    let Rotated::Entry(entry) = keys::rotate(&portal.portal).await.unwrap() else { panic!("no file") };
    assert!(entry.starts_with("seal-20261123-") && entry.len() > 60);
    assert_eq!(keys::list(&portal.portal).await.unwrap().len(), 1);
    portal.finish().await;
}
