//! Agencies that do everything wrong: the right error, in time, and nobody else is held up.

use std::{sync::Arc, time::Duration};

use agencies::{Agencies, AskError};
use exchange::{log::Outcome, message::Reply, refusal::Refusal};

use crate::{
    stand_in::{HTTP1, Mood, StandIn},
    world::{World, id, pull},
};

const SHORT: &str = "timeout_ms = 300";
/// Where nothing should time out, however busy the machine is.
const LONG: &str = "timeout_ms = 60000\nconnect_timeout_ms = 60000\nconcurrency = 4";

async fn ask(agencies: &Agencies, holder: &str) -> Result<Reply, AskError> {
    agencies.ask(&id(holder), &pull(agencies, holder)).await.reply
}

/// What one request to an agency in this mood gives.
async fn given(mood: Mood) -> AskError {
    let mut world = World::new();
    let time = if matches!(mood, Mood::Hangs | Mood::Slow(_)) { SHORT } else { LONG };
    let _agency = StandIn::start(&mut world, ("nts", time), mood).await;
    let agencies = world.agencies();
    let asked = agencies.ask(&id("nts"), &pull(&agencies, "nts")).await;
    assert!(asked.sent && asked.evidence.is_some() && asked.outcome == Outcome::NoReply {}, "{asked:?}");
    asked.reply.unwrap_err()
}

#[tokio::test]
async fn an_agency_that_is_down_is_not_reachable_until_it_is_up_again() {
    let mut world = World::new();
    let mut agency = StandIn::start(&mut world, ("nts", LONG), Mood::Honest).await;
    agency.down().await;
    let agencies = world.agencies();
    assert_eq!(ask(&agencies, "nts").await, Err(AskError::Unreachable("no connection")));
    agency.up().await;
    assert_eq!(ask(&agencies, "nts").await, Ok(Reply::NotFound {}));
}

#[tokio::test]
async fn an_agency_that_hangs_or_is_too_slow_is_given_up_in_time() {
    assert_eq!(given(Mood::Hangs).await, AskError::TimedOut);
    assert_eq!(given(Mood::Slow(Duration::from_mins(1))).await, AskError::TimedOut);
}

#[tokio::test]
async fn an_agency_that_closes_its_connections_is_not_reachable() {
    assert!(matches!(given(Mood::Slams).await, AskError::Unreachable(_)));
    assert!(matches!(given(Mood::Resets).await, AskError::Unreachable(_)));
}

#[tokio::test]
async fn what_is_not_the_agency_s_reply_to_this_request_is_not_believed() {
    let code = |error| match error {
        AskError::Untrusted(refused) => refused.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(given(Mood::Garbage).await), Refusal::BadDigest);
    assert_eq!(code(given(Mood::Expired).await), Refusal::Expired);
    assert_eq!(code(given(Mood::Floods).await), Refusal::TooLarge);
    let mut world = World::new();
    let _agency = StandIn::start(&mut world, ("nts", LONG), Mood::RepliesToAnother).await;
    let agencies = world.agencies();
    assert_eq!(ask(&agencies, "nts").await, Ok(Reply::NotFound {}));
    assert_eq!(code(ask(&agencies, "nts").await.unwrap_err()), Refusal::BadSignature);
}

#[tokio::test]
async fn what_is_not_signed_is_no_answer_but_a_hint() {
    assert_eq!(given(Mood::Unavailable).await, AskError::Refused { status: 503, hint: None });
    assert_eq!(given(Mood::FloodsUnsigned).await, AskError::Refused { status: 200, hint: None });
    let refused = AskError::Refused { status: 403, hint: Some(Refusal::UnknownKey) };
    assert_eq!(given(Mood::RefusesUnsigned).await, refused);
}

