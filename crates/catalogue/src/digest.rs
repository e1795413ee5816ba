//! Versions are named by their content: the same content has the same digest, whatever file it came from.

use std::fmt;

use domain::service::{Catalogue, Service};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The digest of one service.
pub fn digest(service: &Service) -> Digest {
    of_json(&serde_json::to_value(service).unwrap_or_default())
}

/// The digest of the whole catalogue.
pub fn catalogue_digest(catalogue: &Catalogue) -> Digest {
    of_json(&serde_json::to_value(catalogue).unwrap_or_default())
}

fn of_json(value: &Value) -> Digest {
    let mut canonical = String::new();
    write_canonical(value, &mut canonical);
    Digest(Sha256::digest(canonical.as_bytes()).into())
}

/// JSON without blanks and with sorted keys, so that the digest does not depend on the order of our structs.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(entries) => {
            let mut keys: Vec<_> = entries.keys().collect();
            keys.sort();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(&entries[key], out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(value, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter_and_every_value_does() {
        let json = |text: &str| of_json(&serde_json::from_str(text).unwrap()).to_string();
        assert_eq!(json(r#"{"a":[1,2],"b":"가"}"#), json(r#"{ "b": "가", "a": [1, 2] }"#));
        assert_ne!(json(r#"{"a":[1,2]}"#), json(r#"{"a":[2,1]}"#));
        assert_eq!(json("null"), "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b");
    }
}
