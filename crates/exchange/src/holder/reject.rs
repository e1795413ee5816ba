use chrono::{DateTime, Utc};
use domain::service::AgencyId;
use http::header::CONTENT_TYPE;

use super::Receiver;
use crate::{
    headers,
    refusal::{Refusal, Refused, open_body},
    sign::RequestHead,
    verb::Verb,
};

/// A request that did not pass. When its signature was good, so that it is known who sent it, the refusal is signed.
#[derive(Debug)]
pub struct Rejected<'a> {
    /// Why.
    pub refused: Refused,
    known: Option<Box<Known<'a>>>,
}

/// What a signed refusal is bound to.
#[derive(Debug)]
struct Known<'a> {
    receiver: &'a Receiver,
    head: RequestHead,
    signature: String,
}

impl<'a> Rejected<'a> {
    pub(super) fn known(
        refused: Refused,
        receiver: &'a Receiver,
        (head, signature): (RequestHead, &str),
    ) -> Self {
        let known = Known { receiver, head, signature: signature.to_owned() };
        Self { refused, known: Some(Box::new(known)) }
    }

    /// Who sent it, if that is known.
    pub fn sender(&self) -> Option<&AgencyId> {
        self.known.as_ref().map(|known| &known.head.from)
    }

    /// What was asked, if it is known who sent it.
    pub fn verb(&self) -> Option<Verb> {
        self.known.as_ref().and_then(|known| Verb::from_path(&known.head.path))
    }

    /// The answer: signed where the sender is known, and otherwise a hint.
    pub fn answer(&self, now: DateTime<Utc>) -> http::Response<Vec<u8>> {
        let signed = self.known.as_ref().map(|known| {
            known.receiver.sign_refusal((&known.head, &known.signature), self.refused.code, now)
        });
        signed.and_then(Result::ok).unwrap_or_else(|| open_refusal(self.refused.code))
    }
}

impl From<Refused> for Rejected<'_> {
    fn from(refused: Refused) -> Self {
        Self { refused, known: None }
    }
}

impl From<Refusal> for Rejected<'_> {
    fn from(code: Refusal) -> Self {
        Refused::from(code).into()
    }
}

impl From<Rejected<'_>> for Refused {
    fn from(rejected: Rejected<'_>) -> Self {
        rejected.refused
    }
}

/// A refusal that is neither signed nor sealed: for a request whose sender is not known.
pub fn open_refusal(code: Refusal) -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(open_body(code));
    *response.status_mut() = code.status();
    let content_type = http::HeaderValue::from_static(headers::OPEN_REFUSAL);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
