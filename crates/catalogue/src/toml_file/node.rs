use std::{fmt::Display, ops::Range, str::FromStr};

use chrono::{NaiveDate, NaiveTime};
use domain::text::Text;
use toml::{Spanned, de::DeValue};

use super::{File, Table};

/// A value and where it stands. Each reader notes a fault and gives none when the value is of another form.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    file: &'a File,
    value: &'a DeValue<'a>,
    span: Range<usize>,
}

impl<'a> Node<'a> {
    pub(super) fn of(file: &'a File, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { file, value: value.get_ref(), span: value.span() }
    }

    /// The value again, but standing where its key stands.
    pub(super) fn of_key(file: &'a File, span: Range<usize>, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { file, value: value.get_ref(), span }
    }

    /// Notes a fault at this value.
    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.file.fault(self.span.clone(), message);
    }

    fn expect<T>(&self, value: Option<T>, expected: &str) -> Option<T> {
        if value.is_none() {
            self.fault(format!("expected {expected}"));
        }
        value
    }

    /// A string that is not blank.
    pub(crate) fn string(&self) -> Option<&'a str> {
        let text = self.expect(self.value.as_str(), "a text in quotes")?;
        if text.trim().is_empty() {
            self.fault("the text is empty");
            return None;
        }
        Some(text.trim())
    }

    /// Whether it is a whole number.
    pub(crate) fn is_number(&self) -> bool {
        self.value.is_integer()
    }

    /// A string that parses as `T`.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self) -> Option<T> {
        let text = self.string()?;
        text.parse().map_err(|error| self.fault(format!("`{text}`: {error}"))).ok()
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        self.expect(self.value.as_bool(), "true or false")
    }

    /// A whole number that fits into `T`.
    pub(crate) fn number<T: TryFrom<i64>>(&self) -> Option<T> {
        let number =
            self.value.as_integer().map(|number| i64::from_str_radix(number.as_str(), number.radix()));
        let number = self.expect(number, "a whole number")?;
        let fitting = number.ok().and_then(|number| T::try_from(number).ok());
        if fitting.is_none() {
            self.fault("the number is out of range");
        }
        fitting
    }

    /// A day such as `2026-11-22`.
    pub(crate) fn date(&self) -> Option<NaiveDate> {
        let date = self.value.as_datetime().filter(|when| when.time.is_none()).and_then(|when| when.date);
        let date = date
            .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        self.expect(date, "a day such as 2026-11-22")
    }

    /// A time of day such as `07:00:00`.
    pub(crate) fn time(&self) -> Option<NaiveTime> {
        let time = self.value.as_datetime().filter(|when| when.date.is_none()).and_then(|when| when.time);
        let time = time.and_then(|time| {
            NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), time.second.unwrap_or(0).into())
        });
        self.expect(time, "a time of day such as 07:00:00")
    }

    /// A text in every language; what is missing is empty, after a fault.
    pub(crate) fn bilingual(&self) -> Text {
        let Some(entries) = self.expect(self.value.as_table(), "a text with `ko` and `en`") else {
            return Text::default();
        };
        let table = Table::of(self.file, entries, self.span.clone());
        let language = |key: &'static str, name: &str| {
            if let Some(text) = table.optional(key) {
                return text.string().unwrap_or_default().to_owned();
            }
            table.fault(format!("the {name} text (`{key}`) is missing"));
            String::new()
        };
        Text { ko: language("ko", "Korean"), en: language("en", "English") }
    }

    /// The values of a list.
    pub(crate) fn list(&self) -> Vec<Node<'a>> {
        let values = self.expect(self.value.as_array(), "a list");
        values.into_iter().flatten().map(|value| Self::of(self.file, value)).collect()
    }

    /// A table.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        let entries = self.expect(self.value.as_table(), "a table")?;
        Some(Table::of(self.file, entries, self.span.clone()))
    }

    /// One of some words.
    pub(crate) fn one_of<T: Copy>(&self, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.string()?;
        let found = all.iter().copied().find(|one| word(*one) == text);
        if found.is_none() {
            let words: Vec<_> = all.iter().map(|one| format!("`{}`", word(*one))).collect();
            self.fault(format!("`{text}` is not one of {}", words.join(", ")));
        }
        found
    }
}
