//! What can be wrong with an answer, as codes; `app` turns them into words.

/// Something wrong with one field of a form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The field's name in the form.
    pub field: &'static str,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Flaw {
    /// A flaw of `field`.
    pub const fn new(field: &'static str, fault: Fault) -> Self {
        Self { field, fault }
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing was entered.
    Empty,
    /// Fewer than `min` characters.
    TooShort {
        /// The least number of characters.
        min: u32,
    },
    /// More than `max` characters.
    TooLong {
        /// The greatest number of characters.
        max: u32,
    },
    /// Not an e-mail address.
    NotEmail,
    /// Not a Korean mobile number.
    NotPhone,
    /// Neither an e-mail address nor a mobile number.
    NotContact,
    /// Somebody else has it already.
    Taken,
    /// The code is another one.
    WrongCode {
        /// How many tries are left before a new code is needed.
        tries_left: u32,
    },
    /// The code is too old, or was tried too often.
    CodeExpired,
    /// The present password is another one.
    WrongPassword,
    /// The password is easy to guess.
    WeakPassword(PasswordHint),
    /// The same as before.
    SameAsOld,
    /// Two entries that should be equal are not.
    Mismatch,
    /// A character that cannot stand here.
    NotAllowedCharacter,
    /// Not a number of `count` digits.
    Digits {
        /// How many digits it has.
        count: u32,
    },
    /// Not a date of the calendar.
    NotADate,
    /// Outside of the values that are possible.
    OutOfRange,
    /// Nothing was chosen.
    ChooseOne,
    /// The box has to be ticked.
    MustAgree,
    /// Too many tries; wait.
    WaitUntil {
        /// Seconds from now.
        seconds: u32,
    },
    /// Too many tries came from the same internet address, perhaps by others; wait.
    AddressWait {
        /// Seconds from now.
        seconds: u32,
    },
    /// Contact and password do not belong together; it is never said which of them is wrong.
    WrongSignIn,
    /// Bytes that are not UTF-8, or a character that no text contains.
    Garbled,
}

/// Why a password is easy to guess, in the terms of zxcvbn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PasswordHint {
    /// `qwerty…`
    StraightRow,
    /// A short pattern on the keyboard.
    KeyboardPattern,
    /// `aaa`
    Repeat,
    /// `abcabcabc`
    RepeatedBlock,
    /// Among the 10 most common.
    Top10,
    /// Among the 100 most common.
    Top100,
    /// A very common one.
    Common,
    /// Similar to a common one.
    SimilarToCommon,
    /// `abc`, `6543`
    Sequence,
    /// A recent year.
    RecentYear,
    /// One word alone.
    SingleWord,
    /// A date.
    Date,
    /// A name alone.
    NameAlone,
    /// A common name.
    CommonName,
    /// Holds the person's own name or contact.
    Personal,
    /// No particular reason.
    Generic,
}
