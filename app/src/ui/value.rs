//! Values as people read them: instants and dates in local time, money, telephone numbers, addresses.

use chrono::{DateTime as Instant, Datelike, FixedOffset, NaiveDate, Timelike, Utc};
use domain::text::Locale;
use leptos::prelude::*;

use crate::page::locale;
use crate::words;

/// Asia/Seoul, which has been nine hours ahead all year for longer than the portal looks back.
const SEOUL_SECONDS: i32 = 9 * 3600;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn local(instant: Instant<Utc>) -> Instant<FixedOffset> {
    let seoul = FixedOffset::east_opt(SEOUL_SECONDS).unwrap_or_else(|| chrono::Offset::fix(&Utc));
    instant.with_timezone(&seoul)
}

/// A date in words: “2026년 11월 22일”, “22 November 2026”.
pub fn date_text(date: NaiveDate, l: Locale) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match l {
        Locale::Ko => format!("{year}년 {month}월 {day}일"),
        Locale::En => format!("{day} {} {year}", MONTHS[date.month0() as usize]),
    }
}

/// An instant in words, local time: “2026년 11월 22일 오후 3시 4분”, “22 November 2026, 3:04pm”.
pub fn instant_text(instant: Instant<Utc>, l: Locale) -> String {
    let here = local(instant);
    let (afternoon, hour) = here.hour12();
    let minute = here.minute();
    let date = date_text(here.date_naive(), l);
    match l {
        Locale::Ko => {
            let half = if afternoon { "오후" } else { "오전" };
            if minute == 0 {
                format!("{date} {half} {hour}시")
            } else {
                format!("{date} {half} {hour}시 {minute}분")
            }
        }
        Locale::En => format!("{date}, {hour}:{minute:02}{}", if afternoon { "pm" } else { "am" }),
    }
}

/// An instant.
#[component]
pub fn DateTime(
    /// The instant.
    at: Instant<Utc>,
) -> impl IntoView {
    let machine = local(at).format("%Y-%m-%dT%H:%M%:z").to_string();
    view! { <time datetime=machine>{instant_text(at, locale())}</time> }
}

/// A date.
#[component]
pub fn Date(
    /// The date.
    on: NaiveDate,
) -> impl IntoView {
    view! { <time datetime=on.to_string()>{date_text(on, locale())}</time> }
}

/// An amount in words: “1,000원”, “1,000 won”.
pub fn money_text(won: i64, l: Locale) -> String {
    words::ui::won(l, &words::grouped(won))
}

/// An amount of money.
#[component]
pub fn Money(
    /// In won.
    won: i64,
) -> impl IntoView {
    view! { <span class="money">{money_text(won, locale())}</span> }
}

/// A Korean telephone number with hyphens; another number as it is.
pub fn phone_text(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if number.starts_with('+') || digits.len() != number.chars().filter(|c| *c != '-' && *c != ' ').count() {
        return number.to_owned();
    }
    let area = if digits.starts_with("02") { 2 } else { 3 };
    match (digits.len(), digits.starts_with('0')) {
        (8, false) => format!("{}-{}", &digits[..4], &digits[4..]),
        (9..=11, true) if digits.len() >= area + 7 && digits.len() <= area + 8 => {
            format!("{}-{}-{}", &digits[..area], &digits[area..digits.len() - 4], &digits[digits.len() - 4..])
        }
        _ => number.to_owned(),
    }
}

/// A telephone number, as a link to call it.
#[component]
pub fn Phone(
    /// The number, with or without hyphens.
    #[prop(into)]
    number: String,
) -> impl IntoView {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! {
        <a class="phone" href=format!("tel:{dialled}")>
            {phone_text(&number)}
        </a>
    }
}

/// A postal address.
#[component]
pub fn Address(
    /// The lines, the largest place first.
    lines: Vec<String>,
    /// The postcode; may be empty.
    #[prop(optional, into)]
    postcode: String,
) -> impl IntoView {
    let postcode = (!postcode.is_empty()).then(|| view! { <span>{format!("({postcode})")}</span> });
    let lines = lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view();
    view! { <span class="address">{postcode} {lines}</span> }
}
