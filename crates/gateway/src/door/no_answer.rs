use exchange::{holder::Opened, message::Reply, refusal::Refused};
use thiserror::Error;

use super::desk::UNAVAILABLE;
use crate::{inbox::InboxError, log::LogError, register::RegisterError};

/// Why a request is not answered as it was meant.
#[derive(Debug, Error)]
pub enum NoAnswer {
    /// It is not to be answered.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The register does not answer.
    #[error(transparent)]
    Register(RegisterError),
    /// The inbox does not answer.
    #[error(transparent)]
    Inbox(InboxError),
    /// The log cannot be read or written. What is not in the log does not leave.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<RegisterError> for NoAnswer {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(refused) => Self::Refused(refused),
            error => Self::Register(error),
        }
    }
}

impl From<InboxError> for NoAnswer {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Refused(refused) => Self::Refused(refused),
            error => Self::Inbox(error),
        }
    }
}

impl NoAnswer {
    /// What the client is told; the cause stays here.
    pub(super) fn reply(&self, opened: &Opened<'_>) -> Reply {
        match self {
            Self::Refused(refused) => {
                tracing::info!(request = %opened.id(), client = %opened.sender(), %refused, "refused");
                Reply::refused(refused.code)
            }
            error => {
                tracing::error!(request = %opened.id(), %error, "not answered");
                UNAVAILABLE
            }
        }
    }
}
