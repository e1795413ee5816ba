//! The asking side: seal, sign, and check the reply.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::Chance, service::AgencyId};
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    headers,
    keys::{KeyRing, SigningKey},
    limits,
    log::{Exchange, Outcome},
    message::{Reply, Request},
    moment::Moment,
    origin::Origin,
    refusal::{Refusal, Refused},
    seal::{self, Context, ReplyKey, SealingPublic},
    sign::{
        Evidence, Input, Nonce, REPLY_TAG, REQUEST_TAG, ReplyHead, RequestHead, Window, signature_header,
        signature_of,
    },
};

/// Who asks.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Its id; the client of every ticket it sends.
    pub client: AgencyId,
    /// The key it signs with.
    pub key: SigningKey,
    /// How long its requests live (`max_age`, whole seconds), and how replies are judged.
    pub window: Window,
}

/// Who is asked.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The holder.
    pub agency: AgencyId,
    /// Where its gateway is.
    pub origin: Origin,
    /// The key that requests to it are sealed to.
    pub sealing: SealingPublic,
}

/// A request on its way, ready for any HTTP client, and what opens its reply.
pub struct Sent {
    /// The request.
    pub http: http::Request<Vec<u8>>,
    /// Opens the reply to it, and no other.
    pub pending: Pending,
}

/// A reply that was believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answered {
    /// What was answered.
    pub reply: Reply,
    /// What to log, when it is the end of the request: the holder logs the same.
    pub exchange: Exchange,
    /// What proves, beside the evidence of the request, that the holder answered so; for the log.
    pub evidence: Evidence,
}

/// A reply whose signature is good, and that was not opened yet.
struct Checked<'a> {
    content_type: &'a str,
    outcome: Option<&'a str>,
    evidence: Evidence,
}

/// Waits for the reply to one signed request.
pub struct Pending {
    head: RequestHead,
    signature: String,
    evidence: Evidence,
    request: Request,
    reply_key: ReplyKey,
    window: Window,
}

impl Sender {
    /// Seals and signs `request`. To try again, call it again with the same request: it is signed anew, under the same
    /// id, and counts once.
    ///
    /// # Errors
    /// `ticket_mismatch`, when the ticket is another client's; `unknown_key`, when the key to seal to is not the holder's or
    /// not in force; `too_large`.
    pub fn send(
        &self,
        request: &Request,
        to: &Peer,
        now: DateTime<Utc>,
        chance: &dyn Chance,
    ) -> Result<Sent, Refused> {
        let ticket = request.ticket();
        if ticket.client != self.client {
            return Err(Refusal::TicketMismatch.because("the ticket is another client's"));
        }
        let verb = ticket.verb;
        let context = Context { verb, from: &self.client, to: &to.agency, request: request.id() };
        to.sealing.check(&to.agency, now.into())?;
        let json = request.to_json()?;
        let (body, reply_key) = seal::seal_request(&to.sealing, &context, &json, chance)?;
        if body.len() > limits::REQUEST_BYTES {
            return Err(Refusal::TooLarge.because("the request is too large to be sent"));
        }
        let head = RequestHead {
            authority: to.origin.authority().to_owned(),
            path: verb.path(),
            content_type: headers::SEALED.to_owned(),
            content_digest: Digest::of(&body).header(),
            from: self.client.clone(),
            to: to.agency.clone(),
            id: request.id(),
            ticket: ticket.digest()?.header(),
        };
        let (input, signature, evidence) = self.sign(&head, now, chance);
        let http = http::Request::post(format!("{}{}", to.origin, head.path))
            .header(CONTENT_TYPE, &head.content_type)
            .header(headers::CONTENT_DIGEST, &head.content_digest)
            .header(headers::FROM, head.from.as_str())
            .header(headers::TO, head.to.as_str())
            .header(headers::ID, head.id.to_string())
            .header(headers::TICKET, &head.ticket)
            .header(headers::SIGNATURE_INPUT, input.header())
            .header(headers::SIGNATURE, &signature)
            .body(body)
            .map_err(|_| Refusal::Malformed.because("not the form of a request"))?;
        let signature = signature_of(&signature)?.1.to_owned();
        let (request, window) = (request.clone(), self.window);
        Ok(Sent { http, pending: Pending { head, signature, evidence, request, reply_key, window } })
    }

    fn sign(&self, head: &RequestHead, now: DateTime<Utc>, chance: &dyn Chance) -> (Input, String, Evidence) {
        let mut nonce = Nonce([0; 16]);
        chance.fill(&mut nonce.0);
        let created = Moment::from(now);
        // A life shorter than a second would be none.
        let life = self.window.max_age.max(TimeDelta::seconds(1));
        let time = (created, created.plus(life));
        let input = Input::new(&RequestHead::covers(), REQUEST_TAG, time, self.key.id(), Some(nonce));
        let base = head.base(&input.params);
        let signature = self.key.sign(base.as_bytes());
        let evidence = Evidence::new(base, self.key.id().clone(), &signature);
        (input, signature_header(&signature), evidence)
    }
}

