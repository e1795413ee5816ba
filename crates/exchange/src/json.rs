//! Strict JSON (RFC 8259): what two readers could understand differently is refused.
//!
//! Refused: too many bytes, invalid UTF-8, anything after the value, duplicate names, `null`, fractions and exponents,
//! whole numbers beyond 2^53 − 1, deep nesting, too many values, too long strings; and, by type, unknown fields and
//! wrong types. The canonical form is that of RFC 8785.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    limits,
    refusal::{Refusal, Refused},
};

/// Reads one JSON text of at most `max` bytes.
///
/// # Errors
/// `too_large` or `malformed`; never with a value of the text in the cause.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8], max: usize) -> Result<T, Refused> {
    check(bytes, max)?;
    // The message of serde would repeat values, which may be personal: only our own sentence goes on.
    serde_json::from_slice(bytes)
        .map_err(|_| Refusal::Malformed.because("a field is unknown, missing or of a wrong form"))
}

/// Reads one JSON text of at most `max` bytes that is in its canonical form: nothing else could mean the same.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_canonical<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    max: usize,
) -> Result<T, Refused> {
    let value = read(bytes, max)?;
    check_canonical(&canonical(&value)?, bytes)?;
    Ok(value)
}

/// Whether `read` are the bytes that would be `written` for the same value.
///
/// # Errors
/// `malformed`.
pub(crate) fn check_canonical(written: &[u8], read: &[u8]) -> Result<(), Refused> {
    if written == read { Ok(()) } else { Err(Refusal::Malformed.because("JSON that is not canonical")) }
}

/// Canonical JSON that a receiver with the same limits takes, of at most `max` bytes.
///
/// # Errors
/// `too_large`: the receiver would refuse it, so it is not sent.
pub(crate) fn write<T: Serialize>(value: &T, max: usize) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let json = Zeroizing::new(canonical(value)?);
    check(&json, max).map_err(|_| Refusal::TooLarge.because("beyond the limits of a message"))?;
    Ok(json)
}

/// Whether `bytes` are a JSON text that everybody reads the same way; its fields are not looked at.
fn check(bytes: &[u8], max: usize) -> Result<(), Refused> {
    if bytes.len() > max {
        return Err(Refusal::TooLarge.because("the JSON text is too long"));
    }
    let mut values_left = limits::VALUES;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict { depth_left: limits::DEPTH, values_left: &mut values_left }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|_| Refusal::Malformed.because("not JSON of the strict kind"))
}

/// Walks a value and keeps nothing but the names of the objects that are open.
struct Strict<'a> {
    depth_left: usize,
    values_left: &'a mut usize,
}

impl Strict<'_> {
    fn inner<E: Error>(&mut self) -> Result<Strict<'_>, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Strict { depth_left, values_left: self.values_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        *self.values_left =
            self.values_left.checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strict JSON: no null, no fractions, no duplicate names")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        if number.unsigned_abs() <= limits::WHOLE.unsigned_abs() {
            Ok(())
        } else {
            Err(E::custom("a number loses precision"))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        if number <= limits::WHOLE.unsigned_abs() {
            Ok(())
        } else {
            Err(E::custom("a number loses precision"))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.len() <= limits::STRING_BYTES { Ok(()) } else { Err(E::custom("a string is too long")) }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(self.inner()?)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if !seen.insert(name) {
                return Err(A::Error::custom("a duplicate name"));
            }
            map.next_value_seed(self.inner()?)?;
        }
        Ok(())
    }
}

/// The name of a field.
#[derive(Deserialize, Eq, Hash, PartialEq)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.len() <= limits::NAME_BYTES { Ok(Self(name)) } else { Err("a name is too long") }
    }
}

/// JSON in the form of RFC 8785: sorted names, no blanks, so that the same value always has the same bytes.
///
/// Our names are ASCII and our numbers whole; for these, sorting bytes and printing digits is all of RFC 8785.
///
/// # Errors
/// When `value` cannot be JSON, which none of the types here is.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, Refused> {
    let tree =
        serde_json::to_value(value).map_err(|_| Refusal::Malformed.because("cannot be written as JSON"))?;
    let mut out = Vec::new();
    write_canonical(&tree, &mut out);
    Ok(out)
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(fields) => {
            // Another crate may switch on serde_json's insertion order: sort, whatever the map is.
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            out.push(b'{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend(Value::from(name.as_str()).to_string().into_bytes());
                out.push(b':');
                write_canonical(value, out);
            }
            out.push(b'}');
        }
        Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_canonical(value, out);
            }
            out.push(b']');
        }
        scalar => out.extend(scalar.to_string().into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        check(text.as_bytes(), 10_000_000).is_ok()
    }

    #[test]
    fn plain_json_is_accepted() {
        for good in
            [r#"{"a":[1,-2,true,"x",{}]}"#, " [ ] ", r#""가""#, "9007199254740991", r#"{"a":{"a":1}}"#]
        {
            assert!(accepts(good), "{good}");
        }
    }

    #[test]
    fn what_two_readers_could_understand_differently_is_refused() {
        let deep = "[".repeat(12) + &"]".repeat(12);
        let abyss = "[".repeat(1_000_000);
        let long = format!("\"{}\"", "a".repeat(limits::STRING_BYTES + 1));
        let name = format!("{{\"{}\":1}}", "a".repeat(limits::NAME_BYTES + 1));
        let many = format!("[{}1]", "1,".repeat(limits::VALUES));
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            "null",
            "[null]",
            "1.0",
            "1e2",
            "-0",
            "NaN",
            "Infinity",
            "-Infinity",
            "9007199254740992",
            "-9007199254740992",
            "99999999999999999999",
            "01",
            "+1",
            "{} {}",
            "[1,]",
            "{a:1}",
            "'a'",
            "// x\n1",
            "",
            "\u{feff}1",
            r#""\ud800""#,
            "\"\n\"",
            &deep,
            &abyss,
            &long,
            &name,
            &many,
        ] {
            assert!(!accepts(bad), "{}", bad.chars().take(40).collect::<String>());
        }
        assert!(check(b"\"\xff\"", 10).is_err());
        assert_eq!(check(b"[1, 2]", 5).unwrap_err().code, Refusal::TooLarge);
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        let value = serde_json::json!({ "b": [true, -1], "a": "\u{20ac}\u{f}\n\"\\/", "aa": {} });
        assert_eq!(
            String::from_utf8(canonical(&value).unwrap()).unwrap(),
            "{\"a\":\"\u{20ac}\\u000f\\n\\\"\\\\/\",\"aa\":{},\"b\":[true,-1]}"
        );
    }
}
