//! What somebody typed into a form, and what is wrong with it.

use std::collections::BTreeMap;

use domain::flaw::{Fault, Flaw, PasswordHint};
use domain::text::Locale;

use crate::words::form as words;

/// Whether the answer to a field is never shown again, not even to who typed it.
pub fn is_secret(field: &str) -> bool {
    // `present` is the present password; `birth` and `serial` are the halves of a resident number.
    field.ends_with("password") || ["present", "code", "birth", "serial"].contains(&field)
}

/// Whether people type the answer to a field; others are what our own pages carry along.
pub fn is_typed(field: &str) -> bool {
    const CARRIED: [&str; 9] =
        ["next", "back", "action", "kept", "whose", "session", "language", "text_size", "contrast"];
    !CARRIED.contains(&field)
}

/// What was typed into a form that could not be taken, to be sent again.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The path it is posted to, without the language.
    pub action: String,
    /// Field and answer, without secrets.
    pub answers: Vec<(String, String)>,
    /// Whether there were secrets, which have to be typed again.
    pub secrets: bool,
    /// The mark of the account whose session was over when it was posted; empty, where that is not known.
    pub whose: String,
}

/// What comes after signing in.
#[derive(Clone, Debug, Default)]
pub struct Onward {
    /// The path of the page, without the language; empty for one's own page.
    pub next: String,
    /// Or what was typed by somebody who was not, or no longer, signed in.
    pub kept: Option<Kept>,
}

impl Onward {
    /// As hidden fields of the form: a query in a field of its own, so that the answers' names do not matter.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("next", self.next.clone())];
        if let Some(kept) = &self.kept {
            let mut query = form_urlencoded::Serializer::new(String::new());
            fields.extend([
                ("action", kept.action.clone()),
                ("kept", query.extend_pairs(&kept.answers).finish()),
                ("whose", kept.whose.clone()),
            ]);
        }
        fields
    }
}

/// The answers of a form as they were typed, right or wrong, and their flaws.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    /// Everything that is wrong.
    pub flaws: Vec<Flaw>,
}

impl Form {
    /// A form that nobody has filled in yet.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A form with these answers; a field may come several times.
    pub fn from_pairs<F: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (F, V)>) -> Self {
        let mut form = Self::default();
        for (field, value) in pairs {
            form.values.entry(field.into()).or_default().push(value.into());
        }
        form
    }

    /// The same answers with these flaws.
    #[must_use]
    pub fn with_flaws(mut self, flaws: Vec<Flaw>) -> Self {
        self.flaws = flaws;
        self
    }

    /// The same form without the answer to `field`, such as a password that must not be shown again.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.values.remove(field);
        self
    }

    /// The first answer to `field`; empty when there is none.
    pub fn value(&self, field: &str) -> &str {
        self.values(field).first().map_or("", String::as_str)
    }

    /// Every answer to `field`.
    pub fn values(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// The first flaw of `field`.
    pub fn flaw(&self, field: &str) -> Option<&Flaw> {
        self.flaws.iter().find(|flaw| flaw.field == field)
    }

    /// Whether `value` is among the answers to `field`.
    pub fn is_checked(&self, field: &str, value: &str) -> bool {
        self.values(field).iter().any(|answer| answer == value)
    }
}

/// The sentence for a flaw of the field that people know as `label`.
pub fn sentence(fault: Fault, label: &str, l: Locale) -> String {
    let quoted = label;
    let lowered = in_sentence(label, l);
    let label = lowered.as_str();
    match fault {
        Fault::TooShort { min } => words::too_short(l, i64::from(min), label),
        Fault::TooLong { max } => words::too_long(l, i64::from(max), label),
        Fault::WrongCode { tries_left: 0 } => words::wrong_code_last(l).to_owned(),
        Fault::WrongCode { tries_left } => words::wrong_code(l, i64::from(tries_left)),
        Fault::WeakPassword(hint) => words::weak_password(l, password_hint(hint, l)),
        Fault::WaitUntil { seconds } => words::wait(l, &time(seconds, l)),
        Fault::AddressWait { seconds } => words::address_wait(l, &time(seconds, l)),
        Fault::Empty => words::empty(l, label),
        Fault::NotEmail => words::not_email(l, label),
        Fault::NotPhone => words::not_phone(l, label),
        Fault::NotContact => words::not_contact(l).to_owned(),
        Fault::Taken => words::taken(l, label),
        Fault::CodeExpired => words::code_expired(l).to_owned(),
        Fault::WrongPassword => words::wrong_password(l, label),
        Fault::SameAsOld => words::same_as_old(l, label),
        Fault::Mismatch => words::mismatch(l, label),
        Fault::NotAllowedCharacter => words::not_allowed_character(l, label),
        Fault::Digits { count } => words::digits(l, i64::from(count), label),
        Fault::NotADate => words::not_a_date(l, label),
        Fault::OutOfRange => words::out_of_range(l, label),
        Fault::ChooseOne => words::choose_one(l, quoted),
        Fault::MustAgree => words::must_agree(l, quoted),
        Fault::WrongSignIn => words::wrong_sign_in(l).to_owned(),
        Fault::Garbled => words::garbled(l, label),
        _ => words::unfit(l, label),
    }
}

/// How long to wait, in the largest unit that fits.
fn time(seconds: u32, l: Locale) -> String {
    let seconds = i64::from(seconds.max(1));
    match seconds {
        ..=90 => words::seconds(l, seconds),
        91..=5_400 => words::minutes(l, (seconds + 59) / 60),
        _ => words::hours(l, (seconds + 3_599) / 3_600),
    }
}

fn password_hint(hint: PasswordHint, l: Locale) -> &'static str {
    use words::hint;
    match hint {
        PasswordHint::StraightRow => hint::straight_row(l),
        PasswordHint::KeyboardPattern => hint::keyboard_pattern(l),
        PasswordHint::Repeat => hint::repeat(l),
        PasswordHint::RepeatedBlock => hint::repeated_block(l),
        PasswordHint::Top10 => hint::top10(l),
        PasswordHint::Top100 => hint::top100(l),
        PasswordHint::Common => hint::common(l),
        PasswordHint::SimilarToCommon => hint::similar_to_common(l),
        PasswordHint::Sequence => hint::sequence(l),
        PasswordHint::RecentYear => hint::recent_year(l),
        PasswordHint::SingleWord => hint::single_word(l),
        PasswordHint::Date => hint::date(l),
        PasswordHint::NameAlone => hint::name_alone(l),
        PasswordHint::CommonName => hint::common_name(l),
        PasswordHint::Personal => hint::personal(l),
        _ => hint::generic(l),
    }
}

/// A label inside a sentence: in English its first letter becomes small, unless the word is all capitals.
fn in_sentence(label: &str, l: Locale) -> String {
    let mut letters = label.chars();
    match (l, letters.next(), letters.next()) {
        (Locale::En, Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}
