//! A posted form: every answer as it was typed, and a parser that collects all flaws.

use std::collections::{BTreeMap, BTreeSet};

use app::form::Form;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use domain::{
    account::normalise_password,
    flaw::{Fault, Flaw},
};
use http::{HeaderMap, StatusCode, header};
use zeroize::Zeroizing;

/// More answers than any form here has.
const MOST_ANSWERS: usize = 500;

/// The answers of a posted form.
pub struct Posted {
    answers: BTreeMap<String, Vec<String>>,
    garbled: BTreeSet<String>,
    flaws: Vec<Flaw>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if !is_form(request.headers()) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Self::parse(&bytes).ok_or_else(|| StatusCode::BAD_REQUEST.into_response())
    }
}

impl Posted {
    /// The answers, unless there are absurdly many. Bytes that are not UTF-8 and characters that no text contains are
    /// replaced, and their field has a flaw.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut posted = Self { answers: BTreeMap::new(), garbled: BTreeSet::new(), flaws: Vec::new() };
        if pairs(bytes).nth(MOST_ANSWERS).is_some() {
            return None;
        }
        for (name, value, whole) in answers(bytes) {
            if !whole {
                posted.garbled.insert(name.clone());
            }
            posted.answers.entry(name).or_default().push(value);
        }
        Some(posted)
    }

    /// The parsed first answer to `field`; a flaw is noted where it does not parse.
    pub fn take<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if self.garbled.contains(field) {
            self.flaws.push(Flaw::new(field, Fault::Garbled));
            return None;
        }
        match parse(self.value(field)) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.flaws.push(Flaw::new(field, fault));
                None
            }
        }
    }

    /// A password: never parsed, never shown again.
    pub fn password(&mut self, field: &'static str) -> Zeroizing<String> {
        if self.garbled.contains(field) {
            self.flaws.push(Flaw::new(field, Fault::Garbled));
        }
        Zeroizing::new(normalise_password(&self.remove(field)))
    }

    /// The parsed first answer to a field that is never shown again.
    pub fn secret<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let answer = self.remove(field);
        let parsed = if self.garbled.contains(field) { Err(Fault::Garbled) } else { parse(&answer) };
        parsed.map_err(|fault| self.flaws.push(Flaw::new(field, fault))).ok()
    }

    fn remove(&mut self, field: &str) -> Zeroizing<String> {
        let mut answers = self.answers.remove(field).unwrap_or_default().into_iter().map(Zeroizing::new);
        answers.next().unwrap_or_default()
    }

    /// The first answer to `field`, empty when there is none.
    pub fn value(&self, field: &str) -> &str {
        self.answers.get(field).and_then(|answers| answers.first()).map_or("", String::as_str)
    }

    /// Notes a flaw.
    pub fn note(&mut self, field: &'static str, fault: Fault) {
        self.flaws.push(Flaw::new(field, fault));
    }

    /// Whether nothing is wrong so far.
    pub fn is_good(&self) -> bool {
        self.flaws.is_empty()
    }

    /// The form to show again, with its flaws in the order of `fields`.
    pub fn into_form(mut self, more: Vec<Flaw>, fields: &[&str]) -> Form {
        self.flaws.extend(more);
        let place =
            |flaw: &Flaw| fields.iter().position(|field| *field == flaw.field).unwrap_or(fields.len());
        self.flaws.sort_by_key(place);
        let pairs = self
            .answers
            .into_iter()
            .flat_map(|(name, answers)| answers.into_iter().map(move |answer| (name.clone(), answer)));
        Form::from_pairs(pairs).with_flaws(self.flaws)
    }
}

/// Whether the body is said to be a form's.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Name, value, and whether the value is text as it came, of the answers in a form's body; no more than any form has.
pub fn answers(bytes: &[u8]) -> impl Iterator<Item = (String, String, bool)> {
    pairs(bytes).take(MOST_ANSWERS).map(|pair| {
        let mut halves = pair.splitn(2, |b| *b == b'=');
        let (name, _) = decode(halves.next().unwrap_or_default());
        let (value, whole) = decode(halves.next().unwrap_or_default());
        (name, value, whole)
    })
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty())
}

/// The first answer to `field` in a query, cleaned up as far as text goes; empty when there is none.
pub fn first_answer(query: &str, field: &str) -> String {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| decode(name.as_bytes()).0 == field)
        .map(|(_, value)| decode(value.as_bytes()).0)
        .unwrap_or_default()
}

/// Percent-decoded, and whether it was clean text (WHATWG URL, section 5.1, but broken bytes are noticed).
fn decode(raw: &[u8]) -> (String, bool) {
    let spaced: Vec<u8> = raw.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let bytes = percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>();
    let (text, whole) = match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    };
    if text.contains('\0') { (text.replace('\0', "\u{fffd}"), false) } else { (text, whole) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_bytes_are_a_flaw_of_their_field() {
        let mut posted = Posted::parse(b"name=%FF%FE&contact=a%00b&city=%EC%84%9C+%EC%9A%B8").unwrap();
        assert!(posted.take("name", |text| Ok(text.to_owned())).is_none());
        assert!(posted.take("contact", |text| Ok(text.to_owned())).is_none());
        assert_eq!(posted.take("city", |text| Ok(text.to_owned())).as_deref(), Some("서 울"));
        let form = posted.into_form(vec![], &["contact", "name"]);
        let faults: Vec<_> = form.flaws.iter().map(|flaw| (flaw.field, flaw.fault)).collect();
        assert_eq!(faults, [("contact", Fault::Garbled), ("name", Fault::Garbled)]);
    }

    #[test]
    fn ten_thousand_answers_are_refused() {
        assert!(Posted::parse("a=1&".repeat(10_000).as_bytes()).is_none());
        assert!(Posted::parse("a=1&".repeat(500).as_bytes()).is_some());
    }

    #[test]
    fn a_password_is_not_shown_again() {
        let mut posted = Posted::parse(b"password=secret&name=a").unwrap();
        assert_eq!(*posted.password("password"), "secret");
        let form = posted.into_form(vec![], &[]);
        assert_eq!((form.value("password"), form.value("name")), ("", "a"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Posted::parse(&bytes);
        }
    }
}
