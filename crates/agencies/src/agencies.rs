use std::{path::Path, sync::Arc};

use domain::{
    clock::Clock,
    id::Chance,
    service::{AgencyId, RecordKindId},
};
use exchange::{keys::KeyRing, message::Request, subject::SubjectRef, target::Target};
use tokio::time::Instant;
use toml_file::Fault;

use crate::{
    ask::Asking,
    asked::{AskError, Asked},
    file::{self, Read},
    partner::{Partner, Way},
};

/// All agencies that can be asked.
pub struct Agencies {
    pub(crate) read: Read,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

impl Agencies {
    /// Reads the file that describes them, and every key that it names. Paths in it are meant from its folder.
    ///
    /// # Errors
    /// All faults, with file and line.
    pub fn read(file: &Path, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self, Vec<Fault>> {
        Ok(Self { read: file::read(file)?, clock, chance })
    }

    /// Who asks: the portal's id, and the client of every ticket.
    pub const fn client(&self) -> &AgencyId {
        &self.read.sender.client
    }

    /// What agencies sign with, and the portal itself, with the keys it had before.
    pub const fn keys(&self) -> &KeyRing {
        &self.read.keys
    }

    /// Those that answer for a kind of record, by id.
    pub fn holders_of<'a>(&'a self, kind: &RecordKindId) -> impl Iterator<Item = &'a AgencyId> {
        let partners = self.read.partners.values();
        partners.filter(move |partner| partner.kinds.contains(kind)).map(|partner| &partner.agency)
    }

    /// Whether this agency answers for that kind of record.
    pub fn serves(&self, agency: &AgencyId, kind: &RecordKindId) -> bool {
        self.partner(agency).is_some_and(|partner| partner.kinds.contains(kind))
    }

    /// The reference by which `holder` knows a person or thing, for tickets; none, when the agency is not known.
    pub fn subject(&self, holder: &AgencyId, target: &Target) -> Option<SubjectRef> {
        self.partner(holder).map(|partner| SubjectRef::of(&partner.subject, target))
    }

    /// Those that are asked without TLS. Production refuses them.
    pub fn plain_http(&self) -> Vec<&AgencyId> {
        let partners = self.read.partners.values();
        let plain = |partner: &&Partner| {
            let origin = match &partner.way {
                Way::Direct(direct) => Some(&direct.origin),
                Way::XRoad(xroad) => Some(&xroad.server),
                Way::Offline(_) => None,
            };
            origin.is_some_and(|origin| origin.to_string().starts_with("http://"))
        };
        partners.filter(plain).map(|partner| &partner.agency).collect()
    }

    /// Asks `holder`, within the time that the file allows. To ask again, ask the same request: it counts once.
    pub async fn ask(&self, holder: &AgencyId, request: &Request) -> Asked {
        let Some(partner) = self.partner(holder) else { return Asked::unsent(AskError::Unknown) };
        let started = Instant::now();
        let deadline = started + partner.limits.whole;
        let (sender, keys, clock, chance) =
            (&self.read.sender, &self.read.keys, self.clock.as_ref(), self.chance.as_ref());
        Asking { sender, keys, partner, request, clock, chance, started, deadline }.ask().await
    }

    pub(crate) fn partner(&self, agency: &AgencyId) -> Option<&Partner> {
        self.read.partners.get(agency)
    }
}

impl std::fmt::Debug for Agencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.read.partners.keys()).finish()
    }
}
