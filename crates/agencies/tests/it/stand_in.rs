//! An agency that can be made to do everything wrong, over real connections.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use chrono::TimeDelta;
use exchange::{
    holder::Receiver,
    keys::KeyRing,
    message::Reply,
    seal::SealingKeys,
    sign::{NonceWindow, Window},
};
use gateway::system::SystemChance;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::world::{World, now};

/// What it does to the next request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mood {
    /// Finds nothing, as it should be said.
    Honest,
    /// The same, later.
    Slow(Duration),
    /// The same, later for one request alone.
    SlowOnce,
    /// Never answers.
    Hangs,
    /// Closes the connection at once.
    Slams,
    /// Bytes that are no reply.
    Garbage,
    /// The reply that it gave to the request before.
    RepliesToAnother,
    /// Signed an hour ago.
    Expired,
    /// A body without an end, with a signature.
    Floods,
    /// A body without an end, without one.
    FloodsUnsigned,
    /// Breaks off in the middle.
    Resets,
    /// 503.
    Unavailable,
    /// A refusal that nobody signed.
    RefusesUnsigned,
}

/// Among the further lines: it speaks HTTP/1.1 alone.
pub const HTTP1: &str = "# HTTP/1.1";

struct State {
    receiver: Receiver,
    mood: Mutex<Mood>,
    before: Mutex<Option<Response<Vec<u8>>>>,
    came: Mutex<Vec<String>>,
    connections: AtomicUsize,
    http1: bool,
}

/// It runs until it is dropped.
pub struct StandIn {
    state: Arc<State>,
    address: SocketAddr,
    serving: JoinSet<()>,
}

impl StandIn {
    /// Starts it, and names it in the file with these further lines.
    pub async fn start(world: &mut World, (agency, more): (&str, &str), mood: Mood) -> Self {
        world.keys(agency);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origin = format!("http://{address}");
        world.name(agency, &format!("origin = \"{origin}\"\n{more}"));
        let mut clients = KeyRing::default();
        clients.add(world.key("madang-sign.public").verifying_key().unwrap()).unwrap();
        let receiver = Receiver {
            agency: agency.parse().unwrap(),
            origin: origin.parse().unwrap(),
            key: world.key(&format!("{agency}-sign")).signing_key().unwrap(),
            sealing: SealingKeys::new(vec![world.key(&format!("{agency}-seal")).sealing_key().unwrap()]),
            clients,
            window: Window::default(),
        };
        let (mood, before, came) = (Mutex::new(mood), Mutex::default(), Mutex::default());
        let (connections, http1) = (AtomicUsize::new(0), more.contains(HTTP1));
        let state = Arc::new(State { receiver, mood, before, came, connections, http1 });
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener, Arc::clone(&state)));
        Self { state, address, serving }
    }

    /// Closes the port and every connection.
    pub async fn down(&mut self) {
        self.serving.shutdown().await;
    }

    /// Listens again, where it did.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serving.spawn(accept(listener, Arc::clone(&self.state)));
    }

    pub fn turn(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// The ids of the requests that came, each as often as it came.
    pub fn received(&self) -> Vec<String> {
        self.state.came.lock().unwrap().clone()
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, Arc::clone(&state)));
    }
}

async fn connection(mut stream: TcpStream, state: Arc<State>) {
    state.connections.fetch_add(1, Ordering::Relaxed);
    let http1 = state.http1;
    if *state.mood.lock().unwrap() == Mood::Slams {
        let mut some = [0; 10];
        drop(stream.read(&mut some).await);
        return;
    }
    let service = hyper::service::service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(state.answer(request).await) }
    });
    let builder = Builder::new(TokioExecutor::new());
    let builder = if http1 { builder.http1_only() } else { builder };
    drop(builder.serve_connection(TokioIo::new(stream), service).await);
}

impl State {
    async fn answer(&self, request: Request<Incoming>) -> Response<Sent> {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, body.collect().await.unwrap().to_bytes().to_vec());
        let id = request.headers().get("exchange-id").unwrap().to_str().unwrap().to_owned();
        self.came.lock().unwrap().push(id);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Honest | Mood::Slams | Mood::Expired => whole(self.reply(&request, mood)),
            Mood::Slow(time) => {
                tokio::time::sleep(time).await;
                whole(self.reply(&request, mood))
            }
            Mood::SlowOnce => {
                *self.mood.lock().unwrap() = Mood::Honest;
                std::future::pending().await
            }
            Mood::Hangs => std::future::pending().await,
            Mood::Garbage => garbage(&request, self.reply(&request, mood)),
            Mood::RepliesToAnother => {
                let honest = self.reply(&request, mood);
                whole(self.before.lock().unwrap().replace(honest.clone()).unwrap_or(honest))
            }
            Mood::Floods => self.reply(&request, mood).map(|_| Sent::Endless),
            Mood::FloodsUnsigned => Response::new(Sent::Endless),
            Mood::Resets => {
                self.reply(&request, mood).map(|body| Sent::BreaksOff(body[..40].to_vec().into()))
            }
            Mood::Unavailable => {
                let mut response = Response::new(Sent::Whole(None));
                *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
                response
            }
            Mood::RefusesUnsigned => {
                whole(exchange::holder::open_refusal(exchange::refusal::Refusal::UnknownKey))
            }
        }
    }

    fn reply(&self, request: &Request<Vec<u8>>, mood: Mood) -> Response<Vec<u8>> {
        let mut memory = NonceWindow::new(now() - TimeDelta::hours(1), 100);
        let verified = self.receiver.verify(request, &mut memory, now()).unwrap();
        let opened = verified.open(now()).unwrap();
        let at = if mood == Mood::Expired { now() - TimeDelta::hours(1) } else { now() };
        opened.reply(&Reply::NotFound {}, at, &SystemChance).unwrap()
    }
}

fn whole(response: Response<Vec<u8>>) -> Response<Sent> {
    response.map(|body| Sent::Whole(Some(body.into())))
}

/// The head of a reply with another body.
fn garbage(request: &Request<Vec<u8>>, response: Response<Vec<u8>>) -> Response<Sent> {
    response.map(|_| Sent::Whole(Some(request.body().clone().into())))
}

/// A body as such an agency sends it.
pub enum Sent {
    Whole(Option<Bytes>),
    Endless,
    BreaksOff(Bytes),
    Broken,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        const LOAD: &[u8] = &[b'x'; 16 * 1024];
        let next = match &mut *self {
            Self::Whole(body) => body.take().map(|body| Ok(Frame::data(body))),
            Self::Endless => Some(Ok(Frame::data(Bytes::from_static(LOAD)))),
            Self::BreaksOff(body) => {
                let body = std::mem::take(body);
                *self = Self::Broken;
                Some(Ok(Frame::data(body)))
            }
            Self::Broken => Some(Err("broken off")),
        };
        Poll::Ready(next)
    }
}
