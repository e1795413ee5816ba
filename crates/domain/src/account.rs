//! Accounts: names, contacts, passwords and codes, parsed into types that cannot be wrong.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::flaw::Fault;

/// Characters a name may have.
pub const NAME_MAX: u32 = 100;
/// Characters a password has at least (NIST SP 800-63B-4, section 3.1.1.2).
pub const PASSWORD_MIN: u32 = 8;
/// Characters a password has at most.
pub const PASSWORD_MAX: u32 = 128;
/// Characters a contact may have (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const CONTACT_MAX: u32 = 254;

/// A person's name: 1 to [`NAME_MAX`] characters, letters and what stands between them, NFC.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

impl PersonName {
    /// Parses what a person typed; spaces around and doubled ones are dropped.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`] or [`Fault::NotAllowedCharacter`].
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let name: String = raw.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if name.is_empty() {
            return Err(Fault::Empty);
        }
        if length(&name) > NAME_MAX {
            return Err(Fault::TooLong { max: NAME_MAX });
        }
        let between = |c: char| " .,'’-·‐()".contains(c);
        if !name.chars().all(|c| c.is_alphabetic() || is_combining_mark(c) || between(c))
            || !name.chars().any(char::is_alphabetic)
        {
            return Err(Fault::NotAllowedCharacter);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a message reaches a person.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// By e-mail.
    Email,
    /// By text message.
    Phone,
}

impl ContactKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Email, Self::Phone];

    /// The name used in paths and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An e-mail address or a mobile number in its one canonical spelling.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "address", rename_all = "lowercase")]
pub enum Contact {
    /// Lower case throughout: nobody should own `A@x` beside `a@x`.
    Email(String),
    /// `+82` and the number without its leading zero, as `+821012345678` (E.164).
    Phone(String),
}

impl Contact {
    /// Parses either kind, telling them apart by the `@`.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`] or [`Fault::NotContact`].
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        if raw.contains(['@', '＠']) {
            Self::parse_as(ContactKind::Email, raw)
        } else {
            Self::parse_as(ContactKind::Phone, raw)
        }
        .map_err(|fault| match fault {
            Fault::NotEmail | Fault::NotPhone => Fault::NotContact,
            other => other,
        })
    }

    /// Parses one kind.
    ///
    /// # Errors
    /// [`Fault::Empty`], [`Fault::TooLong`], [`Fault::NotEmail`] or [`Fault::NotPhone`].
    pub fn parse_as(kind: ContactKind, raw: &str) -> Result<Self, Fault> {
        // Korean keyboards type full-width letters and signs as easily as narrow ones.
        let raw: String = raw.trim().chars().take(2 * CONTACT_MAX as usize).nfkc().collect();
        let raw = raw.as_str();
        if raw.is_empty() {
            return Err(Fault::Empty);
        }
        if length(raw) > CONTACT_MAX {
            return Err(Fault::TooLong { max: CONTACT_MAX });
        }
        match kind {
            ContactKind::Email => email(raw).map(Self::Email).ok_or(Fault::NotEmail),
            ContactKind::Phone => phone(raw).map(Self::Phone).ok_or(Fault::NotPhone),
        }
    }

    /// Which kind it is.
    pub const fn kind(&self) -> ContactKind {
        match self {
            Self::Email(_) => ContactKind::Email,
            Self::Phone(_) => ContactKind::Phone,
        }
    }

    /// The canonical spelling.
    pub fn address(&self) -> &str {
        match self {
            Self::Email(address) | Self::Phone(address) => address,
        }
    }

    /// For a screen somebody may look over: `m***@example.kr`, `010-****-5678`.
    pub fn masked(&self) -> String {
        match self {
            Self::Email(address) => match address.split_once('@') {
                Some((local, domain)) => format!("{}***@{domain}", local.chars().take(1).collect::<String>()),
                None => "***".to_owned(),
            },
            Self::Phone(number) => {
                let local = format!("0{}", number.trim_start_matches("+82"));
                format!("{}-****-{}", &local[..3], &local[local.len() - 4..])
            }
        }
    }
}

impl fmt::Display for Contact {
    /// As people write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => f.write_str(address),
            Self::Phone(number) => {
                let local = format!("0{}", number.trim_start_matches("+82"));
                write!(f, "{}-{}-{}", &local[..3], &local[3..local.len() - 4], &local[local.len() - 4..])
            }
        }
    }
}

/// RFC 5321 addresses of the plain form; quoted local parts and address literals are refused,
/// because no mailbox that people use has one. ASCII only: the portal's mail server decides.
fn email(raw: &str) -> Option<String> {
    let (local, domain) = raw.rsplit_once('@')?;
    let dotted = |text: &str, ok: fn(u8) -> bool| {
        !text.is_empty() && text.split('.').all(|part| !part.is_empty() && part.bytes().all(ok))
    };
    let local_ok = local.len() <= 64
        && dotted(local, |b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b));
    let domain_ok = dotted(domain, |b| b.is_ascii_alphanumeric() || b == b'-')
        && domain.contains('.')
        && domain
            .split('.')
            .all(|label| label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'))
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    (local_ok && domain_ok).then(|| raw.to_ascii_lowercase())
}

