use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::service::AgencyId;
use serde::{Deserialize, Serialize};

use super::{
    Input, LABEL, REPLY_TAG, REQUEST_TAG, ReplyHead, RequestHead,
    base::{REPLY_COVERS, REQUEST_COVERS, SEALED_REPLY_COVERS, values_of},
};
use crate::{
    digest::Digest,
    headers,
    ids::KeyId,
    keys::KeyRing,
    log::{Exchange, Outcome},
    refusal::{Refusal, Refused, open_body},
};

/// What proves, with a log's entry and the signer's public key alone, that a message was sent: the signature base and the
/// signature. It has no personal data. Both sides keep that of the request, so that the client cannot deny that it
/// asked; the client keeps that of the reply, so that the holder cannot deny what it answered.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The signature base (RFC 9421, section 2.5).
    pub base: String,
    /// The key that signed it.
    pub key: KeyId,
    /// The signature, in base64.
    pub signature: String,
}

const OTHER: Refused = Refusal::TicketMismatch.because("the signature was made for another exchange");

impl Evidence {
    pub(crate) fn new(base: String, key: KeyId, signature: &[u8; 64]) -> Self {
        Self { base, key, signature: STANDARD.encode(signature) }
    }

    /// Whether this proves that the client sent the request of `exchange`: under its id, with its ticket and verb, to its
    /// holder. What became of it is not looked at. The key has to have been in force when it was signed, not now.
    ///
    /// # Errors
    /// `ticket_mismatch`, `unknown_key`, `bad_signature`, `malformed`.
    pub fn proves(&self, exchange: &Exchange, keys: &KeyRing) -> Result<(), Refused> {
        let (values, params) = values_of(&REQUEST_COVERS, &self.base).ok_or(NO_BASE)?;
        let [method, _, path, kind, _, from, to, id, digest] = values[..] else { return Err(NO_BASE) };
        let (ticket, request) = (&exchange.ticket, exchange.request.to_string());
        let told = [method, path, kind, from, to, id, digest];
        let (asked, signed) = (ticket.verb.path(), ticket.digest()?.header());
        let expected = ["POST", &asked, headers::SEALED, ticket.client.as_str(), exchange.holder.as_str()];
        if told[..5] != expected || told[5..] != [&request, &signed] {
            return Err(OTHER);
        }
        self.signed_by(&ticket.client, (params, &RequestHead::covers(), REQUEST_TAG), keys)
    }

    /// Whether this, kept of a reply, proves that the holder gave the outcome of `exchange` to the request of which
    /// `request` was kept.
    ///
    /// # Errors
    /// As [`Evidence::proves`], which is asked of `request` first.
    pub fn proves_reply(&self, request: &Self, exchange: &Exchange, keys: &KeyRing) -> Result<(), Refused> {
        request.proves(exchange, keys)?;
        let (asked, _) = values_of(&REQUEST_COVERS, &request.base).ok_or(NO_BASE)?;
        let signature = format!(":{}:", request.signature);
        let answered = [asked[0], asked[1], asked[2], asked[4], asked[7], &signature];
        if let Some((values, params)) = values_of(&SEALED_REPLY_COVERS, &self.base) {
            let outcome = exchange.digest()?.header();
            if values[..2] != ["200", headers::SEALED] || values[3] != outcome || values[4..] != answered {
                return Err(OTHER);
            }
            let covers = ReplyHead::covers(headers::SEALED);
            return self.signed_by(&exchange.holder, (params, &covers, REPLY_TAG), keys);
        }
        // A refusal that is not sealed says its code in its body.
        let (values, params) = values_of(&REPLY_COVERS, &self.base).ok_or(NO_BASE)?;
        let Outcome::Refused { code } = exchange.outcome else { return Err(OTHER) };
        let (status, digest) = (code.status().as_u16().to_string(), Digest::of(&open_body(code)).header());
        if values[..3] != [&status, headers::OPEN_REFUSAL, &digest] || values[3..] != answered {
            return Err(OTHER);
        }
        let covers = ReplyHead::covers(headers::OPEN_REFUSAL);
        self.signed_by(&exchange.holder, (params, &covers, REPLY_TAG), keys)
    }

    fn signed_by(
        &self,
        signer: &AgencyId,
        (params, covers, tag): (&str, &str, &str),
        keys: &KeyRing,
    ) -> Result<(), Refused> {
        let input = Input::read(&format!("{LABEL}={params}"), covers, tag)?;
        if input.key != self.key {
            return Err(Refusal::UnknownKey.because("the signature names another key"));
        }
        let signature = STANDARD
            .decode(&self.signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(Refusal::Malformed.because("not the form of a signature"))?;
        keys.verify(signer, &self.key, self.base.as_bytes(), &signature, input.created.instant())
    }
}

const NO_BASE: Refused = Refusal::Malformed.because("not a signature base");
