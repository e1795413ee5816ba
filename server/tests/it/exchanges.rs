//! What the portal asks agencies: written down before it leaves, sealed into a chain, and the same as the agencies tell.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use exchange::{
    log::{Difference, Head, Outcome},
    message::Reply,
};
use server::{
    desk::exchange_log::{self, Compared, LogError},
    exchange::ask,
};

use crate::{
    portal::TestPortal,
    sandbox::{Petitioner, Sandbox},
};

const INCOME: (&str, &[&str]) = ("income-certificate", &["year", "income"]);

/// A portal that goes by the present, and may ask the agencies of the sandbox.
async fn portal(name: &str, sandbox: &Sandbox) -> TestPortal {
    TestPortal::start_at_present(name, &[("MADANG_AGENCIES", &sandbox.agencies())]).await
}

async fn seal_all(portal: &TestPortal) -> usize {
    let mut sealed = 0;
    loop {
        match exchange_log::seal(&portal.portal).await.unwrap() {
            0 => return sealed,
            n => sealed += n,
        }
    }
}

async fn outcomes(portal: &TestPortal) -> Vec<Outcome> {
    let mut outcomes = vec![];
    exchange_log::verify(&portal.portal, None, |entry| outcomes.push(entry.exchange.outcome)).await.unwrap();
    outcomes
}

/// Pulls somebody's incomes so many times, each under an id of its own.
async fn pull_incomes(portal: &TestPortal, times: usize) {
    let minji = Petitioner::new("mother");
    for _ in 0..times {
        let request = minji.pull(&portal.portal, "nts", INCOME);
        let reply = ask(&portal.portal, minji.citizen, &"nts".parse().unwrap(), &request).await.unwrap();
        assert!(matches!(reply, Ok(Reply::Found(_))), "{reply:?}");
    }
}

#[tokio::test]
async fn both_sides_tell_the_same_of_what_was_asked() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_same", &sandbox).await;
    pull_incomes(&portal, 3).await;
    assert_eq!(seal_all(&portal).await, 3);
    let verified = exchange_log::verify(&portal.portal, None, |_| {}).await.unwrap();
    assert_eq!((verified.head.entries, verified.waiting.requests), (3, 0));
    let nts = "nts".parse().unwrap();
    let compared = exchange_log::matches(&portal.portal, &nts, &sandbox.log("nts")).await.unwrap();
    assert_eq!(compared, Compared::default());
    // What one side has and the other has not is named.
    let theirs: Vec<String> = sandbox.log("nts").lines().map(str::to_owned).collect();
    let differences =
        exchange_log::matches(&portal.portal, &nts, &theirs[..2].join("\n")).await.unwrap().mismatches;
    assert_eq!(differences.iter().map(|one| one.difference).collect::<Vec<_>>(), [Difference::HolderLacks]);
    let out = exchange_log::matches(&portal.portal, &nts, &theirs[1..].join("\n")).await;
    assert!(matches!(out, Err(LogError::Line(_))), "their chain is verified too: {out:?}");
    portal.finish().await;
}

