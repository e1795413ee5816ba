//! SHA-256 digests and their header form (RFC 9530).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::refusal::{Refusal, Refused};

/// A SHA-256; in JSON and when shown, 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// As the value of a `content-digest` (RFC 9530, section 2): `sha-256=:…:`.
    pub fn header(&self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    /// Reads a header that holds exactly one SHA-256.
    ///
    /// # Errors
    /// `malformed` for everything else: another algorithm, several digests, parameters, blanks.
    pub fn from_header(value: &str) -> Result<Self, Refused> {
        value
            .strip_prefix("sha-256=:")
            .and_then(|rest| rest.strip_suffix(':'))
            .and_then(|text| STANDARD.decode(text).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(Refusal::Malformed.because("a digest header holds anything but one sha-256"))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut digest = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("not 64 lower-case hexadecimal digits");
        }
        for (index, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| "not hexadecimal")?;
        }
        Ok(Self(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 9530, appendices B.1 and B.2; RFC 9421, appendix B.2 has the same body without the line feed.
    #[test]
    fn digests_are_those_of_rfc_9530() {
        for (body, header) in [
            ("{\"hello\": \"world\"}\n", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"),
            ("{\"hello\": \"world\"}", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
            ("", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
        ] {
            assert_eq!(Digest::of(body.as_bytes()).header(), header);
            assert_eq!(Digest::from_header(header).unwrap(), Digest::of(body.as_bytes()));
        }
    }

    #[test]
    fn other_digest_headers_are_refused() {
        for bad in [
            "",
            "sha-256=::",
            "sha-512=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=:",
            " sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:;a=1",
        ] {
            assert!(Digest::from_header(bad).is_err(), "{bad}");
        }
    }
}
