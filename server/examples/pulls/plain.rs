//! The same question without the protocol: JSON over HTTP/1.1, the same query, a log line that is on the disk before the
//! reply leaves, with one flush for all that wait; and on the asking side the same row in PostgreSQL, before and after.

use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use exchange::{ids::RequestId, log::Outcome, verb::Verb};
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
use server::state::Portal;
use store::exchange::{Asking, Begun, Ending, begin, end};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::{JoinSet, spawn_blocking},
};

use crate::{
    setting::{RECORDS, citizen, number},
    world::{person, ticket},
};

#[derive(Serialize, Deserialize)]
struct Question {
    ticket: serde_json::Value,
    number: String,
    limit: u32,
}

#[derive(Serialize, Deserialize)]
struct Income {
    year: i64,
    amount: Option<i64>,
}

#[derive(Serialize)]
struct Line<'a> {
    ticket: &'a serde_json::Value,
    records: usize,
}

/// A line on its way to the disk.
type Waiting = (String, oneshot::Sender<()>);

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
        let line = Line { ticket: &question.ticket, records: incomes.len() };
        let (done, written) = oneshot::channel();
        self.log.send((serde_json::to_string(&line).unwrap(), done)).await.unwrap();
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
    while let Some(first) = waiting.blocking_recv() {
        let mut batch = vec![first];
        while let Ok(next) = waiting.try_recv() {
            batch.push(next);
        }
        log.execute_batch("begin immediate").unwrap();
        for (line, _) in &batch {
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

    async fn ask(&self, question: &Question) -> Vec<Income> {
        let body = Full::new(serde_json::to_vec(question).unwrap().into());
        let request = Request::post(&self.to).header("content-type", "application/json").body(body).unwrap();
        let response = self.http.request(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&body).unwrap()
    }
}

/// Asks, with the same ticket, written down as the portal does.
pub async fn ask(portal: Portal, client: Arc<PlainClient>, of: u32) {
    let number = number(of);
    let target = person((&number, "김민지"));
    let ticket = ticket(portal.agencies.as_ref().unwrap(), "nts", (Verb::Pull, &target));
    let key = (citizen(&ticket).0, RequestId::mint(portal.now(), &*portal.chance).uuid());
    let text = String::from_utf8(ticket.canonical().unwrap()).unwrap();
    let asking = Asking { subject_id: key.0, request_id: key.1, holder: "nts", ticket: &text };
    let mut db = portal.pool.acquire().await.unwrap();
    assert_eq!(begin(&mut db, asking, portal.now()).await.unwrap(), Begun::Open);
    drop(db);
    let question = Question { ticket: serde_json::to_value(&ticket).unwrap(), number, limit: 20 };
    let incomes = client.ask(&question).await;
    assert_eq!(incomes.len(), RECORDS);
    let outcome = Outcome::Found { records: 5, items: ticket.items };
    let outcome = serde_json::to_string(&outcome).unwrap();
    let ending = Ending { outcome: &outcome, evidence: None, reply_evidence: None };
    let mut db = portal.pool.acquire().await.unwrap();
    assert!(end(&mut db, key, ending).await.unwrap());
}
