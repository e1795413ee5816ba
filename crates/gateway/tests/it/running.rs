//! The program itself, while it runs.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use exchange::{
    client::Sent,
    message::{Reply, Request},
    refusal::Refusal,
};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;

use crate::world::{KIND, World, command, now};

/// A gateway that runs; killed when it is dropped.
pub struct Running {
    pub process: Child,
    pub address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Running {
    /// Starts it, and waits until it says that it listens.
    pub fn start(world: &World) -> Self {
        let mut process = command(world.folder.path())
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().parse().expect("the address it listens on");
        Self { process, address }
    }

    pub async fn exchange(&self, request: http::Request<Vec<u8>>) -> http::Response<Bytes> {
        Self::try_exchange(self.address, request).await.unwrap()
    }

    /// The response, unless the connection breaks.
    pub async fn try_exchange(
        address: SocketAddr,
        request: http::Request<Vec<u8>>,
    ) -> Option<http::Response<Bytes>> {
        let stream = tokio::net::TcpStream::connect(address).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio_util::task::TaskTracker::new().spawn(connection);
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let (head, body) = sender.send_request(request).await.ok()?.into_parts();
        Some(http::Response::from_parts(head, body.collect().await.ok()?.to_bytes()))
    }

    /// Asks and opens the reply.
    pub async fn ask(&self, world: &World, request: &Request) -> Reply {
        let Sent { http, pending } = world.send(request);
        let response = self.exchange(http).await;
        pending.open(&response, &world.keys, now()).unwrap()
    }

    /// The code of a refusal that is not sealed.
    pub async fn refusal(&self, request: http::Request<Vec<u8>>) -> Refusal {
        let response = self.exchange(request).await;
        let code = exchange::client::open_refusal(response.body()).unwrap();
        assert_eq!(response.status(), code.status());
        code
    }

    pub async fn get(&self, path: &str) -> (http::StatusCode, String) {
        let request = http::Request::get(path).header("host", "localhost").body(Vec::new()).unwrap();
        let response = self.exchange(request).await;
        (response.status(), String::from_utf8(response.body().to_vec()).unwrap())
    }

    /// Sends SIGHUP, and waits until the gateway has taken, or refused, what its file says now.
    pub async fn reload(&self) -> &'static str {
        let before = self.reloads().await;
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
        loop {
            let after = self.reloads().await;
            if after != before {
                return if after.0 > before.0 { "done" } else { "refused" };
            }
        }
    }

    async fn reloads(&self) -> (u64, u64) {
        let (_, metrics) = self.get("/metrics").await;
        let count = |outcome: &str| {
            let name = format!("madang_gateway_reloads_total{{outcome=\"{outcome}\"}} ");
            metrics
                .lines()
                .find_map(|line| line.strip_prefix(&name))
                .map_or(0, |count| count.parse().unwrap())
        };
        (count("done"), count("refused"))
    }

    /// How often the register was asked for records.
    pub async fn queries(&self) -> u64 {
        let (_, metrics) = self.get("/metrics").await;
        let name = format!("madang_gateway_register_queries_total{{kind=\"{KIND}\"}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&name)).unwrap().parse().unwrap()
    }
}
