use std::{collections::HashSet, path::Path};

use domain::service::AgencyId;
use exchange::{
    ids::ConsentId,
    keys::KeyRing,
    log::{Entry, Exchange, Head, Outcome},
    moment::Moment,
    sign::{Evidence, Nonce, Noted},
    verb::Verb,
};
use rusqlite::Connection;

use super::{LogError, VERSION};

/// What was let through and has not run out at `now`.
pub(super) fn noted(connection: &Connection, now: Moment) -> Result<Vec<Noted>, LogError> {
    let mut query = connection.prepare("select client, nonce, until from received where until > ?1")?;
    let read = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, i64>(2)?));
    let rows = query.query_map([now.seconds()], read)?;
    rows.map(|row| {
        let (sender, nonce, until) = row?;
        let bad = LogError::Beside("a note of what was received cannot be read");
        match (sender.parse(), Moment::from_seconds(until)) {
            (Ok(sender), Some(until)) => Ok(Noted { sender, nonce: Nonce(nonce), until }),
            _ => Err(bad),
        }
    })
    .collect()
}

/// Whether `client` has withdrawn a consent.
pub(super) fn withdrawn(
    connection: &Connection,
    client: &AgencyId,
    consent: ConsentId,
) -> Result<bool, LogError> {
    let query = "select 1 from withdrawals where client = ?1 and consent = ?2";
    let mut find = connection.prepare_cached(query)?;
    Ok(find.exists((client.as_str(), consent.to_string()))?)
}

/// Whether something about a person or thing left the register, on the ground of the ticket.
pub(super) fn gives(exchange: &Exchange) -> bool {
    matches!(exchange.ticket.verb, Verb::Pull | Verb::Verify)
        && !matches!(exchange.outcome, Outcome::Refused { .. } | Outcome::Unavailable {})
}

/// Reads the whole log and hands each line to `each`, after checking that it continues the one before, that its evidence
/// proves that the client asked, and that nothing was given on a consent that had been withdrawn. Gives the end of the
/// chain.
///
/// # Errors
/// The first entry that is not as it was written.
pub fn verify(
    file: &Path,
    owner: &AgencyId,
    clients: &KeyRing,
    mut each: impl FnMut(&str),
) -> Result<Head, LogError> {
    let connection = Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    if connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? != VERSION {
        return Err(LogError::Version);
    }
    let mut statement =
        connection.prepare("select number, client, request, line, evidence from entries order by number")?;
    let mut rows = statement.query([])?;
    let (mut head, mut taken_back) = (Head::start(owner), HashSet::new());
    while let Some(row) = rows.next()? {
        let number: u64 = row.get(0)?;
        let key: (String, String) = (row.get(1)?, row.get(2)?);
        let (line, evidence): (String, String) = (row.get(3)?, row.get(4)?);
        let bad = |what: String| LogError::Entry(number, what);
        let entry = Entry::parse(line.as_bytes()).map_err(|refused| bad(refused.to_string()))?;
        head = head.follow(&entry).map_err(|broken| bad(broken.to_string()))?;
        let exchange = &entry.exchange;
        if (exchange.ticket.client.as_str(), exchange.request.to_string()) != (key.0.as_str(), key.1) {
            return Err(bad("it stands under another client or request".to_owned()));
        }
        let evidence: Evidence =
            serde_json::from_str(&evidence).map_err(|_| bad("its evidence cannot be read".to_owned()))?;
        evidence.proves(exchange, clients).map_err(|refused| bad(refused.to_string()))?;
        check_consent(&connection, exchange, &mut taken_back).map_err(|what| bad(what.to_owned()))?;
        each(&line);
    }
    Ok(head)
}

/// Whether the entry keeps to the withdrawals before it; its own, if it is one, has to be kept beside the log.
fn check_consent(
    connection: &Connection,
    exchange: &Exchange,
    taken_back: &mut HashSet<(AgencyId, ConsentId)>,
) -> Result<(), &'static str> {
    let ticket = &exchange.ticket;
    let Some(consent) = ticket.ground.consent() else { return Ok(()) };
    let key = (ticket.client.clone(), consent);
    if ticket.verb == Verb::Withdraw && exchange.outcome == (Outcome::Accepted {}) {
        let kept = withdrawn(connection, &ticket.client, consent).unwrap_or(false);
        taken_back.insert(key);
        return if kept { Ok(()) } else { Err("the withdrawal is not kept beside it") };
    }
    if gives(exchange) && taken_back.contains(&key) {
        return Err("it gave something on a consent that was withdrawn before");
    }
    Ok(())
}
