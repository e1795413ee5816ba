//! X-Road as a second way in: its REST message protocol, version 1 (PR-REST 1.0.3), through our own security server.
//!
//! Signing, sealing and logging are the security servers'. Numbers of people go in the body of a POST, never in a URL. Of the
//! answer only what the file maps and the ticket names leaves this module.

mod address;
mod answer;

use std::collections::BTreeMap;

use domain::service::{ItemId, RecordKindId};
use exchange::{
    message::{Ask, Reply},
    origin::Origin,
    refusal::{Refusal, Refused},
    target::Target,
    ticket::Actor,
};
use http::{
    HeaderName, Request,
    header::{ACCEPT, CONTENT_TYPE},
};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Map, Value, json};
use tokio::time::timeout_at;
use zeroize::Zeroizing;

pub use address::{Address, Path};

use crate::{
    ask::{Asking, Tried},
    asked::AskError,
    wire::{self, Wire},
};

const CLIENT: HeaderName = HeaderName::from_static("x-road-client");
const ERROR: HeaderName = HeaderName::from_static("x-road-error");
const ID: HeaderName = HeaderName::from_static("x-road-id");
const ISSUE: HeaderName = HeaderName::from_static("x-road-issue");
const REPRESENTED: HeaderName = HeaderName::from_static("x-road-represented-party");
const REQUEST_HASH: HeaderName = HeaderName::from_static("x-road-request-hash");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-road-request-id");
const SERVICE: HeaderName = HeaderName::from_static("x-road-service");
const USER: HeaderName = HeaderName::from_static("x-road-userid");

/// By what the security servers' signed logs can be searched, for our log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Receipt {
    /// `X-Road-Request-Hash`: SHA-512 of the request, in base64.
    pub request_hash: String,
    /// `X-Road-Request-Id`, if there was one.
    pub request_id: Option<String>,
}

/// An agency behind X-Road.
pub(crate) struct XRoad {
    /// Our own security server.
    pub server: Origin,
    pub wire: Wire,
    /// Who we are in X-Road.
    pub client: Address,
    /// For whom, if not for ourselves: `class/code` or `code`.
    pub represented: Option<Address>,
    /// The two letters before the ids of those who act.
    pub country: String,
    pub services: BTreeMap<RecordKindId, Service>,
}

/// How one kind of record is asked for.
pub(crate) struct Service {
    pub id: Address,
    pub pull: Option<Path>,
    pub verify: Option<Path>,
    /// The fields of the body, and what goes into them.
    pub body: BTreeMap<String, Given>,
    /// Where in the answer the records are (RFC 6901): a list, or one object.
    pub records: String,
    /// Where the key of the next page is.
    pub next: Option<String>,
    /// Where it says whether the person was verified.
    pub verified: String,
    /// Where in a record the items are, and of which type.
    pub items: BTreeMap<ItemId, (String, &'static str)>,
}

/// What a request gives to a service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Given {
    Number,
    Name,
    Year,
    From,
    To,
    Limit,
    After,
    /// The names of the items.
    Items,
    /// The whole ticket: who asks, for whom, why, on which ground.
    Ticket,
}

impl XRoad {
    /// Asks once.
    pub async fn once(&self, asking: &Asking<'_>) -> Tried {
        let called = match self.call(asking) {
            Ok(called) => called,
            Err(refused) => return Tried::unsent(AskError::Unsendable(refused)),
        };
        let answered = timeout_at(asking.deadline, self.answer(called, asking)).await;
        let (reply, receipt) = match answered.unwrap_or(Err(AskError::TimedOut)) {
            Ok((reply, receipt)) => (Ok(reply), Some(receipt)),
            Err(error) => (Err(error), None),
        };
        Tried { reply, sent: true, evidence: None, proof: None, receipt }
    }

