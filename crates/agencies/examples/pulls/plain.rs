//! The same question without the protocol: JSON over HTTP/1.1, the same query, the same line of a chained log, on the disk before
//! the reply leaves, with one flush for all that wait.

use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use agencies::Agencies;
use exchange::{
    ids::RequestId,
    log::{Exchange, Head, Outcome},
    ticket::Ticket,
    verb::Verb,
};
use gateway::system::SystemChance;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::{JoinSet, spawn_blocking},
};

use crate::{number, person, world};

#[derive(Serialize, Deserialize)]
struct Question {
    id: RequestId,
    ticket: Ticket,
    number: String,
    limit: u32,
}

#[derive(Serialize, Deserialize)]
struct Income {
    year: i64,
    amount: Option<i64>,
}

/// A line on its way to the disk.
type Waiting = (Exchange, oneshot::Sender<()>);

/// The server.
pub struct Plain {
    pub address: SocketAddr,
    serving: JoinSet<()>,
}

struct Open {
    register: PathBuf,
    idle: Mutex<Vec<Connection>>,
    log: mpsc::Sender<Waiting>,
}

impl Plain {
    pub async fn start(register: &Path, log: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, waiting) = mpsc::channel(1_024);
        let connection = Connection::open(log).unwrap();
        std::thread::spawn(move || write(&connection, waiting));
        let open = Arc::new(Open { register: register.to_owned(), idle: Mutex::default(), log: sender });
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener, open));
        Self { address, serving }
    }

    pub async fn finish(mut self) {
        self.serving.shutdown().await;
    }
}

async fn accept(listener: TcpListener, open: Arc<Open>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let open = Arc::clone(&open);
        connections.spawn(async move {
            let service = service_fn(|request| {
                let open = Arc::clone(&open);
                async move { Ok::<_, Infallible>(open.answer(request).await) }
            });
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

impl Open {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let question: Question = serde_json::from_slice(&body).unwrap();
        let open = Arc::clone(&self);
        let (number, limit) = (question.number, question.limit);
        let incomes = spawn_blocking(move || open.look(&number, limit)).await.unwrap();
        let records = incomes.len().try_into().unwrap();
        let outcome = Outcome::Found { records, items: question.ticket.items.clone() };
        let holder = "nts".parse().unwrap();
        let line = Exchange { request: question.id, holder, ticket: question.ticket, outcome };
        let (done, written) = oneshot::channel();
        self.log.send((line, done)).await.unwrap();
        written.await.unwrap();
        Response::new(Full::new(serde_json::to_vec(&incomes).unwrap().into()))
    }

    fn look(&self, number: &str, limit: u32) -> Vec<Income> {
        let idle = self.idle.lock().unwrap().pop();
        let connection = idle.unwrap_or_else(|| Connection::open(&self.register).unwrap());
        let incomes = {
            let mut query = connection
                .prepare_cached(
                    "select number, year, amount from incomes where resident_number = ?1 \
                     and (?2 is null or number > ?2) order by number limit ?3",
                )
                .unwrap();
            let read = |row: &rusqlite::Row| Ok(Income { year: row.get(1)?, amount: row.get(2)? });
            let rows = query.query_map((number, None::<i64>, limit + 1), read).unwrap();
            rows.collect::<Result<Vec<_>, _>>().unwrap()
        };
        self.idle.lock().unwrap().push(connection);
        incomes
    }
}

/// Writes what waits, all of it with one flush.
fn write(log: &Connection, mut waiting: mpsc::Receiver<Waiting>) {
    log.pragma_update(None, "journal_mode", "wal").unwrap();
    log.pragma_update(None, "synchronous", "full").unwrap();
    log.execute_batch("create table lines (number integer primary key, line text not null) strict").unwrap();
    let mut head = Head::start(&"nts".parse().unwrap());
    while let Some(first) = waiting.blocking_recv() {
        let mut batch = vec![first];
        while let Ok(next) = waiting.try_recv() {
            batch.push(next);
        }
        log.execute_batch("begin immediate").unwrap();
        for (line, _) in &batch {
            let (entry, next) = head.append(line.clone(), world::now()).unwrap();
            head = next;
            let line = String::from_utf8(entry.canonical().unwrap()).unwrap();
            log.prepare_cached("insert into lines (line) values (?1)").unwrap().execute([line]).unwrap();
        }
        log.execute_batch("commit").unwrap();
        for (_, done) in batch {
            let _ = done.send(());
        }
    }
}

/// The client.
pub struct PlainClient {
    http: Client<HttpConnector, Full<Bytes>>,
    to: String,
}

impl PlainClient {
    pub fn to(address: SocketAddr) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        let http = Client::builder(TokioExecutor::new()).build(tcp);
        Self { http, to: format!("http://{address}/incomes") }
    }
}

/// Asks, with the same ticket.
pub async fn ask(agencies: Arc<Agencies>, client: Arc<PlainClient>, of: u32) {
    let number = number(of);
    let target = person((&number, "김민지"));
    let ticket = world::ticket(&agencies, "nts", (Verb::Pull, &target));
    let id = RequestId::mint(world::now(), &SystemChance);
    let question = Question { id, ticket, number, limit: 20 };
    let body = Full::new(serde_json::to_vec(&question).unwrap().into());
    let request = Request::post(&client.to).header("content-type", "application/json").body(body).unwrap();
    let response = client.http.request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let incomes: Vec<Income> = serde_json::from_slice(&body).unwrap();
    assert_eq!(incomes.len(), 5);
}
