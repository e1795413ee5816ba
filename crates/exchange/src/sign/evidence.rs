use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::service::AgencyId;
use serde::{Deserialize, Serialize};

use super::{Input, REQUEST_TAG, RequestHead};
use crate::{
    ids::KeyId,
    keys::KeyRing,
    refusal::{Refusal, Refused},
    ticket::Ticket,
};

/// What proves, with a ticket and the sender's public key alone, that the sender asked: the signature base and the
/// signature. It has no personal data; both sides keep it beside the ticket, so that neither can deny the other.
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

impl Evidence {
    pub(crate) fn new(base: String, key: KeyId, signature: &[u8; 64]) -> Self {
        Self { base, key, signature: STANDARD.encode(signature) }
    }

    /// Whether this proves that `sender` sent a request with `ticket`. The key has to have been in force when it was
    /// signed, not now.
    ///
    /// # Errors
    /// `ticket_mismatch`, `unknown_key`, `bad_signature`, `malformed`.
    pub fn proves(&self, ticket: &Ticket, sender: &AgencyId, keys: &KeyRing) -> Result<(), Refused> {
        let (values, params) = RequestHead::values_of(&self.base)
            .ok_or(Refusal::Malformed.because("not the base of a request"))?;
        let [_, _, _, _, _, from, _, _, digest] = values[..] else { return Err(Refusal::Malformed.into()) };
        if digest != ticket.digest()?.header() || from != sender.as_str() {
            return Err(
                Refusal::TicketMismatch.because("the signature was made for another ticket or sender")
            );
        }
        let input = Input::read(&format!("{}={params}", super::LABEL), &RequestHead::covers(), REQUEST_TAG)?;
        if input.key != self.key {
            return Err(Refusal::UnknownKey.because("the signature names another key"));
        }
        let signature = STANDARD
            .decode(&self.signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(Refusal::Malformed.because("not the form of a signature"))?;
        keys.verify(sender, &self.key, self.base.as_bytes(), &signature, input.created.instant())
    }
}
