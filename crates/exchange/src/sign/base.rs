use domain::service::AgencyId;

use crate::{headers, ids::RequestId};

/// What the signature of a request covers, as component identifiers (RFC 9421, section 2).
pub(super) const REQUEST_COVERS: [&str; 9] = [
    r#""@method""#,
    r#""@authority""#,
    r#""@path""#,
    r#""content-type""#,
    r#""content-digest""#,
    r#""exchange-from""#,
    r#""exchange-to""#,
    r#""exchange-id""#,
    r#""exchange-ticket""#,
];

/// What the signature of a sealed reply covers: itself, what both sides log of it, and what it answers.
pub(super) const SEALED_REPLY_COVERS: [&str; 10] = [
    r#""@status""#,
    r#""content-type""#,
    r#""content-digest""#,
    r#""exchange-outcome""#,
    r#""@method";req"#,
    r#""@authority";req"#,
    r#""@path";req"#,
    r#""content-digest";req"#,
    r#""exchange-id";req"#,
    r#""signature";req;key="madang""#,
];

/// What the signature of a refusal covers that is not sealed: its body says all of it.
pub(super) const REPLY_COVERS: [&str; 9] = [
    r#""@status""#,
    r#""content-type""#,
    r#""content-digest""#,
    r#""@method";req"#,
    r#""@authority";req"#,
    r#""@path";req"#,
    r#""content-digest";req"#,
    r#""exchange-id";req"#,
    r#""signature";req;key="madang""#,
];

/// The covered values of a request.
#[derive(Clone, Debug)]
pub(crate) struct RequestHead {
    pub authority: String,
    pub path: String,
    pub content_type: String,
    pub content_digest: String,
    pub from: AgencyId,
    pub to: AgencyId,
    pub id: RequestId,
    /// The header value: the digest of the ticket.
    pub ticket: String,
}

impl RequestHead {
    /// The list of what is covered, as it stands in `signature-input`.
    pub fn covers() -> String {
        list(&REQUEST_COVERS)
    }

    /// The signature base (RFC 9421, section 2.5).
    pub fn base(&self, params: &str) -> String {
        let id = self.id.to_string();
        let values = [
            "POST",
            &self.authority,
            &self.path,
            &self.content_type,
            &self.content_digest,
            self.from.as_str(),
            self.to.as_str(),
            &id,
            &self.ticket,
        ];
        base(&REQUEST_COVERS, &values, params)
    }
}

/// The covered values of a reply.
pub(crate) struct ReplyHead<'a> {
    pub status: u16,
    pub content_type: &'a str,
    pub content_digest: &'a str,
    /// The header value, of a sealed reply: the digest of the exchange.
    pub outcome: Option<&'a str>,
    pub request: &'a RequestHead,
    /// The request's signature as a structured field: `:…:`.
    pub request_signature: &'a str,
}

impl ReplyHead<'_> {
    /// The list of what is covered, as it stands in `signature-input` of a reply of this type.
    pub fn covers(content_type: &str) -> String {
        if content_type == headers::SEALED { list(&SEALED_REPLY_COVERS) } else { list(&REPLY_COVERS) }
    }

    /// The signature base (RFC 9421, section 2.5).
    pub fn base(&self, params: &str) -> String {
        let (status, id) = (self.status.to_string(), self.request.id.to_string());
        let own = [&status, self.content_type, self.content_digest];
        let request = [
            "POST",
            &self.request.authority,
            &self.request.path,
            &self.request.content_digest,
            &id,
            self.request_signature,
        ];
        let values: Vec<&str> = own.into_iter().chain(self.outcome).chain(request).collect();
        let covers: &[&str] = if self.outcome.is_some() { &SEALED_REPLY_COVERS } else { &REPLY_COVERS };
        base(covers, &values, params)
    }
}

/// The values of a base, in the order of what is covered, and its parameters; none if it covers anything else.
pub(super) fn values_of<'a>(covers: &[&str], base: &'a str) -> Option<(Vec<&'a str>, &'a str)> {
    let mut lines = base.split('\n');
    let values: Option<Vec<_>> =
        covers.iter().map(|component| lines.next()?.strip_prefix(component)?.strip_prefix(": ")).collect();
    let params = lines.next()?.strip_prefix(r#""@signature-params": "#)?;
    lines.next().is_none().then_some((values?, params))
}

fn list(covers: &[&str]) -> String {
    format!("({})", covers.join(" "))
}

/// One line for each component, then the parameters. No value can have a line break: they come from header values.
fn base(covers: &[&str], values: &[&str], params: &str) -> String {
    let mut base = String::with_capacity(1024);
    for (component, value) in covers.iter().zip(values) {
        base.push_str(component);
        base.push_str(": ");
        base.push_str(value);
        base.push('\n');
    }
    base.push_str(r#""@signature-params": "#);
    base.push_str(params);
    base
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };

    use super::*;
    use crate::keys::SigningKey;

    // RFC 9421, appendix B.1.4 (the key) and B.2.6 (the signature).
    #[test]
    fn the_ed25519_example_of_rfc_9421_comes_out() {
        let seed = URL_SAFE_NO_PAD.decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU").unwrap();
        let key = SigningKey::from_seed("test-key-ed25519".parse().unwrap(), &seed.try_into().unwrap());
        assert_eq!(URL_SAFE_NO_PAD.encode(key.public()), "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs");

        let covers = [
            r#""date""#,
            r#""@method""#,
            r#""@path""#,
            r#""@authority""#,
            r#""content-type""#,
            r#""content-length""#,
        ];
        let values =
            ["Tue, 20 Apr 2021 02:07:55 GMT", "POST", "/foo", "example.com", "application/json", "18"];
        let params = format!("{};created=1618884473;keyid=\"test-key-ed25519\"", list(&covers));
        let base = base(&covers, &values, &params);
        assert_eq!(
            base,
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n\
             \"content-type\": application/json\n\"content-length\": 18\n\"@signature-params\": (\"date\" \"@method\" \
             \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\""
        );
        assert_eq!(
            STANDARD.encode(key.sign(base.as_bytes())),
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
        );
    }
}
