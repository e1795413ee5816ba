//! Everything that is not typed into.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::page::{Tone, locale, page};
use crate::ui::{
    Address, Badge, Button, ButtonLink, ButtonTone, Card, CardList, Column, Date, DateTime, Details, Empty,
    Icon, LinkList, Money, Notice, Pagination, Panel, Phone, Picture, Progress, SearchBox, Steps,
    SummaryList, SummaryRow, Tab, Table, Tabs,
};
use crate::words::design as words;

/// Buttons and links that look like them.
pub(super) fn buttons() -> impl IntoView {
    let l = locale();
    view! {
        <h2>{words::buttons(l)}</h2>
        <div class="buttons">
            <Button>{words::primary(l)}</Button>
            <Button tone=ButtonTone::Secondary>{words::secondary(l)}</Button>
            <Button tone=ButtonTone::Tertiary>{words::tertiary(l)}</Button>
            <Button tone=ButtonTone::Danger>{words::danger(l)}</Button>
            <Button disabled=true>{words::disabled(l)}</Button>
            <Button tone=ButtonTone::Link>{words::link(l)}</Button>
        </div>
        <div class="buttons">
            <ButtonLink to="/design">{words::button_link(l)}</ButtonLink>
            <ButtonLink to="/design" tone=ButtonTone::Secondary>
                {words::long(l)}
            </ButtonLink>
        </div>
    }
}

/// Things said to the reader.
pub(super) fn notices() -> impl IntoView {
    let l = locale();
    let tones = [
        (Tone::Info, words::said_info(l)),
        (Tone::Success, words::said_success(l)),
        (Tone::Warning, words::said_warning(l)),
        (Tone::Danger, words::said_danger(l)),
    ];
    let notices =
        tones.into_iter().map(|(tone, said)| view! { <Notice tone><p>{said}</p></Notice> }).collect_view();
    let badges = tones.into_iter().map(|(tone, said)| view! { <Badge tone text=said /> " " }).collect_view();
    view! {
        <h2>{words::notices(l)}</h2>
        {notices}
        <Notice tone=Tone::Warning title=words::said_warning(l)>
            <p>{words::long(l)}</p>
        </Notice>
        <p>{badges} <Badge text=words::mark(l) /></p>
        <Panel title=words::done(l) level=3>
            <p>{words::number(l)}</p>
        </Panel>
        <Progress id="p-known" label=words::waiting(l) done=3 total=5 />
        <Progress id="p-unknown" label=words::waiting(l) done=0 total=0 />
        <Empty title=words::nothing(l)>
            <p>{words::nothing_text(l)}</p>
        </Empty>
    }
}

/// Lists, tables and cards.
pub(super) fn lists() -> impl IntoView {
    let l = locale();
    let rows = vec![
        SummaryRow::new(words::name(l), "김마당").change("/design"),
        SummaryRow::new(words::mail(l), "madang@example.com").change("/design"),
        SummaryRow::new(words::about(l), words::long(l)),
    ];
    let cards = vec![
        Card::new("/design", words::card(l))
            .text(words::long(l))
            .note(words::mark(l))
            .picture(Picture::Document),
        Card::new("/design", words::card(l)).text(words::nothing_text(l)),
        Card::new("/design", words::long(l)),
    ];
    let tiles = [Picture::House, Picture::Baby, Picture::Car, Picture::Shop]
        .map(|picture| Card::new("/design", words::card(l)).picture(picture))
        .to_vec();
    let columns =
        vec![Column::text(words::item(l)), Column::text(words::agency(l)), Column::numeric(words::fee(l))];
    let table_rows = [(words::name(l), 0), (words::long(l), 1_234_000)]
        .map(|(name, won)| {
            vec![name.into_any(), words::agency_name(l).into_any(), view! { <Money won /> }.into_any()]
        })
        .into();
    let links = vec![
        ("/design".to_owned(), words::card(l).to_owned(), words::long(l).to_owned()),
        ("/design".to_owned(), words::card(l).to_owned(), String::new()),
    ];
    view! {
        <h2>{words::lists(l)}</h2>
        <SummaryList rows />
        <h3>{words::cards(l)}</h3>
        <CardList cards />
        <CardList cards=tiles tiles=true />
        <Table caption=words::table(l) columns rows=table_rows />
        <LinkList links />
        <Details summary=words::more(l)>
            <p>{words::long(l)}</p>
        </Details>
        <Details summary=words::more(l) open=true>
            <p>{words::long(l)}</p>
        </Details>
    }
}

/// Ways through a task and through lists.
pub(super) fn ways() -> impl IntoView {
    let l = locale();
    let steps = [words::step_one(l), words::step_two(l), words::step_three(l), words::step_four(l)]
        .map(str::to_owned)
        .to_vec();
    let tab = |name: &str, current| Tab { to: "/design".to_owned(), name: name.to_owned(), current };
    let tabs =
        vec![tab(words::step_one(l), true), tab(words::step_two(l), false), tab(words::step_three(l), false)];
    view! {
        <h2>{words::ways_through(l)}</h2>
        <Steps steps current=2 />
        <Tabs label=words::ways_through(l) tabs />
        <Pagination newer="/design" older="/design" />
        <h3>{words::search(l)}</h3>
        <SearchBox id="d-search" query="전입" />
    }
}

/// Values as people read them.
pub(super) fn values() -> impl IntoView {
    let l = locale();
    let day = NaiveDate::from_ymd_opt(2026, 3, 27).unwrap_or_default();
    let rows = vec![
        SummaryRow::new(words::instant(l), view! { <DateTime at=page().now /> }),
        SummaryRow::new(words::date(l), view! { <Date on=day /> }),
        SummaryRow::new(words::fee(l), view! { <Money won=1_234_567 /> }),
        SummaryRow::new(words::phone(l), view! { <Phone number="01012345678" /> }),
        SummaryRow::new(
            words::address(l),
            view! { <Address lines=vec![words::address_line(l).to_owned()] postcode="03171" /> },
        ),
    ];
    view! {
        <h2>{words::values(l)}</h2>
        <SummaryList rows />
    }
}

/// The drawings.
pub(super) fn pictures() -> impl IntoView {
    let pictures = Picture::ALL.into_iter().map(|picture| view! { <Icon picture /> " " }).collect_view();
    view! {
        <h2>{words::pictures(locale())}</h2>
        <p class="lead">{pictures}</p>
    }
}