/// Korean mobile numbers: 010, 011, 016 to 019, with or without `+82`, spaces and hyphens.
fn phone(raw: &str) -> Option<String> {
    let mut digits = String::new();
    for (i, c) in raw.nfkc().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if i == 0 => {}
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => return None,
        }
    }
    let national = digits.strip_prefix("82").map_or(digits.as_str(), |rest| rest);
    let national = national.strip_prefix('0').unwrap_or(national);
    let prefix = national.get(..2)?;
    let length_ok = if prefix == "10" { national.len() == 10 } else { (9..=10).contains(&national.len()) };
    (["10", "11", "16", "17", "18", "19"].contains(&prefix) && length_ok).then(|| format!("+82{national}"))
}

/// One spelling for one password, however the keyboard composes its letters (NIST SP 800-63B-4, section 3.1.1.2).
pub fn normalise_password(typed: &str) -> String {
    typed.nfkc().collect()
}

/// Checks the length of a password that is to be set; its strength is another question.
///
/// # Errors
/// [`Fault::Empty`], [`Fault::TooShort`] or [`Fault::TooLong`].
pub fn check_password_length(password: &str) -> Result<(), Fault> {
    match length(password) {
        0 => Err(Fault::Empty),
        n if n < PASSWORD_MIN => Err(Fault::TooShort { min: PASSWORD_MIN }),
        n if n > PASSWORD_MAX => Err(Fault::TooLong { max: PASSWORD_MAX }),
        _ => Ok(()),
    }
}

/// The code a person typed: six digits, other marks dropped.
///
/// # Errors
/// [`Fault::Empty`] where there is no digit.
pub fn parse_code(raw: &str) -> Result<String, Fault> {
    let digits: String = raw.nfkc().filter(char::is_ascii_digit).take(12).collect();
    if digits.is_empty() { Err(Fault::Empty) } else { Ok(digits) }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_many_peoples_pass() {
        for name in [
            "김",
            "황보제갈선우",
            "Nguyễn Thị Minh Khai",
            "O’Brien-Smith",
            "María José",
            "राम",
            "박 하늘별님구름햇님보다사랑스러우리",
        ] {
            assert!(PersonName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_name_is_letters_and_not_too_long() {
        assert_eq!(PersonName::parse("  \t "), Err(Fault::Empty));
        assert_eq!(PersonName::parse(&"가".repeat(101)), Err(Fault::TooLong { max: 100 }));
        for name in ["<b>", "김\u{202e}철수", "😀", "a\u{0}b", "1234", "--"] {
            assert_eq!(PersonName::parse(name), Err(Fault::NotAllowedCharacter), "{name:?}");
        }
    }

    #[test]
    fn one_mobile_number_has_one_spelling() {
        for raw in [
            "010-1234-5678",
            "01012345678",
            "+82 10-1234-5678",
            "82-10-1234-5678",
            "０１０ １２３４ ５６７８",
        ] {
            assert_eq!(Contact::parse(raw), Ok(Contact::Phone("+821012345678".to_owned())), "{raw}");
        }
        for raw in ["02-123-4567", "010-1234", "abc", "+1 212 555 0100", "010-1234-56789"] {
            assert_eq!(Contact::parse(raw), Err(Fault::NotContact), "{raw}");
        }
        assert_eq!(Contact::parse("010-1234-5678").unwrap().to_string(), "010-1234-5678");
        assert_eq!(Contact::parse("010-1234-5678").unwrap().masked(), "010-****-5678");
    }

    #[test]
    fn one_mailbox_has_one_spelling() {
        assert_eq!(Contact::parse(" Min@Example.KR "), Ok(Contact::Email("min@example.kr".to_owned())));
        assert_eq!(Contact::parse("Ｍｉｎ＠example．kr"), Ok(Contact::Email("min@example.kr".to_owned())));
        for raw in [
            "@example.kr",
            "a@b",
            "a@b..kr",
            "a b@c.kr",
            "a@-b.kr",
            "a@1.2.3.4",
            "\"a\"@b.kr",
            "a@b.kr\r\nBcc: c@d.kr",
        ] {
            assert!(Contact::parse(raw).is_err(), "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_a_contact_never_panics_and_is_stable(raw in ".{0,40}") {
            if let Ok(contact) = Contact::parse(&raw) {
                prop_assert_eq!(Contact::parse(contact.address()), Ok(contact.clone()));
                let _ = contact.masked();
            }
        }

        #[test]
        fn parsing_a_name_never_panics_and_is_stable(raw in ".{0,120}") {
            if let Ok(name) = PersonName::parse(&raw) {
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