#[tokio::test]
async fn a_request_without_a_reply_has_left_a_trace_and_may_be_asked_again() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let portal = portal("exchange_trace", &sandbox).await;
    let minji = Petitioner::new("mother");
    let nts = "nts".parse().unwrap();
    let (first, second) =
        (minji.pull(&portal.portal, "nts", INCOME), minji.pull(&portal.portal, "nts", INCOME));
    for request in [&first, &second] {
        assert!(ask(&portal.portal, minji.citizen, &nts, request).await.unwrap().is_err(), "nobody is there");
    }
    assert_eq!(seal_all(&portal).await, 0, "a reply may still come");
    assert_eq!(exchange_log::verify(&portal.portal, None, |_| {}).await.unwrap().waiting.requests, 2);
    let running = sandbox.start("nts");
    // The breaker lets somebody through again after a while.
    let reply = loop {
        match ask(&portal.portal, minji.citizen, &nts, &first).await.unwrap() {
            Ok(reply) => break reply,
            Err(error) => assert!(error.again(), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(matches!(reply, Reply::Found(_)), "{reply:?}");
    assert_eq!(seal_all(&portal).await, 1);
    drop(running);
    portal.advance(TimeDelta::minutes(31));
    assert_eq!(seal_all(&portal).await, 1, "the other one is given up");
    assert!(matches!(outcomes(&portal).await[..], [Outcome::Found { .. }, Outcome::NoReply {}]));
    let again = ask(&portal.portal, minji.citizen, &nts, &second).await;
    assert!(matches!(again, Err(server::desk::Refusal::Gone)), "its end is sealed: {again:?}");
    portal.finish().await;
}

#[tokio::test]
async fn a_line_that_was_changed_taken_out_or_cut_off_is_found() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_tampered", &sandbox).await;
    pull_incomes(&portal, 4).await;
    seal_all(&portal).await;
    for (change, back) in [
        (
            "update exchange_log set line = replace(line, '\"pull\"', '\"verify\"') where number = 2",
            "update exchange_log set line = replace(line, '\"verify\"', '\"pull\"') where number = 2",
        ),
        (
            "update exchange_log set number = 9 where number = 3",
            "update exchange_log set number = 3 where number = 9",
        ),
        (
            "update exchange_log set number = 40 where number = 4",
            "update exchange_log set number = 4 where number = 40",
        ),
        (
            "update exchange_log set subject_id = '01a2027b-d680-7836-b25e-7adadfc12fbc' where number = 1",
            "update exchange_log set subject_id = (select subject_id from exchange_log where number = 2) where number = 1",
        ),
        (
            "update exchange_log set evidence = replace(evidence, 'nts', 'ntz') where number = 1",
            "update exchange_log set evidence = replace(evidence, 'ntz', 'nts') where number = 1",
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(change)).execute(&portal.owner).await.unwrap();
        assert!(exchange_log::verify(&portal.portal, None, |_| {}).await.is_err(), "{change}");
        sqlx::query(sqlx::AssertSqlSafe(back)).execute(&portal.owner).await.unwrap();
    }
    let verified = exchange_log::verify(&portal.portal, None, |_| {}).await.unwrap();
    assert_eq!(verified.unproved, 0);
    // An end that was noted is found again when the chain has gone on; one that it never had is not.
    pull_incomes(&portal, 1).await;
    seal_all(&portal).await;
    exchange_log::verify(&portal.portal, Some(verified.head), |_| {}).await.unwrap();
    let other = Head { entries: verified.head.entries - 1, ..verified.head };
    assert!(exchange_log::verify(&portal.portal, Some(other), |_| {}).await.is_err());
    for statement in
        ["update exchange_log set line = 'x'", "delete from exchange_log", "delete from exchange_log_head"]
    {
        let refused =
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&portal.portal.pool).await.unwrap_err();
        let code =
            refused.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_chain_whose_end_was_taken_away_is_not_believed() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_headless", &sandbox).await;
    pull_incomes(&portal, 2).await;
    seal_all(&portal).await;
    sqlx::query("delete from exchange_log_head").execute(&portal.owner).await.unwrap();
    assert!(exchange_log::verify(&portal.portal, None, |_| {}).await.is_err());
    portal.finish().await;
}

#[tokio::test]
async fn a_request_whose_end_is_told_is_not_asked_again() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_ended", &sandbox).await;
    let (minji, nts) = (Petitioner::new("mother"), "nts".parse().unwrap());
    let request = minji.pull(&portal.portal, "nts", INCOME);
    ask(&portal.portal, minji.citizen, &nts, &request).await.unwrap().unwrap();
    for _ in 0..2 {
        let again = ask(&portal.portal, minji.citizen, &nts, &request).await;
        assert!(matches!(again, Err(server::desk::Refusal::Gone)), "{again:?}");
        seal_all(&portal).await;
    }
    assert_eq!(outcomes(&portal).await.len(), 1);
    portal.finish().await;
}

