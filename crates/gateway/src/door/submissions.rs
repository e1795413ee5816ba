//! The verbs of the inbox.

use exchange::{
    holder::Opened,
    ids::{FormId, RequestId},
    message::{Reply, SubmissionState},
    refusal::Refusal,
    target::Target,
    ticket::Ticket,
    value::Record,
};

use super::{NoAnswer, desk::Desk};
use crate::inbox::{Inbox, Submission};

impl Desk {
    /// Keeps a submission, before the log does: what the log calls accepted is in the inbox.
    pub(super) async fn submit(
        &self,
        opened: &Opened<'_>,
        (ticket, target): (&Ticket, &Target),
        (form, content): (&FormId, &Record),
        again: bool,
    ) -> Result<Reply, NoAnswer> {
        let (fingerprint, received) = (self.fingerprint(opened)?, self.rooms.clock.now().into());
        let request = opened.id();
        let submission = Submission { request, ticket, target, form, content, fingerprint, received };
        self.inbox()?.submit(submission, again).await?;
        Ok(Reply::Accepted {})
    }

    /// What became of a submission of the same client.
    pub(super) async fn status(&self, submission: RequestId, ticket: &Ticket) -> Result<Reply, NoAnswer> {
        let found = self.inbox()?.status(submission, ticket).await?;
        let (state, since) =
            found.unwrap_or_else(|| (SubmissionState::Unknown, self.rooms.clock.now().into()));
        Ok(Reply::Status { state, since })
    }

    fn inbox(&self) -> Result<&Inbox, NoAnswer> {
        let none = || Refusal::VerbNotGranted.because("this gateway has no inbox").into();
        self.rooms.inbox.as_ref().ok_or_else(none)
    }
}
