//! Where a gateway is.

use std::fmt;

use crate::refusal::{Refusal, Refused};

/// Scheme and authority in their one form: lower case, no default port, no path, no user: `https://gateway.nts.example`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Origin {
    scheme: &'static str,
    authority: String,
}

impl Origin {
    /// Host and port, as signatures cover them (RFC 9421, section 2.2.3).
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl std::str::FromStr for Origin {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let malformed = Refusal::Malformed.because("not an origin such as https://gateway.nts.example");
        let (scheme, authority, default_port) = text
            .strip_prefix("https://")
            .map(|rest| ("https", rest, ":443"))
            .or_else(|| text.strip_prefix("http://").map(|rest| ("http", rest, ":80")))
            .ok_or(malformed)?;
        let parsed: http::uri::Authority = authority.parse().map_err(|_| malformed)?;
        let one_form = !authority.contains('@')
            && !authority.ends_with(default_port)
            && !authority.ends_with(':')
            && authority == authority.to_ascii_lowercase()
            && !parsed.host().is_empty();
        if one_form { Ok(Self { scheme, authority: authority.to_owned() }) } else { Err(malformed) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_form() {
        for good in
            ["https://gateway.nts.example", "http://127.0.0.1:4710", "https://[::1]:8443", "http://a:443"]
        {
            assert_eq!(good.parse::<Origin>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "nts.example",
            "https://",
            "https://NTS.example",
            "https://a:443",
            "http://a:80",
            "https://a/",
            "https://u@a",
            "ftp://a",
            "https://a:",
            "https://a b",
            "https://a?x",
            "https://:8443",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }
}