#[tokio::test]
async fn a_request_is_tried_again_under_its_id_where_that_is_safe() {
    let mut world = World::new();
    let agency = StandIn::start(&mut world, ("nts", LONG), Mood::Unavailable).await;
    let agencies = world.agencies();
    let request = pull(&agencies, "nts");
    assert!(agencies.ask(&id("nts"), &request).await.reply.is_err());
    assert_eq!(agency.received(), vec![request.id().to_string(); 3]);
    agency.turn(Mood::Garbage);
    let request = pull(&agencies, "nts");
    assert!(agencies.ask(&id("nts"), &request).await.reply.is_err());
    assert_eq!(agency.received().len(), 4, "a liar is not asked again at once");
}

#[tokio::test]
async fn one_that_hangs_with_all_its_slots_taken_holds_nobody_else_up() {
    let mut world = World::new();
    let _hangs = StandIn::start(&mut world, ("nts", LONG), Mood::Hangs).await;
    let _well = StandIn::start(&mut world, ("nps", LONG), Mood::Honest).await;
    let agencies = Arc::new(world.agencies());
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let agencies = Arc::clone(&agencies);
        waiting.spawn(async move { ask(&agencies, "nts").await });
    }
    for _ in 0..50 {
        assert_eq!(ask(&agencies, "nps").await, Ok(Reply::NotFound {}));
    }
    // 4 on their way, 16 behind them; who comes after that is told so at once.
    for _ in 0..10 {
        assert_eq!(waiting.join_next().await.unwrap().unwrap(), Err(AskError::Busy));
    }
    assert_eq!(waiting.len(), 20, "the others still wait");
}

#[tokio::test]
async fn the_breaker_opens_and_closes_again() {
    let mut world = World::new();
    let agency = StandIn::start(&mut world, ("nts", LONG), Mood::Garbage).await;
    let agencies = world.agencies();
    for _ in 0..5 {
        assert!(matches!(ask(&agencies, "nts").await, Err(AskError::Untrusted(_))));
    }
    let asked = agencies.ask(&id("nts"), &pull(&agencies, "nts")).await;
    assert_eq!((asked.reply, asked.sent), (Err(AskError::Open), false));
    assert_eq!(agency.received().len(), 5);
    agency.turn(Mood::Honest);
    let mut reply = ask(&agencies, "nts").await;
    while reply == Err(AskError::Open) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        reply = ask(&agencies, "nts").await;
    }
    assert_eq!(reply, Ok(Reply::NotFound {}));
}

#[tokio::test]
async fn requests_at_once_share_one_connection_where_http_2_is_spoken() {
    let mut world = World::new();
    let two = StandIn::start(&mut world, ("nts", LONG), Mood::Honest).await;
    let one = StandIn::start(&mut world, ("nps", &format!("timeout_ms = 60000 {HTTP1}")), Mood::Honest).await;
    let agencies = Arc::new(world.agencies());
    for holder in ["nts", "nps"] {
        assert_eq!(ask(&agencies, holder).await, Ok(Reply::NotFound {}));
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let agencies = Arc::clone(&agencies);
            asking.spawn(async move { ask(&agencies, holder).await });
        }
        assert!(asking.join_all().await.iter().all(|reply| *reply == Ok(Reply::NotFound {})));
    }
    assert_eq!(two.connections(), 1);
    assert_eq!(one.received().len(), 21, "nothing was asked twice to find out");
}

#[tokio::test]
async fn a_reply_that_is_slower_than_nearly_all_is_asked_for_a_second_time() {
    let mut world = World::new();
    let agency = StandIn::start(&mut world, ("nts", LONG), Mood::Honest).await;
    let agencies = world.agencies();
    for _ in 0..20 {
        assert_eq!(ask(&agencies, "nts").await, Ok(Reply::NotFound {}));
    }
    agency.turn(Mood::SlowOnce);
    let request = pull(&agencies, "nts");
    let asked = agencies.ask(&id("nts"), &request).await;
    assert_eq!(asked.reply, Ok(Reply::NotFound {}));
    assert_eq!(agency.received()[20..], [request.id().to_string(), request.id().to_string()]);
}
