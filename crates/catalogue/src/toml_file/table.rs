use std::{cell::RefCell, collections::BTreeSet, fmt::Display, ops::Range, str::FromStr};

use domain::text::Text;
use toml::de::DeTable;

use super::{File, Node};

/// A table while it is read. A key that nobody asked for by the time it is dropped is a fault, so that a
/// misspelt key is never passed over.
pub(crate) struct Table<'a> {
    file: &'a File,
    entries: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Table<'a> {
    pub(super) fn of(file: &'a File, entries: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { file, entries, span, asked: RefCell::default() }
    }

    /// The value of `key`, if it is there.
    pub(crate) fn optional(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key).map(|value| Node::of(self.file, value))
    }

    /// The value of `key`; a fault if it is not there.
    pub(crate) fn required(&self, key: &'static str) -> Option<Node<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            self.fault(format!("`{key}` is missing"));
        }
        value
    }

    /// A text in every language; empty after a fault.
    pub(crate) fn text(&self, key: &'static str) -> Text {
        self.required(key).map(|node| node.bilingual()).unwrap_or_default()
    }

    /// A text in every language, if it is there.
    pub(crate) fn optional_text(&self, key: &'static str) -> Option<Text> {
        self.optional(key).map(|node| node.bilingual())
    }

    /// A string; empty after a fault.
    pub(crate) fn string(&self, key: &'static str) -> String {
        self.required(key).and_then(|node| node.string()).unwrap_or_default().to_owned()
    }

    /// A string that parses as `T`; none after a fault.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, key: &'static str) -> Option<T> {
        self.required(key)?.parsed()
    }

    /// Yes or no; `absent` when it is not there or at fault.
    pub(crate) fn flag(&self, key: &'static str, absent: bool) -> bool {
        self.optional(key).and_then(|node| node.boolean()).unwrap_or(absent)
    }

    /// Yes or no; no after a fault.
    pub(crate) fn required_flag(&self, key: &'static str) -> bool {
        self.required(key).and_then(|node| node.boolean()).unwrap_or(false)
    }

    /// A number within `range`; none after a fault.
    pub(crate) fn number<T: TryFrom<i64>>(&self, key: &'static str) -> Option<T> {
        self.required(key)?.number()
    }

    /// The values of a list; empty when it is not there or at fault.
    pub(crate) fn list(&self, key: &'static str) -> Vec<Node<'a>> {
        self.optional(key).map(|node| node.list()).unwrap_or_default()
    }

    /// The tables of a list such as `[[step]]`; those at fault are left out.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.list(key).into_iter().filter_map(|node| node.table()).collect()
    }

    /// Every key with its value, for a table whose keys are data.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Node<'a>, &'a str, Node<'a>)> + use<'a> {
        let file = self.file;
        self.entries.iter().map(move |(key, value)| {
            (Node::of_key(file, key.span(), value), key.get_ref().as_ref(), Node::of(file, value))
        })
    }

    /// Says that the keys of this table are data, so that none of them is unknown.
    pub(crate) fn keys_are_data(&self) {
        self.asked.borrow_mut().insert("*");
    }

    /// Whether a key is there.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.entries.contains_key(key)
    }

    /// Notes a fault at the table's first line.
    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.file.fault(self.span.clone(), message);
    }

    /// Notes a fault at the line of `key`, or of the table where it is absent.
    pub(crate) fn fault_at(&self, key: &str, message: impl Into<String>) {
        let span = self.entries.get_key_value(key).map_or(self.span.clone(), |(key, _)| key.span());
        self.file.fault(span, message);
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        let asked = self.asked.borrow();
        if asked.contains("*") {
            return;
        }
        for key in self.entries.keys().filter(|key| !asked.contains(key.get_ref().as_ref())) {
            self.file.fault(key.span(), format!("unknown key `{}`", key.get_ref()));
        }
    }
}
