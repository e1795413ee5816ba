//! X-Road, against a stand-in that keeps to its specification.

use agencies::{Agencies, AskError, Asked};
use exchange::{
    message::{Page, Reply},
    refusal::Refusal,
};
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;

use crate::{
    security_server::{Answer, SecurityServer},
    world::{KIND, MINJI, World, id, person, pull, pull_page, verify},
};

async fn world() -> (SecurityServer, World, Agencies) {
    let (server, mut world) = (SecurityServer::start().await, World::new());
    world.keys("land");
    let text = FILE.replace("SERVER", &format!("http://{}", server.address)).replace("KIND", KIND);
    world.add(&text);
    let agencies = world.agencies();
    (server, world, agencies)
}

const FILE: &str = r#"
[agencies.land]
way = "xroad"
security_server = "SERVER"
client = "KR/GOV/1234/madang"
represented = "GOV/99"
subject = "land-subject.json"
timeout_ms = 60000

[agencies.land.services.KIND]
service = "KR/GOV/5678/land(1)/find?"
pull = "v1/find it"
verify = "v1/verify"
body = { personalCode = "number", fullName = "name", year = "year", size = "limit", from_key = "after", ground = "ticket" }
records = "/result/rows"
next = "/result/more"

[agencies.land.services.KIND.items]
amount = { at = "/income/won", type = "money" }
year = { at = "/year", type = "integer" }
employer = { at = "/employer", type = "text" }
"#;

async fn ask(agencies: &Agencies) -> Asked {
    agencies.ask(&id("land"), &pull(agencies, "land")).await
}

#[tokio::test]
async fn a_pull_goes_through_x_road_and_brings_only_the_ticket_s_items() {
    let (server, _world, agencies) = world().await;
    assert!(agencies.serves(&id("land"), &KIND.parse().unwrap()));
    assert_eq!(agencies.plain_http(), [&id("land")]);
    let page = Page { after: Some("k-1".to_owned().try_into().unwrap()), limit: 20 };
    let request = pull_page(&agencies, "land", page);
    let asked = agencies.ask(&id("land"), &request).await;
    let Ok(Reply::Found(found)) = &asked.reply else { panic!("{asked:?}") };
    let told = serde_json::to_value(&found.records).unwrap();
    let expected = serde_json::json!([
        { "amount": { "money": 48_200_000 }, "year": { "integer": 2025 } },
        { "year": { "integer": 2024 } },
    ]);
    assert_eq!(told, expected, "`employer` is mapped, but not in the ticket");
    assert_eq!(found.next.as_ref().unwrap().as_str(), "k-2");
    let receipt = asked.receipt.unwrap();
    assert_eq!((receipt.request_hash.len(), receipt.request_id.unwrap().len()), (88, 36));
    assert!(asked.sent && asked.evidence.is_none());
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "v1/find%20it");
    let header = |name: &str| seen.headers[name].to_str().unwrap();
    assert_eq!(header("x-road-id"), request.id().to_string());
    assert_eq!(header("x-road-issue"), request.ticket().case.to_string());
    assert_eq!(header("x-road-represented-party"), "GOV/99");
    assert!(header("x-road-userid").starts_with("KR0"));
    assert_eq!(seen.body["personalCode"], MINJI.0);
    assert_eq!((&seen.body["size"], &seen.body["from_key"]), (&20.into(), &"k-1".into()));
    assert_eq!(seen.body["ground"]["purpose"], "basic-livelihood-benefit");
    assert!(seen.body.get("year").is_none(), "what is not asked for is left out");
}

#[tokio::test]
async fn a_person_is_verified_through_x_road() {
    let (server, _world, agencies) = world().await;
    let request = verify(&agencies, "land", person(MINJI));
    assert_eq!(agencies.ask(&id("land"), &request).await.reply, Ok(Reply::Verified {}));
    server.turn(Answer::Nobody);
    let request = verify(&agencies, "land", person(MINJI));
    assert_eq!(agencies.ask(&id("land"), &request).await.reply, Ok(Reply::NotVerified {}));
    assert_eq!(ask(&agencies).await.reply, Ok(Reply::NotFound {}));
}

#[tokio::test]
async fn an_answer_that_is_not_to_this_request_is_not_believed() {
    let (server, world, agencies) = world().await;
    for (answer, code) in [
        (Answer::OtherId, Refusal::Malformed),
        (Answer::OtherService, Refusal::Malformed),
        (Answer::NoHash, Refusal::Unsigned),
        (Answer::ShortHash, Refusal::Unsigned),
        (Answer::OtherType, Refusal::Malformed),
    ] {
        server.turn(answer);
        // Each with a breaker that is closed.
        let Err(AskError::Untrusted(refused)) = ask(&world.agencies()).await.reply else {
            panic!("{answer:?}")
        };
        assert_eq!(refused.code, code, "{answer:?}");
    }
    server.turn(Answer::NoJson);
    assert!(matches!(ask(&agencies).await.reply, Err(AskError::Untrusted(_))));
}

#[tokio::test]
async fn errors_of_servers_are_no_answers_and_redirects_are_not_followed() {
    let (server, _world, agencies) = world().await;
    server.turn(Answer::Fails);
    assert_eq!(ask(&agencies).await.reply, Err(AskError::Refused { status: 500, hint: None }));
    server.turn(Answer::Redirects);
    assert_eq!(ask(&agencies).await.reply, Err(AskError::Refused { status: 302, hint: None }));
}

const GOOD: &str = "/r1/KR/GOV/5678/land%281%29/find%3F/v1/verify";
const MESSAGE: &str = "018cbcae-537e-721b-b6f6-2608dc97bd90";

#[tokio::test]
async fn the_stand_in_refuses_what_the_specification_forbids() {
    let (server, _world, _agencies) = world().await;
    let client = ("x-road-client", "KR/GOV/1234/madang");
    let tell = async |path: &str, headers: &[(&str, &str)]| {
        let mut request = Request::post(path).header("host", "ss").header("x-road-id", MESSAGE);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let mut running = tokio::task::JoinSet::new();
        running.spawn(connection);
        let request = request.body(Full::new(Bytes::from_static(b"{}"))).unwrap();
        sender.send_request(request).await.unwrap().status()
    };
    assert_eq!(tell(GOOD, &[client]).await, StatusCode::OK);
    let bad: [(&str, &[(&str, &str)]); 11] = [
        (GOOD, &[]),
        (GOOD, &[client, client]),
        (GOOD, &[("x-road-client", "KR%2FGOV%2F1234%2Fmadang")]),
        (GOOD, &[("x-road-client", "KR/GOV/1234/other")]),
        (GOOD, &[client, ("x-road-id", MESSAGE)]),
        (GOOD, &[client, ("x-road-userid", "1234")]),
        (GOOD, &[client, ("x-road-represented-party", "A/B/C")]),
        (GOOD, &[client, ("x-road-request-hash", "AAAA")]),
        ("/r2/KR/GOV/5678/land%281%29/find%3F/v1/verify", &[client]),
        ("/r1/KR%2FGOV%2F5678%2Fland%281%29%2Ffind%3F/v1/verify", &[client]),
        ("/r1/KR/GOV/5678/land(1)/find%3F/v1/verify?number=900101-1234567", &[client]),
    ];
    for (path, headers) in bad {
        assert_eq!(tell(path, headers).await, StatusCode::BAD_REQUEST, "{path} {headers:?}");
    }
}
