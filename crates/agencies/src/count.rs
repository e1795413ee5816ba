//! What operators see: counted by agency, never by person.

use exchange::message::Reply;

use crate::{
    ask::Asking,
    asked::{AskError, Asked},
    breaker::State,
    partner::Partner,
};

/// A request came to an end.
pub(crate) fn asked(asking: &Asking<'_>, asked: &Asked) {
    let agency = asking.partner.agency.as_str().to_owned();
    let labels = [
        ("agency", agency.clone()),
        ("verb", asking.request.ticket().verb.name().to_owned()),
        ("outcome", asked.reply.as_ref().map_or_else(AskError::word, word).to_owned()),
    ];
    metrics::counter!("madang_agency_requests_total", &labels).increment(1);
    let took = asking.started.elapsed().as_secs_f64();
    metrics::histogram!("madang_agency_seconds", &labels[..1]).record(took);
    let breaker = match asking.partner.breaker.state() {
        State::Closed => 0.0,
        State::Probing => 1.0,
        State::Open(_) => 2.0,
    };
    metrics::gauge!("madang_agency_breaker", &labels[..1]).set(breaker);
    if let Err(error) = &asked.reply {
        tracing::warn!(agency, request = %asking.request.id(), %error, "no reply of an agency");
    }
}

/// A further copy of a request is sent.
pub(crate) fn copy(partner: &Partner, why: &'static str) {
    let agency = partner.agency.as_str().to_owned();
    metrics::counter!("madang_agency_copies_total", "agency" => agency, "why" => why).increment(1);
}

const fn word(reply: &Reply) -> &'static str {
    match reply {
        Reply::Found(_) => "found",
        Reply::NotFound {} => "not_found",
        Reply::Refused { code } => code.code(),
        Reply::Unavailable { .. } => "unavailable",
        Reply::Verified {} => "verified",
        Reply::NotVerified {} => "not_verified",
        Reply::Accepted {} => "accepted",
        Reply::Status { .. } => "status",
    }
}
