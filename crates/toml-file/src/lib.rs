//! A TOML file whose values know their lines, and that collects its faults instead of stopping at the first. A key that
//! nobody asked for is a fault as well.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use zeroize::Zeroizing;

/// Something wrong in a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// The line; 0 stands for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// One file while it is read.
pub struct File<'a> {
    path: &'a Path,
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> File<'a> {
    /// The file at `path` with this text.
    pub fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text, faults: RefCell::default() }
    }

    /// Hands the top table to `read`, unless the text is not TOML.
    ///
    /// # Errors
    /// All faults, by line.
    pub fn parse<T>(self, read: impl FnOnce(&Table) -> Option<T>) -> Result<T, Vec<Fault>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let message = format!("not TOML: {}", error.message().replace('\n', ", "));
            self.fault(error.span().unwrap_or_default(), message);
        }
        let value = if errors.is_empty() {
            read(&Table::of(&self, document.get_ref(), document.span()))
        } else {
            None
        };
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| fault.line);
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => Err(faults),
        }
    }

    /// A path in the file is meant from the file's folder.
    fn path(&self, text: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(text)
    }

    fn fault(&self, span: Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = 1 + before.matches('\n').count();
        self.faults.borrow_mut().push(Fault { file: self.path.to_owned(), line, message: message.into() });
    }
}

/// A table while it is read. A key that nobody asked for by the time it is dropped is a fault.
pub struct Table<'a> {
    file: &'a File<'a>,
    entries: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Table<'a> {
    fn of(file: &'a File<'a>, entries: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { file, entries, span, asked: RefCell::default() }
    }

    /// The value of a key, if it is there.
    pub fn optional(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key).map(|value| Node { file: self.file, value })
    }

    /// The value of a key; a fault, when it is not there.
    pub fn required(&self, key: &'static str) -> Option<Node<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            self.fault(format!("`{key}` is missing"));
        }
        value
    }

    /// A table; one with nothing in it, and a fault, when it is not there.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.required(key)?.table()
    }

    /// The values of a list; none when it is not there.
    pub fn list(&self, key: &'static str) -> Vec<Node<'a>> {
        self.optional(key).map(|node| node.list()).unwrap_or_default()
    }

    /// Every name with its value, for a table whose keys are data; those whose key is not a `K` are faults.
    pub fn entries<K: FromStr<Err: fmt::Display>>(&self) -> Vec<(K, Node<'a>)> {
        let mut read = Vec::new();
        for (key, value) in self.entries {
            match key.get_ref().parse() {
                Ok(name) => read.push((name, Node { file: self.file, value })),
                Err(error) => self.file.fault(key.span(), format!("`{}`: {error}", key.get_ref())),
            }
        }
        self.asked.borrow_mut().insert("*");
        read
    }

    /// Something is wrong with this table.
    pub fn fault(&self, message: impl Into<String>) {
        self.file.fault(self.span.clone(), message);
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys().filter(|key| !asked.contains(key.get_ref().as_ref())) {
            if !asked.contains("*") {
                self.file.fault(key.span(), format!("unknown key `{}`", key.get_ref()));
            }
        }
    }
}

/// A value with its place.
pub struct Node<'a> {
    file: &'a File<'a>,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// Something is wrong with this value.
    pub fn fault(&self, message: impl Into<String>) {
        self.file.fault(self.value.span(), message);
    }

    fn expected<T>(&self, value: Option<T>, what: &str) -> Option<T> {
        if value.is_none() {
            self.fault(format!("not {what}"));
        }
        value
    }

    /// A string.
    pub fn string(&self) -> Option<&'a str> {
        self.expected(self.value.get_ref().as_str(), "a string")
    }

    /// A string that is a `T`.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self) -> Option<T> {
        self.string()?.parse().map_err(|error| self.fault(format!("{error}"))).ok()
    }

    /// A path, meant from the file's folder.
    pub fn path(&self) -> Option<PathBuf> {
        Some(self.file.path(self.string()?))
    }

    /// A whole number from 1 to `most`.
    pub fn number(&self, most: u32) -> Option<u32> {
        let number = self.value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        let number = number.filter(|number| (1..=most).contains(number));
        self.expected(number, &format!("a whole number from 1 to {most}"))
    }

    /// A table.
    pub fn table(&self) -> Option<Table<'a>> {
        let entries = self.expected(self.value.get_ref().as_table(), "a table")?;
        Some(Table::of(self.file, entries, self.value.span()))
    }

    /// The values of a list; none, and a fault, when it is not one.
    pub fn list(&self) -> Vec<Node<'a>> {
        let values = self.expected(self.value.get_ref().as_array(), "a list");
        values.into_iter().flatten().map(|value| Node { file: self.file, value }).collect()
    }
    /// The bytes of the file that this path names; a fault, when it cannot be read. They are wiped when they go.
    pub fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let path = self.path()?;
        let read = std::fs::read(&path).map_err(|error| self.fault(format!("{}: {error}", path.display())));
        read.ok().map(Zeroizing::new)
    }

    /// What a check of this value gave; its error becomes a fault.
    pub fn good<T, E: fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.fault(error.to_string())).ok()
    }
}
