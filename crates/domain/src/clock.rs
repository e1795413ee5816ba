//! Time as a parameter.

use chrono::{DateTime, Utc};

/// Tells the time. The portal has one; tests and the sandbox can move it.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}
