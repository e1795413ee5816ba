//! A TOML file whose every value knows its line, and that collects its faults instead of stopping at the first.

mod node;
mod table;

pub(crate) use node::Node;
pub(crate) use table::Table;

use std::{
    cell::RefCell,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use toml::{Spanned, de::DeTable};

use crate::Fault;

/// One file while it is read.
pub(crate) struct File {
    path: PathBuf,
    text: String,
    faults: RefCell<Vec<Fault>>,
}

impl File {
    /// Reads the file; one that cannot be read is empty and has a fault.
    pub(crate) fn read(path: &Path) -> Self {
        let file = |text| Self { path: path.to_owned(), text, faults: RefCell::default() };
        match fs::read_to_string(path) {
            Ok(text) => file(text),
            Err(error) => {
                let file = file(String::new());
                file.fault_at_line(0, format!("cannot be read: {error}"));
                file
            }
        }
    }

    /// Parses the whole file and hands its top table to `read`, unless it is not TOML.
    pub(crate) fn parse<T>(&self, read: impl FnOnce(&Table) -> T) -> Option<T> {
        if self.has_faults() {
            return None;
        }
        let (document, errors): (Spanned<DeTable>, _) = DeTable::parse_recoverable(&self.text);
        if errors.is_empty() {
            return Some(read(&Table::of(self, document.get_ref(), document.span())));
        }
        for error in errors {
            let message = format!("not TOML: {}", error.message().replace('\n', ", "));
            self.fault(error.span().unwrap_or_default(), message);
        }
        None
    }

    /// Notes a fault at a place in the text.
    pub(crate) fn fault(&self, span: Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        let line = 1 + before.matches('\n').count();
        self.fault_at_line(line, message);
    }

    /// Notes a fault at a line; 0 stands for the file as a whole.
    pub(crate) fn fault_at_line(&self, line: usize, message: impl Into<String>) {
        self.faults.borrow_mut().push(Fault { file: self.path.clone(), line, message: message.into() });
    }

    /// Whether anything is wrong so far.
    pub(crate) fn has_faults(&self) -> bool {
        !self.faults.borrow().is_empty()
    }

    /// The faults so far.
    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    /// The file's name without its ending.
    pub(crate) fn stem(&self) -> &str {
        self.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
    }
}
