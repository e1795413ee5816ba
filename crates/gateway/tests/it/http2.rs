//! HTTP/2 without negotiation and HTTP/1.1 come in at one port, with the same limits.

use std::{convert::Infallible, time::Duration};

use exchange::{client::Sent, message::Reply, refusal::Refusal};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Bytes, Frame},
    client::conn::http2::{SendRequest, handshake},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
    task::JoinHandle,
};
use tokio_util::task::TaskTracker;

use crate::world::{MINJI, Running, World, now, person};

type Body = BoxBody<Bytes, Infallible>;

/// A connection of HTTP/2, and what ends with it.
async fn connect(gateway: &Running) -> (SendRequest<Body>, JoinHandle<hyper::Result<()>>) {
    let stream = TcpStream::connect(gateway.address).await.unwrap();
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    (sender, TaskTracker::new().spawn(connection))
}

fn whole(request: http::Request<Vec<u8>>) -> http::Request<Body> {
    request.map(|body| Full::new(Bytes::from(body)).boxed())
}

/// A body that is given piece by piece.
fn pieces() -> (mpsc::Sender<Bytes>, Body) {
    let (sender, mut pieces) = mpsc::channel(1);
    let stream = futures_util::stream::poll_fn(move |context| {
        pieces.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    });
    (sender, StreamBody::new(stream).boxed())
}

async fn read(response: http::Response<hyper::body::Incoming>) -> http::Response<Bytes> {
    let (head, body) = response.into_parts();
    http::Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

async fn ask(sender: &mut SendRequest<Body>, world: &World) -> Reply {
    let Sent { http, pending } = world.send(&world.pull(&person(MINJI)));
    sender.ready().await.unwrap();
    let response = read(sender.send_request(whole(http)).await.unwrap()).await;
    pending.open(&response, &world.keys, now()).unwrap()
}

#[tokio::test]
async fn requests_of_both_versions_are_answered_at_one_port() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (mut sender, _) = connect(&gateway).await;
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
}

#[tokio::test]
async fn many_requests_on_one_connection_are_all_answered() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (sender, _) = connect(&gateway).await;
    let asked = (0..200).map(|_| {
        let mut sender = sender.clone();
        let world = &world;
        async move { matches!(ask(&mut sender, world).await, Reply::Found(_)) }
    });
    assert!(futures_util::future::join_all(asked).await.into_iter().all(|found| found));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up_and_others_on_the_connection_are_answered() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (mut sender, _) = connect(&gateway).await;
    let (piece, body) = pieces();
    piece.send(Bytes::from_static(b"first")).await.unwrap();
    let slow = world.send(&world.pull(&person(MINJI))).http.map(|_| body);
    let slow = sender.send_request(slow);
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
    let answer = read(slow.await.unwrap()).await;
    assert_eq!(exchange::client::open_refusal(answer.body()).unwrap(), Refusal::Malformed);
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
    assert_eq!(gateway.queries().await, 4);
}

#[tokio::test]
async fn slow_bodies_that_fill_a_connection_are_given_up_and_it_goes_on() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (mut sender, _) = connect(&gateway).await;
    let mut slow = Vec::new();
    for _ in 0..40 {
        let (piece, body) = pieces();
        sender.ready().await.unwrap();
        let request = world.send(&world.pull(&person(MINJI))).http.map(|_| body);
        slow.push((sender.send_request(request), piece));
    }
    for (answer, _piece) in slow {
        assert_eq!(read(answer.await.unwrap()).await.status(), 400);
    }
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
    assert_eq!(gateway.queries().await, 2);
}

#[tokio::test]
async fn a_body_or_a_head_that_is_too_large_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (mut sender, _) = connect(&gateway).await;
    let mut large = world.send(&world.pull(&person(MINJI))).http;
    *large.body_mut() = vec![0; 65_537];
    let answer = read(sender.send_request(whole(large)).await.unwrap()).await;
    assert_eq!(exchange::client::open_refusal(answer.body()).unwrap(), Refusal::TooLarge);
    let mut head = world.send(&world.pull(&person(MINJI))).http;
    for number in 0..9 {
        let name: http::HeaderName = format!("x-{number}").parse().unwrap();
        head.headers_mut().insert(name, "x".repeat(4_000).parse().unwrap());
    }
    sender.ready().await.unwrap();
    match sender.send_request(whole(head)).await {
        Ok(answer) => assert_eq!(answer.status(), 431),
        Err(error) => assert!(!error.is_canceled(), "{error:?}"),
    }
    assert_eq!(gateway.queries().await, 0);
    let (mut sender, _) = connect(&gateway).await;
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
}

