//! Values that the database never sees in clear.

use std::fmt;

/// A sealed value: opaque here; the server's vault opens it.
#[derive(Clone, Eq, PartialEq)]
pub struct Sealed {
    /// The name of the key that it was sealed with.
    pub key: String,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<sealed with {}>", self.key)
    }
}
