use chrono::{DateTime, Utc};
use domain::service::AgencyId;
use http::header::CONTENT_TYPE;

use super::{Opened, Rejected};
use crate::{
    digest::Digest,
    headers,
    ids::RequestId,
    keys::{KeyRing, SigningKey},
    limits,
    message::Request,
    moment::Moment,
    origin::Origin,
    refusal::{Refusal, Refused, open_body},
    seal::{self, Context, SealingKeys},
    sign::{
        Evidence, Input, Nonce, REPLY_TAG, REQUEST_TAG, Replays, ReplyHead, RequestHead, Signed, Window,
        signature_header, signature_of,
    },
    verb::Verb,
};

/// Who answers.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Its id.
    pub agency: AgencyId,
    /// Where it is reached. Signatures are checked against this, not against what a request says of itself.
    pub origin: Origin,
    /// The key it signs replies with.
    pub key: SigningKey,
    /// The keys that requests may be sealed to.
    pub sealing: SealingKeys,
    /// The keys of those who may ask.
    pub clients: KeyRing,
    /// How old a request may be.
    pub window: Window,
}

/// A request that was sent by whom it says, to us, just now, for the first time. It is still sealed.
#[derive(Debug)]
pub struct Verified<'a> {
    receiver: &'a Receiver,
    pub(super) head: RequestHead,
    verb: Verb,
    signature: String,
    evidence: Evidence,
    nonce: Nonce,
    /// When it was signed, and until when it would be accepted.
    time: (Moment, Moment),
    body: &'a [u8],
}

