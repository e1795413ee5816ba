use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    ids::KeyId,
    limits,
    moment::Moment,
    refusal::{Refusal, Refused},
};

/// The label of our signature in both signature headers (RFC 9421, section 4).
pub(crate) const LABEL: &str = "madang";
/// The tag of a request's signature: what it is made for (RFC 9421, section 2.3).
pub(crate) const REQUEST_TAG: &str = "madang-request-1";
/// The tag of a reply's signature.
pub(crate) const REPLY_TAG: &str = "madang-reply-1";

/// Sixteen random bytes that make a signed message the only one of its kind; on the wire 22 characters of base64url.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Nonce(pub [u8; 16]);

/// How old a message may be, and how far clocks may differ.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The longest time from `created` to `expires`.
    pub max_age: TimeDelta,
    /// How far the sender's clock may be from ours, either way.
    pub skew: TimeDelta,
}

impl Default for Window {
    /// One minute, and ten seconds of difference.
    fn default() -> Self {
        Self { max_age: TimeDelta::seconds(60), skew: TimeDelta::seconds(10) }
    }
}

impl Window {
    /// Whether a message made and running out at these instants is accepted at `now`.
    fn check(&self, created: Moment, expires: Moment, now: DateTime<Utc>) -> Result<(), Refused> {
        let now = Moment::from(now);
        if expires <= created || expires > created.plus(self.max_age) {
            return Err(Refusal::Malformed.because("a signature that lives too long, or not at all"));
        }
        if created > now.plus(self.skew) {
            return Err(Refusal::NotYetValid.into());
        }
        if expires.plus(self.skew) <= now {
            return Err(Refusal::Expired.into());
        }
        Ok(())
    }
}

/// The parameters of a signature (RFC 9421, section 2.3).
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub created: Moment,
    pub expires: Moment,
    pub key: KeyId,
    /// Requests have one; replies are bound to their request instead.
    pub nonce: Option<Nonce>,
    /// The parameters as they stand in the header: the last line of the base.
    pub params: String,
}

impl Input {
    /// The parameters of a new signature.
    pub fn new(
        covers: &str,
        tag: &str,
        (created, expires): (Moment, Moment),
        key: &KeyId,
        nonce: Option<Nonce>,
    ) -> Self {
        let written =
            nonce.map_or(String::new(), |nonce| format!(";nonce=\"{}\"", URL_SAFE_NO_PAD.encode(nonce.0)));
        let params = format!(
            "{covers};created={};expires={}{written};keyid=\"{key}\";tag=\"{tag}\"",
            created.seconds(),
            expires.seconds()
        );
        Self { created, expires, key: key.clone(), nonce, params }
    }

    /// The value of `signature-input`.
    pub fn header(&self) -> String {
        format!("{LABEL}={}", self.params)
    }

    /// Reads a `signature-input` that covers exactly `covers`; its other parameters may stand in any order.
    ///
    /// # Errors
    /// `unsigned`, when it covers something else or is made for something else; `malformed`.
    pub fn read(header: &str, covers: &str, tag: &str) -> Result<Self, Refused> {
        let malformed = Refusal::Malformed.because("signature-input has another form");
        if header.len() > limits::HEADER_BYTES {
            return Err(Refusal::TooLarge.because("signature-input is too long"));
        }
        let params = header
            .strip_prefix(LABEL)
            .and_then(|rest| rest.strip_prefix('='))
            .ok_or(Refusal::Unsigned.because("there is no signature with our label"))?;
        let rest = params
            .strip_prefix(covers)
            .and_then(|rest| rest.strip_prefix(';'))
            .ok_or(Refusal::Unsigned.because("the signature does not cover what it must"))?;
        let mut found = Found::default();
        rest.split(';').try_for_each(|param| found.take(param)).ok_or(malformed)?;
        if found.tag.ok_or(malformed)? != tag {
            return Err(Refusal::Unsigned.because("the signature was made for something else"));
        }
        Ok(Self {
            created: found.created.ok_or(malformed)?,
            expires: found.expires.ok_or(malformed)?,
            key: found.key.ok_or(malformed)?,
            nonce: found.nonce,
            params: params.to_owned(),
        })
    }

    /// Whether the message is accepted at `now`.
    ///
    /// # Errors
    /// `malformed`, `expired`, `not_yet_valid`.
    pub fn check_time(&self, window: &Window, now: DateTime<Utc>) -> Result<(), Refused> {
        window.check(self.created, self.expires, now)
    }
}

#[derive(Default)]
struct Found<'a> {
    created: Option<Moment>,
    expires: Option<Moment>,
    nonce: Option<Nonce>,
    key: Option<KeyId>,
    tag: Option<&'a str>,
}

impl<'a> Found<'a> {
    /// Takes one parameter. None if it is unknown, there already, or not in its one form.
    fn take(&mut self, param: &'a str) -> Option<()> {
        let (name, value) = param.split_once('=')?;
        match name {
            "created" => once(&mut self.created, seconds(value)?),
            "expires" => once(&mut self.expires, seconds(value)?),
            "nonce" => {
                let bytes = URL_SAFE_NO_PAD.decode(quoted(value)?).ok()?;
                once(&mut self.nonce, Nonce(bytes.try_into().ok()?))
            }
            "keyid" => once(&mut self.key, quoted(value)?.parse().ok()?),
            "tag" => once(&mut self.tag, quoted(value)?),
            _ => None,
        }
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn seconds(text: &str) -> Option<Moment> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    canonical.then(|| text.parse().ok().and_then(Moment::from_seconds)).flatten()
}

/// A string without anything that would need an escape.
fn quoted(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    inside.bytes().all(plain).then_some(inside)
}

/// The value of `signature`.
pub(crate) fn signature_header(signature: &[u8; 64]) -> String {
    format!("{LABEL}=:{}:", STANDARD.encode(signature))
}

/// Reads a `signature` header: the 64 bytes, and their form as a structured field, `:…:`.
///
/// # Errors
/// `unsigned` without our label; `malformed`.
pub(crate) fn signature_of(header: &str) -> Result<([u8; 64], &str), Refused> {
    let field = header
        .strip_prefix(LABEL)
        .and_then(|rest| rest.strip_prefix('='))
        .ok_or(Refusal::Unsigned.because("there is no signature with our label"))?;
    field
        .strip_prefix(':')
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|text| STANDARD.decode(text).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .map(|signature| (signature, field))
        .ok_or(Refusal::Malformed.because("the signature header has another form"))
}
