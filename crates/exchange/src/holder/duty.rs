use domain::service::AgencyId;

use crate::{grant::Grant, ids::ConsentId, refusal::Refused, subject::SubjectKey};

/// What the holder knows and a request is held against. Every look-up is asked for: none can be left out.
pub trait Duty {
    /// Why a look-up failed; a refusal is one of the reasons.
    type Error: From<Refused>;

    /// The grants of this holder; grants of other holders count for nothing.
    fn grants(&self) -> &[Grant];

    /// The secret shared with a client; none, when it may not ask.
    fn subjects(&self, client: &AgencyId) -> Option<&SubjectKey>;

    /// Whether `client` has withdrawn a consent of its own.
    ///
    /// # Errors
    /// When that cannot be told now: then nothing is given.
    fn withdrawn(&self, client: &AgencyId, consent: ConsentId) -> Result<bool, Self::Error>;
}
