//! The headers of the protocol, and reading them without guessing.

use http::HeaderMap;

use crate::refusal::{Refusal, Refused};

/// The type of a sealed body, both ways.
pub const SEALED: &str = "application/vnd.madang.exchange";
/// The type of a refusal that could not be sealed.
pub const OPEN_REFUSAL: &str = "application/vnd.madang.refusal+json";

/// Who sends: an agency's id.
pub const FROM: &str = "exchange-from";
/// Who receives: an agency's id.
pub const TO: &str = "exchange-to";
/// The request's id.
pub const ID: &str = "exchange-id";
/// The digest of the ticket's canonical bytes, in the form of a `content-digest`.
pub const TICKET: &str = "exchange-ticket";
/// Of a sealed reply, the digest of what both sides log of the exchange, in the form of a `content-digest`.
pub const OUTCOME: &str = "exchange-outcome";
/// RFC 9530.
pub const CONTENT_DIGEST: &str = "content-digest";
/// RFC 9421, section 4.1.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// RFC 9421, section 4.2.
pub const SIGNATURE: &str = "signature";

/// The value of a header that must be there once.
///
/// # Errors
/// `absent`, when it is not there; `malformed`, when it is there twice or is not visible ASCII without outer blanks.
pub(crate) fn one<'a>(headers: &'a HeaderMap, name: &str, absent: Refused) -> Result<&'a str, Refused> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(absent)?;
    if values.next().is_some() {
        return Err(Refusal::Malformed.because("a header stands there twice"));
    }
    value
        .to_str()
        .ok()
        .filter(|text| text.trim() == *text && !text.contains('\t'))
        .ok_or(Refusal::Malformed.because("a header has another form"))
}

/// The same, parsed; `malformed` when it is not there.
pub(crate) fn parsed<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Result<T, Refused> {
    let malformed = Refusal::Malformed.because("a header is missing or has another form");
    one(headers, name, malformed)?.parse().map_err(|_| malformed)
}
