//! How messages leave the building: by mail (SMTP), by text (through a mail-to-text gateway), or, in the
//! sandbox, not at all: there they stay where `/sandbox/messages` shows them.

use domain::account::{Contact, ContactKind};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, SinglePart},
};
use secrecy::ExposeSecret;
use store::message::MessageRow;

use crate::config;

/// The port.
#[derive(Clone)]
pub enum Messenger {
    /// Keeps messages for the sandbox's mailbox.
    Keep,
    /// Hands them to a mail server.
    Smtp(Box<Smtp>),
}

/// A mail server and what it needs to know.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    sms_domain: Option<String>,
}

/// What became of a message.
#[derive(Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It stays in the sandbox's mailbox.
    Kept,
    /// The server took it, with this answer.
    Accepted(String),
}

/// Why a message did not leave.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Worth another try.
    #[error("the mail server did not take it now: {0}")]
    Later(String),
    /// It never will.
    #[error("the message cannot be sent: {0}")]
    Never(String),
}

impl Messenger {
    /// The port that the configuration asks for.
    ///
    /// # Errors
    /// When the configuration names no usable server.
    pub fn new(config: &config::Messages) -> Result<Self, SendError> {
        let Some(url) = &config.smtp else { return Ok(Self::Keep) };
        let never = |error: &dyn std::fmt::Display| SendError::Never(error.to_string());
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|error| never(&error))?
            .timeout(Some(std::time::Duration::from_secs(20)))
            .build();
        let from = config.from.parse().map_err(|error| never(&error))?;
        Ok(Self::Smtp(Box::new(Smtp { transport, from, sms_domain: config.sms_domain.clone() })))
    }

    /// Whether this kind of contact can be reached.
    pub fn reaches(&self, kind: ContactKind) -> bool {
        match (self, kind) {
            (Self::Keep, _) | (_, ContactKind::Email) => true,
            (Self::Smtp(smtp), ContactKind::Phone) => smtp.sms_domain.is_some(),
        }
    }

    /// Sends a message. The Message-ID is the message's own, so that a second try after a lost answer is
    /// recognised as the same.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, message: &MessageRow) -> Result<Outcome, SendError> {
        let Self::Smtp(smtp) = self else { return Ok(Outcome::Kept) };
        let answer = smtp.transport.send(smtp.compose(message)?).await.map_err(|error| {
            // The server's words may repeat the address, and this ends up in logs: only its code is told.
            let why = error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string());
            if error.is_permanent() { SendError::Never(why) } else { SendError::Later(why) }
        })?;
        Ok(Outcome::Accepted(answer.message().collect::<Vec<_>>().join(" ")))
    }
}

impl Smtp {
    fn compose(&self, message: &MessageRow) -> Result<Message, SendError> {
        let never = |error: &dyn std::fmt::Display| SendError::Never(error.to_string());
        let to = match (&message.contact, &self.sms_domain) {
            (Contact::Email(address), _) => address.clone(),
            (Contact::Phone(number), Some(domain)) => format!("{}@{domain}", number.trim_start_matches('+')),
            (Contact::Phone(_), None) => {
                return Err(SendError::Never("no gateway for texts is configured".to_owned()));
            }
        };
        Message::builder()
            .from(self.from.clone())
            .to(to.parse().map_err(|error| never(&error))?)
            .subject(message.subject.clone())
            .message_id(Some(format!("<{}@{}>", message.message_id, self.from.email.domain())))
            .date(message.created_at.into())
            .singlepart(SinglePart::plain(message.body.clone()))
            .map_err(|error| never(&error))
    }
}

impl std::fmt::Debug for Messenger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Smtp(_) => "Smtp",
        })
    }
}
