//! Queries by key, on large tables, go through an index.

use sqlx::Row;

use crate::portal::TestPortal;

/// The plan of a statement with the planner's dislike of small tables switched off.
async fn plan(portal: &TestPortal, statement: &str) -> String {
    let mut tx = portal.owner.begin().await.unwrap();
    sqlx::query("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(format!("explain {statement}"))).fetch_all(&mut *tx).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn each_query_by_key_uses_an_index() {
    let portal = TestPortal::start("plans").await;
    let uuid = "'00000000-0000-7000-8000-000000000000'";
    for (statement, index) in [
        (format!("select * from citizens where citizen_id = {uuid}"), "citizens_pkey"),
        (format!("select * from contacts where citizen_id = {uuid}"), "contacts_pkey"),
        ("select * from sign_in_names where address = 'a'".to_owned(), "sign_in_names_pkey"),
        ("select * from officers where email = 'a'".to_owned(), "officers_email_unique"),
        ("select * from sessions where id_hash = '\\x00'".to_owned(), "sessions_pkey"),
        (
            format!("select * from sessions where holder_id = {uuid} and holder_kind = 'citizen'"),
            "sessions_holder_id",
        ),
        ("delete from sessions where expires_at <= now()".to_owned(), "sessions_expires_at"),
        ("select * from password_links where token_hash = '\\x00'".to_owned(), "password_links_pkey"),
        (format!("delete from password_links where holder_id = {uuid}"), "password_links_holder_id"),
        (format!("select * from identities where citizen_id = {uuid}"), "identities_pkey"),
        (
            format!(
                "select * from identities where number_key = 'a' and citizen_id > {uuid} order by citizen_id limit 100"
            ),
            "identities_number_key",
        ),
        ("select * from identity_numbers where number_hash = '\\x00'".to_owned(), "identity_numbers_pkey"),
        (format!("select * from identity_attempts where citizen_id = {uuid}"), "identity_attempts_pkey"),
        ("delete from identity_attempts where expires_at < now()".to_owned(), "identity_attempts_expires_at"),
        ("select * from throttles where key = '\\x00'".to_owned(), "throttles_pkey"),
        (
            format!("select * from messages where recipient_id = {uuid} and message_id = {uuid}"),
            "messages_pkey",
        ),
        (
            "select * from messages where body is not null order by created_at desc limit 50".to_owned(),
            "messages_created_at",
        ),
        (
            format!("select * from confirmations where citizen_id = {uuid} and kind = 'email'"),
            "confirmations_pkey",
        ),
        (
            "select service from unnest('{abc,def}'::text[]) as asked join service_terms on term %> asked"
                .to_owned(),
            "service_terms_term_trgm",
        ),
        (
            format!("select * from exchanges where subject_id = {uuid} and request_id = {uuid}"),
            "exchanges_pkey",
        ),
        (
            "select * from exchanges where outcome is not null or asked_at < now() order by asked_at limit 5"
                .to_owned(),
            "exchanges_asked_at",
        ),
        (
            format!("select * from exchange_log where subject_id = {uuid} and request_id = {uuid}"),
            "exchange_log_pkey",
        ),
        (
            "select * from exchange_log where number > 5 order by number limit 5".to_owned(),
            "exchange_log_number",
        ),
        (
            format!(
                "select action from audit_events where subject_id = {uuid} order by occurred_at, event_id"
            ),
            "audit_events_2026_11_pkey",
        ),
    ] {
        let plan = plan(&portal, &statement).await;
        assert!(plan.contains(index), "{statement}\n{plan}");
    }
    portal.finish().await;
}
