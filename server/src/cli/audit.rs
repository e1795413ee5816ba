//! `madang audit`: the log of what agencies were asked.

use std::{io::Read, path::PathBuf};

use clap::Subcommand;
use domain::service::AgencyId;
use exchange::{digest::Digest, log::Head};

use super::print;
use crate::{
    boot::{BootError, Booted},
    desk::exchange_log::{self, Verified},
};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the whole log and check that no line was changed, taken out or put in.
    Verify {
        /// An end that was noted earlier, `1000:<digest>`: the chain has to have had it.
        #[arg(long)]
        noted: Option<String>,
    },
    /// Print the log, a line each.
    Show,
    /// Compare the log with an agency's, as `madang-gateway log show` prints it.
    Match {
        /// The agency's id.
        #[arg(long)]
        agency: String,
        /// The agency's log; `-` is the standard input.
        log: PathBuf,
    },
}

impl AuditCommand {
    pub async fn execute(self, booted: &Booted) -> Result<(), BootError> {
        let portal = &booted.portal;
        match self {
            Self::Verify { noted } => {
                let noted = noted.as_deref().map(head).transpose()?;
                let verified = exchange_log::verify(portal, noted, |_| {}).await.map_err(other)?;
                let Verified { head, waiting, unproved } = verified;
                say(&format!(
                    "{} entries; the end to note is {}:{}",
                    head.entries, head.entries, head.digest
                ))?;
                if unproved > 0 {
                    say(&format!(
                        "{unproved} of them have no proof: asked over X-Road, or signed with keys that are not at hand"
                    ))?;
                }
                say(&format!("{} requests are not sealed yet", waiting.requests))?;
                match waiting.broken {
                    0 => Ok(()),
                    n => Err(other(format!("{n} requests cannot be sealed; the server's log says why"))),
                }
            }
            Self::Show => {
                let mut broken = None;
                let show = |entry: exchange::log::Entry| {
                    let line = entry.canonical().map(|line| String::from_utf8_lossy(&line).into_owned());
                    if broken.is_none() {
                        broken = line.map_err(other).and_then(|line| say(&line)).err();
                    }
                };
                exchange_log::verify(portal, None, show).await.map_err(other)?;
                broken.map_or(Ok(()), Err)
            }
            Self::Match { agency, log } => {
                let agency: AgencyId =
                    agency.parse().map_err(|_| other(format!("--agency {agency} is no agency's id")))?;
                let theirs = read(&log).map_err(|error| other(format!("{}: {error}", log.display())))?;
                let compared = exchange_log::matches(portal, &agency, &theirs).await.map_err(other)?;
                for mismatch in &compared.mismatches {
                    say(&format!("{}  {:?}", mismatch.request, mismatch.difference))?;
                }
                for unlearned in &compared.unlearned {
                    let theirs =
                        unlearned.holder.as_ref().map(serde_json::to_string).transpose().map_err(other)?;
                    let theirs = theirs.as_deref().unwrap_or("nothing");
                    say(&format!(
                        "{}  no reply arrived here; the agency logged {theirs}",
                        unlearned.request
                    ))?;
                }
                if compared.unsealed > 0 {
                    say(&format!("{} requests are not sealed here yet", compared.unsealed))?;
                }
                match compared.mismatches.len() {
                    0 => say("the logs contradict each other nowhere"),
                    n => Err(other(format!("the logs differ about {n} requests"))),
                }
            }
        }
    }
}

fn head(text: &str) -> Result<Head, BootError> {
    let parts = text.split_once(':').and_then(|(entries, digest)| {
        Some(Head { entries: entries.parse().ok()?, digest: Digest::try_from(digest.to_owned()).ok()? })
    });
    parts.ok_or_else(|| other(format!("--noted {text} is not of the form 1000:<digest>")))
}

fn read(log: &PathBuf) -> std::io::Result<String> {
    if log.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(log)
}

fn say(text: &str) -> Result<(), BootError> {
    print(text).map_err(BootError::Other)
}

fn other(error: impl std::fmt::Display) -> BootError {
    BootError::Other(error.to_string())
}
