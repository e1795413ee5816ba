//! The way without a wire: requests of many petitions in one package for one agency, its replies in a package back.
//!
//! Each request and each reply is a file, named `<id of the request>.json`, with what is sealed on the wire.

mod notes;

use chrono::TimeDelta;
use domain::service::AgencyId;
use exchange::{
    ids::{PackageId, RequestId},
    log::{Exchange, Outcome},
    message::{Reply, Request},
    moment::Moment,
    package::{self, Address, File, Manifest, OpenedOnce},
    refusal::{Refusal, Refused},
};
use zeroize::Zeroizing;

use crate::{Agencies, partner::SealTo};
pub use notes::Notes;

/// A package to be carried to an agency.
#[derive(Debug)]
pub struct Made {
    /// Its name, for the log.
    pub id: PackageId,
    /// The file, sealed.
    pub bytes: Vec<u8>,
}

/// A package from an agency, opened.
#[derive(Debug)]
pub struct Opened {
    /// What stands on the outside, for the log.
    pub manifest: Manifest,
    /// What is in it, by the name of the file.
    pub replies: Vec<Answer>,
}

/// A file of a package.
#[derive(Debug)]
pub struct Answer {
    /// The request that it answers; none, if the file's name is not one.
    pub request: Option<RequestId>,
    /// The reply, or why it is none: a reply to a request that nobody waits for, or not its form.
    pub reply: Result<Reply, Refused>,
    /// What to log of it; none, if there is no reply.
    pub exchange: Option<Exchange>,
}

const UNKNOWN: Refused = Refusal::WrongReceiver.because("no such agency is known");

impl Agencies {
    /// Makes a package of requests for `to`, to be opened within `life`.
    ///
    /// # Errors
    /// `wrong_receiver`, when the file does not name the agency; `ticket_mismatch`, when a ticket is another client's or a request stands there twice;
    /// `unknown_key`, when no key to seal to is in force; `too_large`.
    pub fn make_package(
        &self,
        to: &AgencyId,
        requests: &[Request],
        life: TimeDelta,
    ) -> Result<Made, Refused> {
        let partner = self.partner(to).ok_or(UNKNOWN)?;
        let now = self.clock.now();
        let sealing = SealTo::newest(partner.seal(), now)
            .ok_or(Refusal::UnknownKey.because("no key that packages could be sealed to is in force"))?;
        let files = requests.iter().map(|request| self.file(request)).collect::<Result<Vec<_>, _>>()?;
        let id = PackageId::mint(now, self.chance.as_ref());
        let made = Moment::from(now);
        let address =
            Address { id, from: self.client().clone(), to: to.clone(), time: (made, made.plus(life)) };
        let packed = package::pack(&address, &files, &self.read.sender.key, sealing, self.chance.as_ref());
        files.into_iter().for_each(wipe);
        Ok(Made { id, bytes: packed? })
    }

    /// Opens a package of replies, once. `waiting` gives the request that was sent to that agency under that id.
    ///
    /// # Errors
    /// `unknown_key`, when it comes from nobody who is known; `wrong_receiver`, `expired`, `bad_signature` and more, when it
    /// is not as it was made; `replayed`, when it was opened before.
    pub fn open_package(
        &self,
        bytes: &[u8],
        opened: &mut dyn OpenedOnce,
        waiting: &mut dyn FnMut(&AgencyId, RequestId) -> Option<Request>,
    ) -> Result<Opened, Refused> {
        let now = self.clock.now();
        let checked = package::check(bytes, self.client(), &self.read.keys, now)?;
        let manifest = checked.manifest().clone();
        let files = checked.open(&self.read.sealing, opened, now)?;
        let replies = files.into_iter().map(|file| answer(&manifest.from, file, waiting)).collect();
        Ok(Opened { manifest, replies })
    }

    fn file(&self, request: &Request) -> Result<File, Refused> {
        if request.ticket().client != *self.client() {
            return Err(Refusal::TicketMismatch.because("the ticket is another client's"));
        }
        Ok(File { name: format!("{}.json", request.id()), bytes: request.to_json()?.to_vec() })
    }
}

fn answer(
    from: &AgencyId,
    file: File,
    waiting: &mut dyn FnMut(&AgencyId, RequestId) -> Option<Request>,
) -> Answer {
    let request = file.name.strip_suffix(".json").and_then(|id| id.parse().ok());
    let asked = request.and_then(|id| waiting(from, id));
    let unknown = Refusal::Malformed.because("a reply to a request that nobody waits for");
    let reply = asked.as_ref().ok_or(unknown).and_then(|asked| Reply::parse(&file.bytes, asked));
    wipe(file);
    let exchange = asked.zip(reply.as_ref().ok()).map(|(asked, reply)| Exchange {
        request: asked.id(),
        holder: from.clone(),
        ticket: asked.ticket().clone(),
        outcome: Outcome::from(reply),
    });
    Answer { request, reply, exchange }
}

/// Files have records and numbers in clear.
fn wipe(file: File) {
    drop(Zeroizing::new(file.bytes));
}
