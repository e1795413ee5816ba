//! Periods, fees and time limits in words.

use domain::service::{Amount, Fee, FeeRule, Length, Period, PeriodRule, TimeLimit};
use domain::text::Locale;

use crate::ui::money_text;
use crate::words::public::value as words;

/// A length of time.
pub(super) fn length(length: Length, l: Locale) -> String {
    match length {
        Length::Immediate => words::immediate_short(l).to_owned(),
        Length::Hours(n) => words::hours(l, n.get().into()),
        Length::Days(n) => words::days(l, n.get().into()),
        Length::Weeks(n) => words::weeks(l, n.get().into()),
        Length::Months(n) => words::months(l, n.get().into()),
        Length::Years(n) => words::years(l, n.get().into()),
    }
}

/// How long an agency may take.
pub(super) fn period(period: &Period, l: Locale) -> String {
    match &period.rule {
        PeriodRule::Fixed { length: Length::Immediate, up_to: None } => words::immediate(l).to_owned(),
        _ => period_in_short(period, l),
    }
}

/// The same in as few words as possible.
pub(super) fn period_in_short(period: &Period, l: Locale) -> String {
    match &period.rule {
        PeriodRule::Fixed { length: Length::Immediate, up_to: None } => words::immediate_short(l).to_owned(),
        PeriodRule::Fixed { length: usual, up_to: None } => words::within(l, &length(*usual, l)),
        PeriodRule::Fixed { length: usual, up_to: Some(longest) } => {
            words::up_to(l, &length(*longest, l), &length(*usual, l))
        }
        PeriodRule::Range { from, to, by } => words::range(l, by.get(l), &length(*from, l), &length(*to, l)),
        PeriodRule::Special => words::special(l).to_owned(),
    }
}

/// How long the petitioner has.
pub(super) fn limit(limit: TimeLimit, l: Locale) -> String {
    match limit {
        TimeLimit::Days(n) => words::days(l, n.into()),
        TimeLimit::Years(n) => words::years(l, n.into()),
    }
}

/// What it costs: one line each for the prices, what comes on top, and the note.
pub(super) fn fee(fee: &Fee, l: Locale) -> Vec<String> {
    let mut lines = match &fee.rule {
        FeeRule::Free => vec![words::free(l).to_owned()],
        FeeRule::ByChannel { online, counter } => channels(*online, *counter, l),
        FeeRule::ByOrdinance { online, counter } => {
            let mut lines = channels(*online, *counter, l);
            lines.push(words::by_ordinance(l).to_owned());
            lines
        }
        FeeRule::ByArea => vec![words::by_area(l).to_owned()],
        FeeRule::Described if fee.note.is_some() => Vec::new(),
        FeeRule::Described => vec![words::described(l).to_owned()],
    };
    lines.extend(
        fee.extras
            .iter()
            .map(|extra| words::extra(l, &money_text(won(extra.amount.0), l), extra.what_for.get(l))),
    );
    lines.extend(fee.note.iter().map(|note| note.get(l).to_owned()));
    lines
}

fn channels(online: Option<Amount>, counter: Option<Amount>, l: Locale) -> Vec<String> {
    if online.is_some() && online == counter {
        return online.map(|both| amount(both, l)).into_iter().collect();
    }
    let online = online.map(|here| words::online(l, &amount(here, l)));
    let counter = counter.map(|there| words::counter(l, &amount(there, l)));
    online.into_iter().chain(counter).collect()
}

fn amount(amount: Amount, l: Locale) -> String {
    if amount.is_free() {
        words::free(l).to_owned()
    } else if let Some(exact) = amount.exact() {
        money_text(won(exact.0), l)
    } else {
        words::between(l, &money_text(won(amount.from.0), l), &money_text(won(amount.to.0), l))
    }
}

fn won(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
