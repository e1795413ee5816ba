use std::{collections::BTreeMap, fmt, str::FromStr};

use domain::service::ItemId;
use exchange::value::Value;

use toml_file::Table;

/// How one kind of record is looked up.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The query for `pull`; its columns are the items and the page key.
    pub query: Option<String>,
    /// The query for `verify`; its one column is the name that belongs to `:resident_number`.
    pub verify: Option<String>,
    /// The items, with the type of each.
    pub items: BTreeMap<ItemId, Type>,
    /// The column that pages go by. The client sees its value: it must say nothing about anybody.
    pub page_key: Option<String>,
}

/// The type of an item, as the exchange names it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Type {
    /// Text.
    Text,
    /// A day, in the register a text such as `2026-11-22`.
    Date,
    /// Whole won.
    Money,
    /// Yes or no, in the register 1 or 0.
    YesNo,
    /// A whole number.
    Integer,
    /// A number with a fraction, in the register a text: a floating-point number is not exact.
    Decimal,
    /// Several lines, in the register a JSON array of strings.
    List,
}

impl Type {
    const ALL: [Self; 7] =
        [Self::Text, Self::Date, Self::Money, Self::YesNo, Self::Integer, Self::Decimal, Self::List];

    /// The name on the wire.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Money => "money",
            Self::YesNo => "yes_no",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::List => "list",
        }
    }

    /// The type of a value.
    pub const fn of(value: &Value) -> Self {
        match value {
            Value::Text(_) => Self::Text,
            Value::Date(_) => Self::Date,
            Value::Money(_) => Self::Money,
            Value::YesNo(_) => Self::YesNo,
            Value::Integer(_) => Self::Integer,
            Value::Decimal(_) => Self::Decimal,
            Value::List(_) => Self::List,
        }
    }

    /// Whether the register has it as a whole number; otherwise as a text.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Money | Self::YesNo | Self::Integer)
    }
}

impl FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::wire).join(", ");
        Self::ALL.into_iter().find(|kind| kind.wire() == text).ok_or(format!("not one of {names}"))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wire())
    }
}

pub(super) fn read(table: &Table) -> Option<Kind> {
    let text = |key| table.optional(key).and_then(|node| Some(node.string()?.to_owned()));
    let (query, verify, page_key) = (text("query"), text("verify"), text("page_key"));
    let mut items = BTreeMap::new();
    for (item, node) in table.optional("items")?.table()?.entries::<ItemId>() {
        items.extend(node.parsed().map(|kind| (item, kind)));
    }
    if query.is_none() && verify.is_none() {
        table.fault("neither `query` nor `verify`: nothing could be asked");
    }
    Some(Kind { query, verify, items, page_key })
}
