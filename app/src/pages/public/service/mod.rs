//! The page of one service: what it is, what it needs, what comes of it.

mod draw;
mod records;

use domain::service::{About, Attachment, Catalogue, Deadline, Proxy, Remedy, RemedyKind, Service};
use domain::text::Locale;

use super::line::{ServiceLine, agency};
use super::terms;
use crate::page::Head;
use crate::words::public::service as words;

pub use draw::{bring_list, view};
pub use records::RecordLine;

/// How many related services are shown.
const RELATED: usize = 3;

/// Something said of a service, and whether it was seen in a legal source.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is about; may be empty.
    pub term: &'static str,
    /// The sentences.
    pub lines: Vec<String>,
    /// Whether it was verified.
    pub verified: bool,
}

/// Something the citizen must bring.
#[derive(Clone, Debug)]
pub struct BringLine {
    /// What it is.
    pub name: String,
    /// What must be seen on it; may be empty.
    pub help: String,
    /// When it is needed, where not always.
    pub sometimes: Option<&'static str>,
}

/// All that the page of a service says, in the language of the reader.
#[derive(Clone, Debug)]
pub struct ServiceView {
    /// Its place in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its main category: place in addresses and name.
    pub category: Option<(String, String)>,
    /// Who it is for, how long it takes, what it costs and so on.
    pub facts: Vec<Fact>,
    /// What is fetched.
    pub records: Vec<RecordLine>,
    /// What must be brought.
    pub bring: Vec<BringLine>,
    /// How it is decided.
    pub decided: Vec<&'static str>,
    /// The law it stands on.
    pub law: Vec<Fact>,
    /// What can be done against the result.
    pub remedies: Vec<Fact>,
    /// Services of the same kind.
    pub related: Vec<ServiceLine>,
    /// Whether anything on the page was not verified.
    pub doubtful: bool,
}

impl ServiceView {
    /// What the catalogue says of a service.
    pub fn of(catalogue: &Catalogue, service: &Service, l: Locale) -> Self {
        let category = service.categories.first().and_then(|id| catalogue.category(id));
        let mut decided = vec![if service.is_straight_through() {
            words::decided_machine(l)
        } else {
            words::decided_officer(l)
        }];
        if service.preliminary_review {
            decided.push(words::preliminary(l));
        }
        let mut view = Self {
            id: service.id.as_str().to_owned(),
            name: service.name.get(l).to_owned(),
            description: service.description.get(l).to_owned(),
            category: category
                .map(|category| (category.id.as_str().to_owned(), category.name.get(l).to_owned())),
            facts: facts(catalogue, service, l),
            records: RecordLine::all(catalogue, service, l),
            bring: service.attachments.iter().map(|attachment| bring(attachment, l)).collect(),
            decided,
            law: service
                .legal_basis
                .iter()
                .map(|basis| Fact { term: "", lines: vec![basis.citation(l)], verified: basis.verified })
                .collect(),
            remedies: service.remedies().iter().map(|remedy| self::remedy(remedy, l)).collect(),
            related: related(catalogue, service, l),
            doubtful: false,
        };
        view.doubtful = view.facts.iter().chain(&view.law).chain(&view.remedies).any(|fact| !fact.verified);
        view
    }
}

/// The head of the page.
pub fn head(service: &ServiceView) -> Head {
    Head::listed(&service.name, &service.description)
}

fn facts(catalogue: &Catalogue, service: &Service, l: Locale) -> Vec<Fact> {
    let sure = |term, line: &str| Fact { term, lines: vec![line.to_owned()], verified: true };
    let mut period = vec![terms::period(&service.period, l)];
    period.extend(service.period.note.iter().map(|note| note.get(l).to_owned()));
    let mut facts = vec![
        sure(words::audience(l), service.audience.get(l)),
        Fact { term: words::period(l), lines: period, verified: service.period.verified },
        Fact { term: words::fee(l), lines: terms::fee(&service.fee, l), verified: service.fee.verified },
    ];
    facts.extend(service.deadlines.iter().map(|limit| deadline(limit, l)));
    facts.push(sure(words::agency(l), &agency(catalogue, &service.routing, l)));
    facts.push(sure(words::result(l), service.outcome.title().get(l)));
    facts.push(sure(
        words::proxy(l),
        match service.proxy {
            Proxy::Allowed => words::proxy_allowed(l),
            Proxy::InPersonOnly => words::proxy_in_person(l),
            Proxy::NotAllowed => words::proxy_none(l),
        },
    ));
    facts
}

fn deadline(deadline: &Deadline, l: Locale) -> Fact {
    let mut lines = vec![words::deadline_text(l, deadline.from.get(l), &terms::length(deadline.within, l))];
    lines.extend(deadline.late.iter().map(|late| late.get(l).to_owned()));
    Fact { term: words::deadline(l), lines, verified: deadline.verified }
}

/// What an attachment is to the citizen.
pub fn bring(attachment: &Attachment, l: Locale) -> BringLine {
    let sometimes = if attachment.when.is_some() {
        Some(words::sometimes(l))
    } else {
        (!attachment.required).then(|| words::not_required(l))
    };
    BringLine {
        name: attachment.name.get(l).to_owned(),
        help: attachment.help.as_ref().map_or_else(String::new, |help| help.get(l).to_owned()),
        sometimes,
    }
}

fn remedy(remedy: &Remedy, l: Locale) -> Fact {
    let what = match remedy.kind {
        RemedyKind::Objection => words::objection(l),
        RemedyKind::AdministrativeAppeal => words::appeal(l),
        RemedyKind::AdministrativeSuit => words::suit(l),
        RemedyKind::GrievancePetition => words::grievance(l),
    };
    let within = remedy.within.map(|limit| words::within(l, &terms::limit(limit, l)));
    let latest = remedy.at_the_latest.map(|limit| words::latest(l, &terms::limit(limit, l)));
    let limits: Vec<String> = within.into_iter().chain(latest).collect();
    let mut lines = vec![what.to_owned()];
    if !limits.is_empty() {
        lines.push(limits.join(", "));
    }
    Fact { term: "", lines, verified: remedy.verified }
}

/// Services that share the main category.
fn related(catalogue: &Catalogue, service: &Service, l: Locale) -> Vec<ServiceLine> {
    let Some(category) = service.categories.first() else { return Vec::new() };
    catalogue
        .services_in(category)
        .filter(|other| other.id != service.id)
        .take(RELATED)
        .map(|other| ServiceLine::of(catalogue, other, l))
        .collect()
}

/// Who has to agree besides the petitioner.
fn consents_too(about: &About, l: Locale) -> Option<&'static str> {
    match about {
        About::Spouse => Some(words::spouse_consents(l)),
        About::Family => Some(words::family_consents(l)),
        About::Applicant | About::Deceased | About::Object { .. } => None,
    }
}
