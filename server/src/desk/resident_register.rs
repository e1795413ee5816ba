//! What the resident register is asked, to know who somebody is.

use chrono::TimeDelta;
use domain::{
    account::{Contact, ContactKind, PersonName},
    id::CitizenId,
    identity,
    resident_number::ResidentNumber,
    service::{AgencyId, ItemId, RecordKindId},
};
use exchange::{
    ids::{CaseId, PersonId, RequestId, TicketId},
    message::{Ask, Page, Parameters, Reply, Request},
    target::Target,
    ticket::{Actor, Ground, Statute, Ticket},
    value::{Record, Value},
};

use crate::state::Portal;

/// How long a ticket holds.
const TICKET: TimeDelta = TimeDelta::minutes(10);
/// The holder's clock may be behind ours.
const CLOCKS: TimeDelta = TimeDelta::seconds(10);

/// The register gave no answer that can be used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the resident register gives no answer now")]
pub struct NoAnswer;

/// Somebody who says who they are: the account, and the attempt that tickets name.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The account.
    pub citizen_id: CitizenId,
    /// The attempt.
    pub case: CaseId,
}

/// Whether there is a register that could be asked.
pub fn is_known(portal: &Portal) -> bool {
    holder(portal).is_some()
}

/// The person with this name and number, whoever that is; none when the register can have no such name.
pub fn person(name: &PersonName, number: ResidentNumber) -> Option<Target> {
    Some(Target::Person { number, name: name.as_str().parse().ok()? })
}

/// Whether name and number belong together, and to somebody who lives.
///
/// # Errors
/// [`NoAnswer`].
pub async fn verify(portal: &Portal, asker: Asker, target: &Target) -> Result<bool, NoAnswer> {
    match ask(portal, asker, target, Ask::Verify {}).await? {
        Reply::Verified {} => Ok(true),
        Reply::NotVerified {} => Ok(false),
        _ => Err(NoAnswer),
    }
}

/// The contact that the register has of a person: the mobile number where messages reach one, else the mail address.
///
/// # Errors
/// [`NoAnswer`].
pub async fn contact(portal: &Portal, asker: Asker, target: &Target) -> Result<Option<Contact>, NoAnswer> {
    let page = Page::first(1);
    match ask(portal, asker, target, Ask::Pull { parameters: Parameters::default(), page }).await? {
        Reply::Found(found) => Ok(found.records.first().and_then(|record| reachable(portal, record))),
        Reply::NotFound {} => Ok(None),
        _ => Err(NoAnswer),
    }
}

fn reachable(portal: &Portal, record: &Record) -> Option<Contact> {
    let item = |name: &str, kind| {
        let id: ItemId = name.parse().ok()?;
        match record.get(&id) {
            Some(Value::Text(text)) if portal.messenger.reaches(kind) => {
                Contact::parse_as(kind, text.as_str()).ok()
            }
            _ => None,
        }
    };
    item(identity::MOBILE, ContactKind::Phone).or_else(|| item(identity::EMAIL, ContactKind::Email))
}

fn holder(portal: &Portal) -> Option<(AgencyId, RecordKindId)> {
    let kind: RecordKindId = identity::KIND.parse().ok()?;
    let holder = portal.agencies.as_ref()?.holders_of(&kind).next()?.clone();
    Some((holder, kind))
}

async fn ask(portal: &Portal, asker: Asker, target: &Target, ask: Ask) -> Result<Reply, NoAnswer> {
    let (holder, kind) = holder(portal).ok_or(NoAnswer)?;
    let request = request(portal, (&holder, kind), (asker, target), ask).ok_or_else(|| {
        tracing::error!(%holder, "a request to the resident register cannot be made");
        NoAnswer
    })?;
    let why = match crate::exchange::ask(portal, asker.citizen_id, &holder, &request).await {
        Ok(Ok(Reply::Refused { code })) => code.to_string(),
        Ok(Ok(reply)) => return Ok(reply),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(%holder, request = %request.id(), why, "the resident register gave no answer");
    Err(NoAnswer)
}

fn request(
    portal: &Portal,
    (holder, kind): (&AgencyId, RecordKindId),
    (asker, target): (Asker, &Target),
    ask: Ask,
) -> Option<Request> {
    let (now, chance) = (portal.now(), &*portal.chance);
    let agencies = portal.agencies.as_ref()?;
    let items = [identity::MOBILE, identity::EMAIL].map(str::parse);
    let ticket = Ticket {
        id: TicketId::mint(now, chance),
        client: agencies.client().clone(),
        actor: Actor::Citizen(PersonId::try_from(asker.citizen_id.0).ok()?),
        subject: agencies.subject(holder, target)?,
        case: asker.case,
        verb: ask.verb(),
        kind,
        items: items.into_iter().collect::<Result<_, _>>().ok()?,
        purpose: identity::PURPOSE.parse().ok()?,
        ground: Ground::Statute(Statute::new(identity::LAW, identity::ARTICLE).ok()?),
        issued: (now - CLOCKS).into(),
        expires: (now + TICKET).into(),
    };
    Request::new(RequestId::mint(now, chance), ticket, target.clone(), ask).ok()
}