#[tokio::test]
async fn who_begins_while_the_end_is_being_sealed_does_not_ask_again() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_race", &sandbox).await;
    let (minji, nts) = (Petitioner::new("mother"), "nts".parse().unwrap());
    let request = minji.pull(&portal.portal, "nts", INCOME);
    ask(&portal.portal, minji.citizen, &nts, &request).await.unwrap().unwrap();
    // A sealer that has taken the row and has not committed.
    let mut sealing = portal.portal.pool.begin().await.unwrap();
    let now = portal.portal.now();
    let taken = store::exchange::take_ended(&mut sealing, now, 10).await.unwrap();
    let again = ask(&portal.portal, minji.citizen, &nts, &request);
    let commit = async {
        // Whoever asks waits for the row by now, or will find it gone.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let line = store::exchange::LineRow {
            subject_id: taken[0].subject_id,
            request_id: taken[0].request_id,
            number: 1,
            line: "sealed meanwhile".to_owned(),
            evidence: None,
            reply_evidence: None,
        };
        let head = store::exchange::HeadRow { owner: "madang".to_owned(), entries: 1, digest: String::new() };
        store::exchange::append(&mut sealing, &[line], &head).await.unwrap();
        sealing.commit().await.unwrap();
    };
    let (again, ()) = tokio::join!(again, commit);
    assert!(matches!(again, Err(server::desk::Refusal::Gone)), "{again:?}");
    let mut db = portal.owner.acquire().await.unwrap();
    let waiting = store::exchange::waiting(&mut db).await.unwrap();
    assert_eq!(waiting, store::exchange::Waiting::default(), "nothing is left to seal twice");
    drop(db);
    portal.finish().await;
}

#[tokio::test]
async fn what_cannot_be_sealed_keeps_nothing_else_from_being() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_broken", &sandbox).await;
    pull_incomes(&portal, 3).await;
    sqlx::query("update exchanges set outcome = 'broken' where request_id = (select min(request_id::text)::uuid from exchanges)")
        .execute(&portal.owner)
        .await
        .unwrap();
    assert_eq!(exchange_log::seal(&portal.portal).await.unwrap(), 0);
    assert_eq!(exchange_log::seal(&portal.portal).await.unwrap(), 2);
    let waiting = exchange_log::verify(&portal.portal, None, |_| {}).await.unwrap().waiting;
    assert_eq!((waiting.requests, waiting.broken), (0, 1));
    portal.finish().await;
}

#[tokio::test]
async fn servers_that_seal_at_the_same_time_make_one_chain() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let _nts = sandbox.start("nts");
    let portal = portal("exchange_sealers", &sandbox).await;
    for _ in 0..5 {
        pull_incomes(&portal, 4).await;
        let seals = (0..4).map(|_| exchange_log::seal(&portal.portal));
        for sealed in futures_util::future::join_all(seals).await {
            sealed.unwrap();
        }
    }
    seal_all(&portal).await;
    assert_eq!(outcomes(&portal).await.len(), 20);
    portal.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_killed_amid_a_thousand_pulls_loses_none_and_logs_none_twice() {
    let sandbox = Sandbox::of(100, &["nts"]);
    let portal = portal("exchange_killed", &sandbox).await;
    let minji = Petitioner::new("mother");
    let nts: domain::service::AgencyId = "nts".parse().unwrap();
    let running = std::sync::Mutex::new(Some(sandbox.start("nts")));
    let done = std::sync::atomic::AtomicUsize::new(0);
    let kill_at = [200, 500, 800];
    let pull = async || {
        let request = minji.pull(&portal.portal, "nts", INCOME);
        loop {
            match ask(&portal.portal, minji.citizen, &nts, &request).await.unwrap() {
                Ok(Reply::Found(_)) => break,
                Ok(Reply::Unavailable { .. }) => {}
                Ok(other) => panic!("{other:?}"),
                Err(error) => assert!(error.again(), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if kill_at.contains(&count) {
            let mut running = running.lock().unwrap();
            *running = None; // SIGKILL, with others on their way
            *running = Some(sandbox.start("nts"));
        }
    };
    let workers = (0..20).map(async |_| {
        for _ in 0..50 {
            pull().await;
        }
    });
    futures_util::future::join_all(workers).await;
    seal_all(&portal).await;
    let outcomes = outcomes(&portal).await;
    assert_eq!(outcomes.len(), 1_000);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Found { .. })));
    let theirs = sandbox.log("nts");
    let requests: BTreeSet<String> = theirs
        .lines()
        .map(|line| exchange::log::Entry::parse(line.as_bytes()).unwrap().exchange.request.to_string())
        .collect();
    assert_eq!((theirs.lines().count(), requests.len()), (1_000, 1_000), "none lost, none twice");
    assert_eq!(exchange_log::matches(&portal.portal, &nts, &theirs).await.unwrap(), Compared::default());
    portal.finish().await;
}
