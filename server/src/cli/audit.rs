//! `madang audit`: the log of what agencies were asked.

use std::{io::Read, path::PathBuf};

use clap::Subcommand;
use domain::service::AgencyId;
use exchange::log::Matching;

use super::print;
use crate::{
    boot::{BootError, Booted},
    desk::exchange_log,
};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the whole log and check that no line was changed, taken out or put in.
    Verify,
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
            Self::Verify => {
                let verified = exchange_log::verify(portal, |_| {}).await.map_err(other)?;
                let (head, unsealed) = (verified.head, verified.unsealed);
                say(&format!("{} entries, the last has the digest {}", head.entries, head.digest))?;
                say(&format!("{unsealed} requests are not sealed yet"))
            }
            Self::Show => {
                let mut broken = None;
                let show = |entry: exchange::log::Entry| {
                    let line = entry.canonical().map(|line| String::from_utf8_lossy(&line).into_owned());
                    if broken.is_none() {
                        broken = line.map_err(other).and_then(|line| say(&line)).err();
                    }
                };
                exchange_log::verify(portal, show).await.map_err(other)?;
                broken.map_or(Ok(()), Err)
            }
            Self::Match { agency, log } => {
                let agency: AgencyId =
                    agency.parse().map_err(|_| other(format!("--agency {agency} is no agency's id")))?;
                let theirs = read(&log).map_err(|error| other(format!("{}: {error}", log.display())))?;
                let Matching { mismatches, unlearned } =
                    exchange_log::matches(portal, &agency, &theirs).await.map_err(other)?;
                for mismatch in &mismatches {
                    say(&format!("{}  {:?}", mismatch.request, mismatch.difference))?;
                }
                for one in &unlearned {
                    let theirs = one.holder.as_ref().map_or("nothing".to_owned(), |kept| format!("{kept:?}"));
                    say(&format!("{}  no reply came here; the agency has {theirs}", one.request))?;
                }
                match mismatches.len() {
                    0 if unlearned.is_empty() => say("both logs tell the same"),
                    0 => say(&format!(
                        "the logs differ about nothing; {} replies did not come",
                        unlearned.len()
                    )),
                    n => Err(other(format!("the logs differ about {n} requests"))),
                }
            }
        }
    }
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