impl Receiver {
    /// Checks everything that can be checked from the outside, the cheap things first.
    ///
    /// # Errors
    /// `too_large`, `unsupported_version`, `malformed`, `unsigned`, `wrong_receiver`, `expired`, `not_yet_valid`,
    /// `unknown_key`, `bad_digest`, `bad_signature`, `replayed`, or what `replays` says. Answer with [`Rejected::answer`].
    pub fn verify<'a, B: AsRef<[u8]>>(
        &'a self,
        request: &'a http::Request<B>,
        replays: &mut dyn Replays,
        now: DateTime<Utc>,
    ) -> Result<Verified<'a>, Rejected<'a>> {
        let body = request.body().as_ref();
        if body.len() > limits::REQUEST_BYTES {
            return Err(Refusal::TooLarge.because("the request is too large").into());
        }
        let verb = verb_of(request)?;
        let unsigned = Refusal::Unsigned.because("a signature header is missing");
        let input = headers::one(request.headers(), headers::SIGNATURE_INPUT, unsigned)?;
        let input = Input::read(input, &RequestHead::covers(), REQUEST_TAG)?;
        let signature = headers::one(request.headers(), headers::SIGNATURE, unsigned)?;
        let (signature, field) = signature_of(signature)?;
        let head = self.head_of(request, verb)?;
        let nonce = input.nonce.ok_or(Refusal::Malformed.because("a request has a nonce"))?;
        input.check_time(&self.window, now)?;
        self.clients.check(&head.from, &input.key, now)?;
        if Digest::from_header(&head.content_digest)? != Digest::of(body) {
            return Err(Refusal::BadDigest.into());
        }
        let base = head.base(&input.params);
        self.clients.verify(&head.from, &input.key, base.as_bytes(), &signature, now)?;
        let until = input.expires.plus(self.window.skew);
        let created = input.created;
        if let Err(refused) = replays.admit(Signed { sender: &head.from, nonce, created, until }, now) {
            return Err(Rejected::known(refused, self, (head, field)));
        }
        let evidence = Evidence::new(base, input.key, &signature);
        let (signature, time) = (field.to_owned(), (created, until));
        Ok(Verified { receiver: self, head, verb, signature, evidence, nonce, time, body })
    }

    fn head_of<B>(&self, request: &http::Request<B>, verb: Verb) -> Result<RequestHead, Refused> {
        let map = request.headers();
        let malformed = Refusal::Malformed.because("a header is missing");
        let to: AgencyId = headers::parsed(map, headers::TO)?;
        if to != self.agency {
            return Err(Refusal::WrongReceiver.into());
        }
        let content_type = headers::one(map, CONTENT_TYPE.as_str(), malformed)?;
        if content_type != headers::SEALED {
            return Err(Refusal::Malformed.because("a body of another type"));
        }
        let ticket = headers::one(map, headers::TICKET, Refusal::NoTicket.into())?;
        Digest::from_header(ticket)?;
        Ok(RequestHead {
            authority: self.origin.authority().to_owned(),
            path: verb.path(),
            content_type: content_type.to_owned(),
            content_digest: headers::one(map, headers::CONTENT_DIGEST, malformed)?.to_owned(),
            from: headers::parsed(map, headers::FROM)?,
            to,
            id: headers::parsed(map, headers::ID)?,
            ticket: ticket.to_owned(),
        })
    }

    /// Signs a sealed reply to the request with this head and signature. `outcome` is the digest of the exchange.
    pub(super) fn sign_sealed(
        &self,
        request: (&RequestHead, &str),
        body: Vec<u8>,
        outcome: Digest,
        now: DateTime<Utc>,
    ) -> Result<http::Response<Vec<u8>>, Refused> {
        let outcome = outcome.header();
        let parts = (http::StatusCode::OK, headers::SEALED, Some(outcome.as_str()));
        let mut response = self.sign_reply(request, parts, body, now)?;
        let malformed = |_| Refusal::Malformed.because("not the form of a reply");
        response.headers_mut().insert(headers::OUTCOME, outcome.parse().map_err(malformed)?);
        Ok(response)
    }

    /// Signs a refusal that is not sealed.
    pub(super) fn sign_refusal(
        &self,
        request: (&RequestHead, &str),
        code: Refusal,
        now: DateTime<Utc>,
    ) -> Result<http::Response<Vec<u8>>, Refused> {
        self.sign_reply(request, (code.status(), headers::OPEN_REFUSAL, None), open_body(code), now)
    }

    fn sign_reply(
        &self,
        (head, signature): (&RequestHead, &str),
        (status, content_type, outcome): (http::StatusCode, &'static str, Option<&str>),
        body: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<http::Response<Vec<u8>>, Refused> {
        if body.len() > limits::REPLY_BYTES {
            return Err(Refusal::TooLarge.because("the reply is too large to be sent: make the page smaller"));
        }
        let content_digest = Digest::of(&body).header();
        let created = Moment::from(now);
        let time = (created, created.plus(self.window.max_age));
        let input = Input::new(&ReplyHead::covers(content_type), REPLY_TAG, time, self.key.id(), None);
        let reply = ReplyHead {
            status: status.as_u16(),
            content_type,
            content_digest: &content_digest,
            outcome,
            request: head,
            request_signature: signature,
        };
        let signature = self.key.sign(reply.base(&input.params).as_bytes());
        http::Response::builder()
            .status(status)
            .header(CONTENT_TYPE, content_type)
            .header(headers::CONTENT_DIGEST, content_digest)
            .header(headers::SIGNATURE_INPUT, input.header())
            .header(headers::SIGNATURE, signature_header(&signature))
            .body(body)
            .map_err(|_| Refusal::Malformed.because("not the form of a reply"))
    }
}

fn verb_of<B>(request: &http::Request<B>) -> Result<Verb, Refused> {
    if request.method() != http::Method::POST || request.uri().query().is_some() {
        return Err(Refusal::Malformed.because("neither POST, nor without a query"));
    }
    let path = request.uri().path();
    Verb::from_path(path).ok_or(if path.starts_with("/exchange/v") && !path.starts_with("/exchange/v1/") {
        Refusal::UnsupportedVersion.into()
    } else {
        Refusal::Malformed.because("no such verb")
    })
}

impl<'a> Verified<'a> {
    /// Who sent it.
    pub const fn sender(&self) -> &AgencyId {
        &self.head.from
    }

    /// Its id.
    pub const fn id(&self) -> RequestId {
        self.head.id
    }

    /// What is asked.
    pub const fn verb(&self) -> Verb {
        self.verb
    }

    /// What tells this signed message from all others.
    pub const fn signed(&self) -> Signed<'_> {
        Signed { sender: &self.head.from, nonce: self.nonce, created: self.time.0, until: self.time.1 }
    }

    /// Opens the seal and reads what is inside.
    ///
    /// # Errors
    /// `unknown_key`, `bad_seal`, `unsupported_version`, `malformed`, `too_large`, `no_ticket`, `ticket_mismatch`. Answer
    /// with [`Verified::refuse`].
    pub fn open(&self, now: DateTime<Utc>) -> Result<Opened<'a>, Refused> {
        let head = &self.head;
        let context = Context { verb: self.verb, from: &head.from, to: &head.to, request: head.id };
        let (json, reply_key) = seal::open_request(&self.receiver.sealing, &context, self.body, now)?;
        let request = Request::parse(&json)?;
        if request.id() != head.id {
            return Err(Refusal::Malformed.because("the id inside is not the one outside"));
        }
        let ticket = request.ticket();
        if ticket.digest()?.header() != head.ticket {
            return Err(Refusal::TicketMismatch.because("the ticket inside is not the one that was signed"));
        }
        if ticket.client != head.from {
            return Err(Refusal::TicketMismatch.because("the ticket is another client's"));
        }
        if ticket.verb != self.verb {
            return Err(Refusal::TicketMismatch.because("the ticket is for another verb"));
        }
        Ok(Opened {
            receiver: self.receiver,
            head: head.clone(),
            signature: self.signature.clone(),
            evidence: self.evidence.clone(),
            noted: self.signed().into(),
            request,
            reply_key,
        })
    }

    /// A refusal that is signed, but not sealed: for a request that could not be opened.
    ///
    /// # Errors
    /// Never, for a code.
    pub fn refuse(&self, code: Refusal, now: DateTime<Utc>) -> Result<http::Response<Vec<u8>>, Refused> {
        self.receiver.sign_refusal((&self.head, &self.signature), code, now)
    }
}
