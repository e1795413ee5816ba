//! Hashing passwords off the async threads, and judging how easy they are to guess.

use std::sync::Arc;

use argon2::{
    Algorithm, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{
    account::check_password_length,
    flaw::{Fault, PasswordHint},
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;
use zxcvbn::{Score, feedback::Warning};

use crate::{config, keyboard};

/// Characters of a password that are looked at when it is judged.
const JUDGED: usize = 24;

/// Hashes and verifies passwords, a few at a time: each takes the memory that is configured.
#[derive(Clone)]
pub struct Passwords {
    argon2: argon2::Argon2<'static>,
    permits: Arc<Semaphore>,
    dummy: Arc<str>,
}

/// The hashing did not finish: the process is being stopped, or a stored hash is broken.
#[derive(Debug, thiserror::Error)]
#[error("hashing a password failed: {0}")]
pub struct HashError(String);

impl Passwords {
    /// With these parameters, at most `at_once` at a time.
    ///
    /// # Errors
    /// [`HashError`] when Argon2 refuses the parameters.
    pub fn new(parameters: config::Argon2, at_once: usize) -> Result<Self, HashError> {
        let params = Params::new(parameters.memory, parameters.passes, parameters.lanes, None)
            .map_err(|error| HashError(error.to_string()))?;
        let argon2 = argon2::Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = argon2
            .hash_password(b"nobody has this password")
            .map_err(|error| HashError(error.to_string()))?;
        Ok(Self { argon2, permits: Arc::new(Semaphore::new(at_once)), dummy: dummy.to_string().into() })
    }

    /// The hash as a PHC string, with a salt of its own.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, HashError> {
        let argon2 = self.argon2.clone();
        self.off_thread(move || {
            argon2
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| HashError(error.to_string()))
        })
        .await
    }

    /// Whether the password belongs to the hash. Without one a dummy is verified, so that an unknown account
    /// takes as long as a known one.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> Result<bool, HashError> {
        let (argon2, known) = (self.argon2.clone(), hash.is_some());
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let fits = self
            .off_thread(move || {
                let parsed = PasswordHash::new(&hash).map_err(|error| HashError(error.to_string()))?;
                Ok(argon2.verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(fits && known)
    }

    /// Whether a hash was made with other parameters than are configured now.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let parameters = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        parameters(hash) != parameters(&self.dummy)
    }

    /// As [`judge`], off the async threads: a long password of many symbols takes a while.
    ///
    /// # Errors
    /// [`HashError`] when the work did not finish.
    pub async fn judge(
        &self,
        password: Zeroizing<String>,
        known: Vec<String>,
    ) -> Result<Result<(), Fault>, HashError> {
        self.off_thread(move || {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Ok(judge(&password, &known))
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let permit =
            self.permits.clone().acquire_owned().await.map_err(|error| HashError(error.to_string()))?;
        // The permit goes with the work: a client that hangs up does not make room before the work is done.
        let guarded = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(guarded).await.map_err(|error| HashError(error.to_string()))?
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

/// Judges a password that is to be set: its length, and how easily it is guessed by somebody who knows `known`
/// (the person's name and contacts).
///
/// # Errors
/// The fault, with a hint.
pub fn judge(password: &str, known: &[&str]) -> Result<(), Fault> {
    check_password_length(password)?;
    let own: Vec<String> = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([*text]))
        .flat_map(|word| [word.to_owned(), keyboard::as_latin(word)])
        .collect();
    let common: Vec<String> = keyboard::common().collect();
    let words: Vec<&str> = own.iter().map(String::as_str).filter(|word| word.chars().count() >= 2).collect();
    let lower = password.to_lowercase();
    if words.iter().any(|word| word.chars().count() >= 4 && lower == word.to_lowercase()) {
        return Err(Fault::WeakPassword(PasswordHint::Personal));
    }
    // The estimate takes time that grows with the length and the number of look-alike symbols; what follows after
    // this many characters only makes a password stronger.
    let head: String = password.chars().take(JUDGED).collect();
    let all: Vec<&str> = words.iter().copied().chain(common.iter().map(String::as_str)).collect();
    let entropy = zxcvbn::zxcvbn(&head, &all);
    if entropy.score() >= Score::Three {
        return Ok(());
    }
    let warning = entropy.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    Err(Fault::WeakPassword(warning.map_or(PasswordHint::Generic, hint)))
}

fn hint(warning: Warning) -> PasswordHint {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => PasswordHint::StraightRow,
        Warning::ShortKeyboardPatternsAreEasyToGuess => PasswordHint::KeyboardPattern,
        Warning::RepeatsLikeAaaAreEasyToGuess => PasswordHint::Repeat,
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => PasswordHint::RepeatedBlock,
        Warning::ThisIsATop10Password => PasswordHint::Top10,
        Warning::ThisIsATop100Password => PasswordHint::Top100,
        Warning::ThisIsACommonPassword => PasswordHint::Common,
        Warning::ThisIsSimilarToACommonlyUsedPassword => PasswordHint::SimilarToCommon,
        Warning::SequencesLikeAbcAreEasyToGuess => PasswordHint::Sequence,
        Warning::RecentYearsAreEasyToGuess => PasswordHint::RecentYear,
        Warning::AWordByItselfIsEasyToGuess => PasswordHint::SingleWord,
        Warning::DatesAreOftenEasyToGuess => PasswordHint::Date,
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => PasswordHint::NameAlone,
        Warning::CommonNamesAndSurnamesAreEasyToGuess => PasswordHint::CommonName,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(config::Argon2 { memory: 64, passes: 1, lanes: 1 }, 2).unwrap()
    }

    fn word(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = cheap();
        let hash = passwords.hash(word("마당에 핀 작은 꽃")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(passwords.verify(word("마당에 핀 작은 꽃"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(word("마당에 핀 작은 꼿"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn no_password_fits_an_account_that_does_not_exist() {
        assert!(!cheap().verify(word("nobody has this password"), None).await.unwrap());
    }

    #[test]
    fn a_long_password_of_look_alike_symbols_is_judged_by_its_beginning() {
        let hostile: String = "4@8({[<36&9#!1|0$5+7%2aeiotslzxg".chars().cycle().take(128).collect();
        assert_eq!(judge(&hostile, &[]), Ok(()));
        assert_eq!(judge(&"a".repeat(100), &[]), Err(Fault::WeakPassword(PasswordHint::Repeat)));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_hint() {
        for (password, fault) in [
            ("", Fault::Empty),
            ("1234567", Fault::TooShort { min: 8 }),
            ("password", Fault::WeakPassword(PasswordHint::Top10)),
            ("qwertyuiop", Fault::WeakPassword(PasswordHint::Top100)),
            ("abcdefghij", Fault::WeakPassword(PasswordHint::Sequence)),
            ("minji.kim", Fault::WeakPassword(PasswordHint::Personal)),
            ("rlaalswl", Fault::WeakPassword(PasswordHint::Personal)),
            ("dkssudgktpdy", Fault::WeakPassword(PasswordHint::Generic)),
        ] {
            assert_eq!(
                judge(password, &["김민지", "minji.kim", "minji.kim@example.kr"]),
                Err(fault),
                "{password}"
            );
        }
        assert_eq!(judge(&"a".repeat(129), &[]), Err(Fault::TooLong { max: 128 }));
        for password in ["correct horse battery staple", "마당에 핀 작은 꽃 하나", "kX9#vLq2mZ"] {
            assert_eq!(judge(password, &["김민지"]), Ok(()), "{password}");
        }
    }
}
