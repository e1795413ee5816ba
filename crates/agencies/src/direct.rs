//! The exchange over HTTP: seal, sign, send, and believe nothing but what is signed.

use exchange::{
    client::{Answered, Peer, Pending, open_refusal},
    headers, limits,
    origin::Origin,
    refusal::Refusal,
};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::timeout_at;

use crate::{
    ask::{Asking, Tried},
    asked::AskError,
    partner::SealTo,
    wire::{self, Wire, WireError},
};

/// What is read of a reply that is not signed: enough for a code.
const HINT_BYTES: usize = 1024;

/// An agency with a gateway.
pub(crate) struct Direct {
    pub origin: Origin,
    /// What requests to it are sealed to.
    pub seal: Vec<SealTo>,
    pub wire: Wire,
}

impl Direct {
    /// Sends one copy and waits for its reply. Where the agency turns out to speak HTTP/1.1 alone, that takes a second.
    pub async fn once(&self, asking: &Asking<'_>) -> Tried {
        let tried = self.copy(asking).await;
        if tried.reply == Err(AskError::Unreachable(OTHER_VERSION)) { self.copy(asking).await } else { tried }
    }

    async fn copy(&self, asking: &Asking<'_>) -> Tried {
        let now = asking.clock.now();
        let Some(sealing) = SealTo::newest(&self.seal, now) else {
            let error = Refusal::UnknownKey.because("no key that requests could be sealed to is in force");
            return Tried::unsent(AskError::Unsendable(error));
        };
        let (agency, origin) = (asking.partner.agency.clone(), self.origin.clone());
        let peer = Peer { agency, origin, sealing: sealing.clone() };
        let sent = match asking.sender.send(asking.request, &peer, now, asking.chance) {
            Ok(sent) => sent,
            Err(refused) => return Tried::unsent(AskError::Unsendable(refused)),
        };
        let evidence = Some(sent.pending.evidence().clone());
        let replied = timeout_at(asking.deadline, self.reply(sent.http, &sent.pending, asking)).await;
        let answered = replied.unwrap_or(Err(AskError::TimedOut));
        let (reply, proof) = match answered {
            Ok(answered) => (Ok(answered.reply), Some(answered.evidence)),
            Err(error) => (Err(error), None),
        };
        Tried { reply, sent: true, evidence, proof, receipt: None }
    }

    async fn reply(
        &self,
        http: Request<Vec<u8>>,
        pending: &Pending,
        asking: &Asking<'_>,
    ) -> Result<Answered, AskError> {
        let response = self.wire.send(http.map(|body| Full::new(body.into()))).await?;
        if !response.headers().contains_key(headers::SIGNATURE) {
            return Err(unsigned(response).await);
        }
        let response = wire::read(response, limits::REPLY_BYTES).await?;
        pending.answered(&response, asking.keys, asking.clock.now()).map_err(AskError::Untrusted)
    }
}

/// A reply that nobody signed: perhaps the gateway did not know us, perhaps it is not the gateway.
async fn unsigned(response: Response<Incoming>) -> AskError {
    let status = response.status().as_u16();
    let hint = match wire::read(response, HINT_BYTES).await {
        Ok(response) => open_refusal(response.body()).ok(),
        Err(WireError::TooLarge) => None,
        Err(error) => return error.into(),
    };
    AskError::Refused { status, hint }
}

const OTHER_VERSION: &str = "another version of HTTP";

impl From<WireError> for AskError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::NotConnected => Self::Unreachable("no connection"),
            WireError::Broken => Self::Unreachable("the connection broke"),
            WireError::OtherVersion => Self::Unreachable(OTHER_VERSION),
            WireError::TooLarge => {
                Self::Untrusted(Refusal::TooLarge.because("the reply is larger than allowed"))
            }
        }
    }
}
