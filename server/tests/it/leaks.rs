//! What the registers know of people stays with them: neither the database nor any log has a resident number, or a value
//! of a record, in clear.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    sync::{Arc, Mutex},
};

use catalogue::load;
use exchange::message::Reply;
use gateway::seed::{agencies::AGENCIES, canary, folder, known::KNOWN};
use server::exchange::ask;
use sqlx::Row as _;

use crate::{
    portal::{TestPortal, root},
    sandbox::{Petitioner, Sandbox},
};

/// The columns of docs/data.md that hold what people have told about themselves.
const TOLD: [&str; 1] = ["citizens.name"];

/// Every value of every table, as text, with where it stands; bytes as they are and in hexadecimal.
async fn dump(portal: &TestPortal) -> Vec<(String, String)> {
    let columns = sqlx::query(
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema in ('public', 'graphile_worker') and table_name in
             (select table_name from information_schema.tables where table_type = 'BASE TABLE')",
    )
    .fetch_all(&portal.owner)
    .await
    .unwrap();
    let mut values = vec![];
    for column in &columns {
        let (table, column): (String, String) = (column.get(0), column.get(1));
        let schema: String = sqlx::query_scalar(
            "select table_schema::text from information_schema.tables where table_name = $1 limit 1",
        )
        .bind(&table)
        .fetch_one(&portal.owner)
        .await
        .unwrap();
        let query =
            format!("select \"{column}\"::text from {schema}.\"{table}\" where \"{column}\" is not null");
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(&portal.owner).await.unwrap();
        values.extend(rows.into_iter().map(|value| (format!("{table}.{column}"), value)));
    }
    values
}

/// What the portal logs, at the level that tells most.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_the_database_nor_any_log_tells_what_a_register_knows() {
    let said = Said::default();
    let writer = said.clone();
    // All of it runs on this thread.
    let _logging = tracing::subscriber::set_default(
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish(),
    );
    let ids: Vec<&str> = AGENCIES.iter().map(|agency| agency.id).collect();
    let sandbox = Sandbox::of(60, &ids);
    let _running: Vec<_> = ids.iter().map(|id| sandbox.start(id)).collect();
    let portal = TestPortal::start_at_present("leaks", &[("MADANG_AGENCIES", &sandbox.agencies())]).await;
    let catalogue = load(&root().join("catalogue")).unwrap();
    let mut canaries = BTreeSet::new();
    let mut found = 0;
    for person in &KNOWN {
        let petitioner = Petitioner::new(person.role);
        for agency in &AGENCIES {
            for (kind, mapping) in folder::kinds(agency) {
                if kind == domain::identity::KIND
                    || !mapping["query"].as_str().unwrap().contains(":resident_number")
                {
                    continue;
                }
                let items = &catalogue.record_kind(&kind.parse().unwrap()).unwrap().items;
                let items: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
                let request = petitioner.pull(&portal.portal, agency.id, (&kind, &items));
                let holder = agency.id.parse().unwrap();
                let reply = ask(&portal.portal, petitioner.citizen, &holder, &request).await.unwrap();
                match reply {
                    Ok(Reply::Found(records)) => {
                        found += 1;
                        let text = serde_json::to_string(&records.records).unwrap();
                        canaries.extend(canary::found(&text).map(str::to_owned));
                    }
                    Ok(Reply::NotFound {}) => {}
                    other => panic!("{} {kind} of {}: {other:?}", agency.id, person.role),
                }
            }
        }
    }
    assert!(found > 200 && canaries.len() > 50, "{found} records with {} canaries", canaries.len());
    while server::desk::exchange_log::seal(&portal.portal).await.unwrap() > 0 {}

    let mut places = dump(&portal).await;
    assert!(places.iter().any(|(place, _)| place == "exchange_log.line"));
    let said = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("sqlx::query"), "the portal logs here");
    places.push(("what the portal said".to_owned(), said));
    for id in &ids {
        places.push((
            format!("what the gateway of {id} said"),
            fs::read_to_string(sandbox.at(&format!("{id}/said"))).unwrap(),
        ));
        places.push((format!("the log of {id}"), sandbox.log(id)));
    }
    let numbers = KNOWN.iter().flat_map(|person| {
        let number = person.number();
        [number.replace('-', ""), number]
    });
    let secrets: Vec<String> = numbers.chain(canaries).collect();
    for (place, text) in &places {
        if TOLD.contains(&place.as_str()) {
            continue;
        }
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} stands in {place}");
        }
        assert!(canary::found(text).next().is_none(), "a canary stands in {place}");
    }
    portal.finish().await;
}
