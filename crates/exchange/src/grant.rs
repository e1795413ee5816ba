//! Signed grant files: which client may ask a holder for what. They stand for sharing agreements until those have a
//! workflow of their own.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::service::{AgencyId, ItemId, RecordKindId};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{GrantId, KeyId, PurposeId},
    json,
    keys::{KeyRing, SigningKey},
    limits,
    moment::Moment,
    refusal::{Refusal, Refused},
    ticket::{Ground, Statute, Ticket},
    verb::Verb,
};

/// What one client may ask of one holder.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// Who may ask.
    pub client: AgencyId,
    /// Whose register it is about.
    pub holder: AgencyId,
    /// What may be asked, by kind of record.
    pub kinds: BTreeMap<RecordKindId, Permission>,
    /// From when on.
    pub from: Moment,
    /// Until when, that instant not included.
    pub until: Moment,
    /// How many requests a minute, at least 1.
    pub per_minute: u32,
}

/// What may be asked about one kind of record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// With which verbs.
    pub verbs: BTreeSet<Verb>,
    /// For which items.
    pub items: BTreeSet<ItemId>,
    /// For which purposes.
    pub purposes: BTreeSet<PurposeId>,
    /// Whether a consent is a ground.
    pub consent: bool,
    /// Which statutes are a ground.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub statutes: BTreeSet<Statute>,
}

/// What the signature of a grant begins with, so that it can be no other thing that the same key signs.
const DOMAIN: &[u8] = b"madang-grant-1\0";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    grant: Grant,
    key: KeyId,
    signature: String,
}

impl Grant {
    /// The signed file: canonical JSON.
    ///
    /// # Errors
    /// Never, for a grant that [`Grant::open`] would accept.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, Refused> {
        let signature = key.sign(&self.signed_bytes()?);
        let file =
            File { grant: self.clone(), key: key.id().clone(), signature: URL_SAFE_NO_PAD.encode(signature) };
        json::canonical(&file)
    }

    /// Reads a signed file. The key has to belong to the grant's holder, or to the sharing `centre`.
    ///
    /// # Errors
    /// `too_large`, `malformed`, `unknown_key`, `bad_signature`. Whether it is in force is asked with each ticket.
    pub fn open(
        bytes: &[u8],
        keys: &KeyRing,
        centre: Option<&AgencyId>,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        // One grant, one file: nothing can be changed in it that the signature does not see.
        let file: File = json::read_canonical(bytes, limits::GRANT_BYTES)?;
        let grant = file.grant;
        if grant.until <= grant.from || grant.per_minute == 0 {
            return Err(Refusal::Malformed.because("a grant that can never be used"));
        }
        let owner = keys.owner(&file.key).ok_or(Refusal::UnknownKey)?;
        if *owner != grant.holder && Some(owner) != centre {
            return Err(Refusal::UnknownKey.because("a grant signed by neither its holder nor the centre"));
        }
        let signature = URL_SAFE_NO_PAD
            .decode(&file.signature)
            .ok()
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
            .ok_or(Refusal::Malformed.because("not the form of a signature"))?;
        keys.verify(owner, &file.key, &grant.signed_bytes()?, &signature, now)?;
        Ok(grant)
    }

    fn signed_bytes(&self) -> Result<Vec<u8>, Refused> {
        Ok([DOMAIN, &json::canonical(self)?].concat())
    }

    /// Whether `ticket` stays within this grant at `now`.
    ///
    /// # Errors
    /// `unknown_client`, `kind_not_granted` (also before and after its time), `verb_not_granted`, `item_not_granted`,
    /// `purpose_not_granted`, `no_ground`.
    pub fn allows(&self, ticket: &Ticket, now: DateTime<Utc>) -> Result<(), Refusal> {
        if ticket.client != self.client {
            return Err(Refusal::UnknownClient);
        }
        let now = Moment::from(now);
        if now < self.from || now >= self.until {
            return Err(Refusal::KindNotGranted);
        }
        let permission = self.kinds.get(&ticket.kind).ok_or(Refusal::KindNotGranted)?;
        permission.allows(ticket)
    }
}

impl Permission {
    fn allows(&self, ticket: &Ticket) -> Result<(), Refusal> {
        if !self.verbs.contains(&ticket.verb) {
            return Err(Refusal::VerbNotGranted);
        }
        if !ticket.items.is_subset(&self.items) {
            return Err(Refusal::ItemNotGranted);
        }
        if !self.purposes.contains(&ticket.purpose) {
            return Err(Refusal::PurposeNotGranted);
        }
        let accepted = match &ticket.ground {
            // A consent is given before it is used.
            Ground::Consent { given, .. } => self.consent && *given <= ticket.issued,
            Ground::Statute(statute) => self.statutes.contains(statute),
        };
        if accepted { Ok(()) } else { Err(Refusal::NoGround) }
    }
}

/// The grant of `holder` among `grants` that allows `ticket`.
///
/// # Errors
/// The refusal of the grant that came furthest; `unknown_client` if there is none for the client at all.
pub fn find<'a>(
    grants: &'a [Grant],
    holder: &AgencyId,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<&'a Grant, Refusal> {
    let mut nearest = Refusal::UnknownClient;
    for grant in grants.iter().filter(|grant| grant.holder == *holder) {
        match grant.allows(ticket, now) {
            Ok(()) => return Ok(grant),
            // Codes stand in the order in which they are found: a later one is nearer.
            Err(refusal) => nearest = nearest.max(refusal),
        }
    }
    Err(nearest)
}