impl Pending {
    /// The request that was sent.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// What proves that it was sent, for the log.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What is logged when this became of it.
    pub fn exchange(&self, outcome: Outcome) -> Exchange {
        let ticket = self.request.ticket().clone();
        Exchange { request: self.request.id(), holder: self.head.to.clone(), ticket, outcome }
    }

    /// Checks and opens the reply. A signed refusal is a reply as well.
    ///
    /// # Errors
    /// As [`Pending::answered`].
    pub fn open<B: AsRef<[u8]>>(
        &self,
        response: &http::Response<B>,
        keys: &KeyRing,
        now: DateTime<Utc>,
    ) -> Result<Reply, Refused> {
        self.answered(response, keys, now).map(|answered| answered.reply)
    }

    /// Checks and opens the reply, with what to log of it and what proves it. Whether it is the end of the request says
    /// [`Reply::is_final`].
    ///
    /// # Errors
    /// With the code that says what is wrong with the reply. It is then no answer at all: nothing in it is to be used.
    pub fn answered<B: AsRef<[u8]>>(
        &self,
        response: &http::Response<B>,
        keys: &KeyRing,
        now: DateTime<Utc>,
    ) -> Result<Answered, Refused> {
        let body = response.body().as_ref();
        let Checked { content_type, outcome, evidence } = self.verify(response, body, keys, now)?;
        if content_type == headers::SEALED {
            if response.status() != http::StatusCode::OK {
                return Err(Refusal::Malformed.because("a sealed reply has the status 200"));
            }
            let reply = Reply::parse(&self.reply_key.open(body)?, &self.request)?;
            let exchange = self.exchange(Outcome::from(&reply));
            if outcome != Some(exchange.digest()?.header().as_str()) {
                return Err(Refusal::Malformed.because("a reply with another outcome than was signed"));
            }
            return Ok(Answered { reply, exchange, evidence });
        }
        let code = open_refusal(body)?;
        if response.status() != code.status() {
            return Err(Refusal::Malformed.because("a refusal with another code's status"));
        }
        let (reply, exchange) = (Reply::refused(code), self.exchange(Outcome::Refused { code }));
        Ok(Answered { reply, exchange, evidence })
    }

    fn verify<'a, B>(
        &self,
        response: &'a http::Response<B>,
        body: &[u8],
        keys: &KeyRing,
        now: DateTime<Utc>,
    ) -> Result<Checked<'a>, Refused> {
        if body.len() > limits::REPLY_BYTES {
            return Err(Refusal::TooLarge.because("the reply is too large"));
        }
        let unsigned = Refusal::Unsigned.because("the reply is not signed");
        let input = headers::one(response.headers(), headers::SIGNATURE_INPUT, unsigned)?;
        let signature = signature_of(headers::one(response.headers(), headers::SIGNATURE, unsigned)?)?.0;
        let malformed = Refusal::Malformed.because("a header is missing");
        let content_type = headers::one(response.headers(), CONTENT_TYPE.as_str(), malformed)?;
        let outcome = match content_type {
            headers::SEALED => Some(headers::one(response.headers(), headers::OUTCOME, malformed)?),
            headers::OPEN_REFUSAL => None,
            _ => return Err(Refusal::Malformed.because("a body of another type")),
        };
        let input = Input::read(input, &ReplyHead::covers(content_type), REPLY_TAG)?;
        if input.nonce.is_some() {
            return Err(Refusal::Malformed.because("a reply has no nonce"));
        }
        let content_digest = headers::one(response.headers(), headers::CONTENT_DIGEST, malformed)?;
        input.check_time(&self.window, now)?;
        if Digest::from_header(content_digest)? != Digest::of(body) {
            return Err(Refusal::BadDigest.into());
        }
        let head = ReplyHead {
            status: response.status().as_u16(),
            content_type,
            content_digest,
            outcome,
            request: &self.head,
            request_signature: &self.signature,
        };
        let base = head.base(&input.params);
        keys.verify(&self.head.to, &input.key, base.as_bytes(), &signature, now)?;
        let evidence = Evidence::new(base, input.key, &signature);
        Ok(Checked { content_type, outcome, evidence })
    }
}

/// Reads the body of a refusal that is not sealed. When it is not signed either it is a hint for our log, and never an
/// answer: anybody on the way could have written it.
///
/// # Errors
/// `malformed` or `too_large`.
pub fn open_refusal(body: &[u8]) -> Result<Refusal, Refused> {
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        refused: Refusal,
    }
    crate::json::read_canonical::<Body>(body, 100).map(|body| body.refused)
}
