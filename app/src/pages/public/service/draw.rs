//! How the page of a service looks.

use leptos::prelude::*;

use super::{BringLine, Fact, RecordLine, ServiceView};
use crate::page::{Tone, locale};
use crate::ui::{Badge, ButtonLink, Column, Crumb, SummaryList, SummaryRow, Table, trail};
use crate::words::public::{categories, service as words, services};

use super::super::line::service_cards;

/// The page.
pub fn view(service: ServiceView) -> impl IntoView {
    let l = locale();
    trail(match service.category {
        Some((id, name)) => vec![
            Crumb::new("/categories", categories::title(l)),
            Crumb::new(format!("/categories/{id}"), name),
        ],
        None => vec![Crumb::new("/services", services::title(l))],
    });
    let facts = service.facts.into_iter().map(|fact| SummaryRow::new(fact.term, lines(fact))).collect();
    let decided = service.decided.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    let hint = service.doubtful.then(|| view! { <p class="small">{words::unverified_hint(l)}</p> });
    let related = (!service.related.is_empty()).then(|| {
        view! {
            <section>
                <h2>{words::related(l)}</h2>
                {service_cards(service.related, 3)}
            </section>
        }
    });
    let start = format!("/services/{}/start", service.id);
    view! {
        <div class="service">
            <div class="service-head">
                <h1>{service.name}</h1>
                <p class="lead">{service.description}</p>
                <p>
                    <ButtonLink to=start>{words::start(l)}</ButtonLink>
                </p>
            </div>
            <section>
                <h2>{words::at_a_glance(l)}</h2>
                <SummaryList rows=facts />
            </section>
            <section>
                <h2>{words::records(l)}</h2>
                {records(service.records)}
            </section>
            <section>
                <h2>{words::bring(l)}</h2>
                {bring_list(service.bring)}
            </section>
            <section>
                <h2>{words::decided(l)}</h2>
                {decided}
            </section>
            <section>
                <h2>{words::law(l)}</h2>
                {list(service.law, words::law_none(l))}
            </section>
            <section>
                <h2>{words::remedies(l)}</h2>
                {list(service.remedies, words::law_none(l))}
            </section>
            {hint}
            {related}
        </div>
    }
}

/// The mark of what was not seen in a legal source.
fn mark(verified: bool) -> Option<AnyView> {
    (!verified)
        .then(|| view! { " " <Badge tone=Tone::Warning text=words::unverified(locale()) /> }.into_any())
}

/// The sentences of a fact, the first of them marked where it was not verified.
fn lines(fact: Fact) -> AnyView {
    let verified = fact.verified;
    fact.lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| view! { <span class="line">{line} {mark(verified || index > 0)}</span> })
        .collect_view()
        .into_any()
}

fn list(facts: Vec<Fact>, none: &'static str) -> AnyView {
    if facts.is_empty() {
        return view! { <p>{none}</p> }.into_any();
    }
    let items = facts.into_iter().map(|fact| view! { <li>{lines(fact)}</li> }).collect_view();
    view! { <ul>{items}</ul> }.into_any()
}

fn records(records: Vec<RecordLine>) -> AnyView {
    let l = locale();
    if records.is_empty() {
        return view! { <p>{words::records_none(l)}</p> }.into_any();
    }
    let columns = vec![
        Column::text(words::record(l)),
        Column::text(words::items(l)),
        Column::text(words::purpose(l)),
        Column::text(words::holder(l)),
    ];
    let rows = records
        .into_iter()
        .map(|record| {
            let notes = record
                .notes
                .into_iter()
                .map(|note| view! { <span class="line small">{note}</span> })
                .collect_view();
            let purpose = view! { <span>{record.purpose} {notes}</span> };
            vec![
                record.name.into_any(),
                items(record.items),
                purpose.into_any(),
                view! { <span>{record.holder}</span> }.into_any(),
            ]
        })
        .collect();
    view! {
        <p>{words::records_text(l)}</p>
        <Table caption=words::records(l) columns rows quiet=true />
    }
    .into_any()
}

fn items(items: Vec<(String, bool)>) -> AnyView {
    let items = items
        .into_iter()
        .map(|(name, sensitive)| {
            let mark = sensitive.then(|| view! { " " <Badge text=words::sensitive(locale()) /> });
            view! { <li>{name} {mark}</li> }
        })
        .collect_view();
    view! { <ul class="items">{items}</ul> }.into_any()
}

/// What the citizen must bring, as a list.
pub fn bring_list(lines: Vec<BringLine>) -> AnyView {
    let l = locale();
    if lines.is_empty() {
        return view! { <p>{words::bring_none(l)}</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|line| {
            let help = (!line.help.is_empty()).then(|| view! { <span class="line small">{line.help}</span> });
            let sometimes = line.sometimes.map(|sometimes| view! { " " <Badge text=sometimes /> });
            view! {
                <li>
                    <strong>{line.name}</strong>
                    {sometimes}
                    {help}
                </li>
            }
        })
        .collect_view();
    view! { <ul>{lines}</ul> }.into_any()
}