#[tokio::test]
async fn a_head_of_http_1_that_is_too_large_is_refused() {
    let world = World::new();
    let gateway = Running::start(&world);
    let mut request = world.send(&world.pull(&person(MINJI))).http;
    request.headers_mut().insert("x-large", "x".repeat(40_000).parse().unwrap());
    let answer = Running::try_exchange(gateway.address, request).await;
    assert!(answer.is_none_or(|answer| answer.status() == 431));
    assert_eq!(gateway.queries().await, 0);
}

/// What a client of HTTP/2 says first: the preface, and settings without any.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0pingpong";

#[tokio::test]
async fn a_connection_on_which_nothing_is_asked_is_closed_whatever_else_comes() {
    let world = World::new();
    world.edit("body_seconds = 1", "body_seconds = 1\nidle_seconds = 1");
    let gateway = Running::start(&world);
    let (_sender, ended) = connect(&gateway).await;
    // Half a preface, half a head, settings without an end, and pings.
    for (first, then) in [
        (&PREFACE[..10], &b""[..]),
        (&b"POST /exchange/v1/pull HTTP/1.1\r\n"[..], &b"x: y\r\n"[..]),
        (PREFACE, &b""[..]),
        (PREFACE, PING),
    ] {
        let (mut from, mut to) = TcpStream::connect(gateway.address).await.unwrap().into_split();
        to.write_all(first).await.unwrap();
        let drip = async {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if to.write_all(then).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let mut answer = Vec::new();
        tokio::select! {
            // Closed in an orderly way or cut off: it is over.
            _ = from.read_to_end(&mut answer) => {}
            () = drip => {}
        }
    }
    ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_resets_its_requests_again_and_again_is_cut_off() {
    let world = World::new();
    let gateway = Running::start(&world);
    let (mut from, mut to) = TcpStream::connect(gateway.address).await.unwrap().into_split();
    to.write_all(PREFACE).await.unwrap();
    let flood = async {
        for stream in (1_u32..).step_by(2) {
            // A request of four indexed or literal headers, and at once its end.
            let head = b"\x83\x86\x84\x41\x01a";
            let mut frames = vec![0, 0, 6, 1, 4];
            frames.extend(stream.to_be_bytes());
            frames.extend(head);
            frames.extend([0, 0, 4, 3, 0]);
            frames.extend(stream.to_be_bytes());
            frames.extend([0, 0, 0, 8]);
            if to.write_all(&frames).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        _ = from.read_to_end(&mut answer) => {}
        () = flood => {}
    }
    assert!(matches!(gateway.ask(&world, &world.pull(&person(MINJI))).await, Reply::Found(_)));
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_when_the_gateway_stops() {
    let world = World::new();
    world.edit("body_seconds = 1", "body_seconds = 20");
    let mut gateway = Running::start(&world);
    let (mut sender, ended) = connect(&gateway).await;
    let Sent { http, pending } = world.send(&world.pull(&person(MINJI)));
    let (head, body) = http.into_parts();
    let (piece, pieces) = pieces();
    let answer = sender.send_request(http::Request::from_parts(head, pieces));
    piece.send(Bytes::copy_from_slice(&body[..100])).await.unwrap();
    // Answered by the same connection after the head of the first: so that has arrived.
    assert!(matches!(ask(&mut sender, &world).await, Reply::Found(_)));
    let id = gateway.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let mut refused = TcpStream::connect(gateway.address).await;
    while refused.is_ok() {
        refused = TcpStream::connect(gateway.address).await;
    }
    piece.send(Bytes::copy_from_slice(&body[100..])).await.unwrap();
    drop(piece);
    let response = read(answer.await.unwrap()).await;
    assert!(matches!(pending.open(&response, &world.keys, now()), Ok(Reply::Found(_))));
    drop(sender);
    ended.await.unwrap().unwrap();
    assert!(gateway.process.wait().unwrap().success());
}

#[tokio::test]
async fn a_client_that_says_nothing_more_does_not_keep_the_gateway_from_stopping() {
    let world = World::new();
    let mut gateway = Running::start(&world);
    let mut silent = TcpStream::connect(gateway.address).await.unwrap();
    silent.write_all(PREFACE).await.unwrap();
    // Its settings were received when it is sent those of the gateway.
    silent.read_exact(&mut [0; 9]).await.unwrap();
    let id = gateway.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(gateway.process.wait().unwrap().success());
}