    fn call(&self, asking: &Asking<'_>) -> Result<(Request<Full<Bytes>>, &Service), Refused> {
        let (ticket, ask) = (asking.request.ticket(), asking.request.ask());
        let service = self.services.get(&ticket.kind).ok_or(Refusal::KindNotGranted)?;
        let path = match ask {
            Ask::Pull { .. } => service.pull.as_ref(),
            Ask::Verify {} => service.verify.as_ref(),
            Ask::Withdraw { .. } | Ask::Submit { .. } | Ask::Status { .. } => None,
        };
        let path = path.ok_or(Refusal::VerbNotGranted.because("this service is not asked for the verb"))?;
        let mut http = Request::post(format!("{}/r1/{}/{path}", self.server, service.id))
            .header(CLIENT, self.client.to_string())
            .header(ID, asking.request.id().to_string())
            .header(ISSUE, ticket.case.to_string())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(ACCEPT, "application/json");
        if let Actor::Citizen(person) | Actor::Officer(person) = ticket.actor {
            http = http.header(USER, format!("{}{person}", self.country));
        }
        if let Some(represented) = &self.represented {
            http = http.header(REPRESENTED, represented.to_string());
        }
        let body = service.body(asking)?;
        let http = http.body(Full::new(Bytes::from_owner(body)));
        Ok((http.map_err(|_| Refusal::Malformed.because("not the form of a request"))?, service))
    }

    async fn answer(
        &self,
        (call, service): (Request<Full<Bytes>>, &Service),
        asking: &Asking<'_>,
    ) -> Result<(Reply, Receipt), AskError> {
        let response = self.wire.send(call).await?;
        answer::check_origin(response.headers(), response.status())?;
        let response = wire::read(response, exchange::limits::REPLY_BYTES).await?;
        let receipt = answer::check_heads(&response, (&self.client, service), asking)?;
        let reply = answer::read(&response, service, asking).map_err(AskError::Untrusted)?;
        reply.check(asking.request).map_err(AskError::Untrusted)?;
        Ok((reply, receipt))
    }
}

impl Service {
    fn body(&self, asking: &Asking<'_>) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let fields = self.body.iter().filter_map(|(name, given)| Some((name.clone(), given.value(asking)?)));
        let body = Value::Object(fields.collect::<Map<_, _>>());
        let bytes = serde_json::to_vec(&body).map(Zeroizing::new);
        bytes.map_err(|_| Refusal::Malformed.because("cannot be written as JSON"))
    }
}

impl Given {
    /// The words of the file.
    pub const ALL: [(&'static str, Self); 9] = [
        ("number", Self::Number),
        ("name", Self::Name),
        ("year", Self::Year),
        ("from", Self::From),
        ("to", Self::To),
        ("limit", Self::Limit),
        ("after", Self::After),
        ("items", Self::Items),
        ("ticket", Self::Ticket),
    ];

    /// The value; none, when the request does not give it: the field is left out then.
    fn value(self, asking: &Asking<'_>) -> Option<Value> {
        let (ticket, target) = (asking.request.ticket(), asking.request.target());
        let (parameters, page) = match asking.request.ask() {
            Ask::Pull { parameters, page } => (Some(parameters), Some(page)),
            _ => (None, None),
        };
        let period = parameters.and_then(|parameters| parameters.period);
        match (self, target) {
            (Self::Number, Target::Person { number, .. }) => Some(json!(number.expose())),
            (Self::Number, Target::Thing(thing)) => Some(json!(thing.number())),
            (Self::Name, Target::Person { name, .. }) => Some(json!(name.as_str())),
            (Self::Name, Target::Thing(_)) => None,
            (Self::Year, _) => parameters?.year.map(|year| json!(year)),
            (Self::From, _) => period.map(|period| json!(period.from)),
            (Self::To, _) => period.map(|period| json!(period.to)),
            (Self::Limit, _) => page.map(|page| json!(page.limit)),
            (Self::After, _) => page?.after.as_ref().map(|after| json!(after.as_str())),
            (Self::Items, _) => Some(json!(ticket.items)),
            (Self::Ticket, _) => Some(json!(ticket)),
        }
    }
}
