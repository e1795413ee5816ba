//! Unpredictable bytes, codes and tokens, and the keyed hashes under which they are kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::Chance;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing here is safe; the process must not go on.
        getrandom::fill(bytes).expect("the operating system has random numbers");
    }
}

/// The key of all keyed hashes.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<Vec<u8>>);

impl SecretKey {
    /// A key from its text.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// The keyed hash of `value`; `purpose` keeps the hashes of different things apart.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn hash(&self, purpose: &str, value: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

/// Six digits, each as likely as the other.
pub fn code(chance: &dyn Chance) -> String {
    loop {
        let mut bytes = [0; 4];
        chance.fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        // The last, incomplete million is thrown away.
        if number < u32::MAX - u32::MAX % 1_000_000 {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

/// 256 bits for a link, in letters that need no escaping.
pub fn token(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_and_a_token_43_letters() {
        for _ in 0..1000 {
            let code = code(&SystemChance);
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        }
        assert_eq!(token(&SystemChance).len(), 43);
    }

    #[test]
    fn hashes_differ_by_key_purpose_and_value() {
        let key = SecretKey::new("a");
        let all =
            [key.hash("p", "v"), key.hash("p", "w"), key.hash("q", "v"), SecretKey::new("b").hash("p", "v")];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other != one));
        }
    }
}
