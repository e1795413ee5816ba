//! What comes back: first whether it is the answer to this request, then what is in it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::service::ItemId;
use exchange::{
    message::{Ask, Found, PageKey, Reply},
    refusal::{Refusal, Refused},
    value,
};
use http::{HeaderMap, HeaderName, Response, StatusCode, header::CONTENT_TYPE};
use hyper::body::Bytes;
use serde_json::Value;

use super::{Address, CLIENT, ERROR, ID, REQUEST_HASH, REQUEST_ID, Receipt, SERVICE, Service};
use crate::{ask::Asking, asked::AskError};

/// An error of a security server, or of the service behind it. 404 is what a service says that knows nobody of that number.
pub(super) fn check_origin(headers: &HeaderMap, status: StatusCode) -> Result<(), AskError> {
    let fine = matches!(status, StatusCode::OK | StatusCode::NOT_FOUND);
    if headers.contains_key(ERROR) || !fine {
        return Err(AskError::Refused { status: status.as_u16(), hint: None });
    }
    Ok(())
}

/// Whether it answers this request of ours to this service (PR-REST, section 4.3). The hash itself was checked by our
/// security server: only it has the request as it was signed.
pub(super) fn check_heads(
    response: &Response<Bytes>,
    (client, service): (&Address, &Service),
    asking: &Asking<'_>,
) -> Result<Receipt, AskError> {
    let headers = response.headers();
    let expected = [
        (ID, asking.request.id().to_string()),
        (CLIENT, client.to_string()),
        (SERVICE, service.id.to_string()),
    ];
    let other = Refusal::Malformed.because("the answer to another request, or to nobody's");
    for (name, value) in expected {
        if one(headers, &name) != Some(&value) {
            return Err(AskError::Untrusted(other));
        }
    }
    let hash = one(headers, &REQUEST_HASH)
        .filter(|hash| STANDARD.decode(hash).is_ok_and(|bytes| bytes.len() == 64))
        .ok_or(AskError::Untrusted(Refusal::Unsigned.because("no hash of the request")))?;
    let request_id = one(headers, &REQUEST_ID).filter(|id| id.len() <= 100).map(str::to_owned);
    Ok(Receipt { request_hash: hash.to_owned(), request_id })
}

/// The value of a header that stands there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The reply: of the answer only what is mapped and what the ticket names.
pub(super) fn read(
    response: &Response<Bytes>,
    service: &Service,
    asking: &Asking<'_>,
) -> Result<Reply, Refused> {
    let verifies = matches!(asking.request.ask(), Ask::Verify {});
    if response.status() == StatusCode::NOT_FOUND {
        return Ok(if verifies { Reply::NotVerified {} } else { Reply::NotFound {} });
    }
    let json = one(response.headers(), &CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !json {
        return Err(Refusal::Malformed.because("an answer of another type"));
    }
    let answer: Value =
        serde_json::from_slice(response.body()).map_err(|_| Refusal::Malformed.because("not JSON"))?;
    if verifies {
        return match answer.pointer(&service.verified) {
            Some(Value::Bool(true)) => Ok(Reply::Verified {}),
            Some(Value::Bool(false)) => Ok(Reply::NotVerified {}),
            _ => Err(Refusal::Malformed.because("it does not say whether the person was verified")),
        };
    }
    found(&answer, service, asking)
}

fn found(answer: &Value, service: &Service, asking: &Asking<'_>) -> Result<Reply, Refused> {
    let records = match answer.pointer(&service.records) {
        Some(Value::Array(records)) => records.as_slice(),
        Some(record @ Value::Object(_)) => std::slice::from_ref(record),
        Some(Value::Null) => &[],
        _ => return Err(Refusal::Malformed.because("no records where the file says")),
    };
    let records: Vec<_> =
        records.iter().map(|record| picked(record, service, asking)).collect::<Result<_, _>>()?;
    let next = service.next.as_ref().and_then(|at| answer.pointer(at)).filter(|next| !next.is_null());
    let next = match next {
        Some(Value::String(next)) => Some(PageKey::try_from(next.clone())),
        Some(Value::Number(next)) => Some(PageKey::try_from(next.to_string())),
        Some(_) => Some(Err("not a page key")),
        None => None,
    };
    let next = next.transpose().map_err(|_| Refusal::Malformed.because("not a page key"))?;
    if records.is_empty() && next.is_none() {
        return Ok(Reply::NotFound {});
    }
    Ok(Reply::Found(Found::new(asking.request.ticket(), asking.clock.now().into(), records, next)?))
}

/// The items of the ticket, each of the type that the file names.
fn picked(record: &Value, service: &Service, asking: &Asking<'_>) -> Result<value::Record, Refused> {
    let mut items = value::Record::new();
    for item in &asking.request.ticket().items {
        let Some((at, kind)) = service.items.get(item) else { continue };
        match record.pointer(at) {
            None | Some(Value::Null) => {}
            Some(given) => drop(items.insert(ItemId::clone(item), typed(given, kind)?)),
        }
    }
    Ok(items)
}

/// A value of a type, by the rules of the exchange.
fn typed(given: &Value, kind: &'static str) -> Result<value::Value, Refused> {
    let given = match given {
        Value::Number(number) if kind == "decimal" => Value::String(number.to_string()),
        given => given.clone(),
    };
    let typed = Value::Object([(kind.to_owned(), given)].into_iter().collect());
    serde_json::from_value(typed).map_err(|_| Refusal::Malformed.because("an item of another type"))
}
