//! The parts that pages are made of, and the only place with raw form controls. Each of them is shown in each
//! state on `/design`.

mod button;
mod choice;
mod date;
mod field;
mod form;
mod icon;
mod list;
mod navigation;
mod notice;
mod table;
mod text;
mod value;

pub use button::{Button, ButtonLink, ButtonTone, ValueButton};
pub use choice::{Checkboxes, Choice, Radios, Select};
pub use date::DateInput;
pub use field::Width;
pub use form::{FormPage, PostForm, SendAgain};
pub use icon::{Icon, Picture};
pub use list::{Card, CardList, Details, LinkList, SummaryList, SummaryRow};
pub(crate) use navigation::draw_trail;
pub use navigation::{Crumb, Pagination, SearchBox, Steps, Tab, Tabs, trail};
pub use notice::{Badge, Empty, Notice, Panel, Progress};
pub use table::{Column, Table};
pub use text::{FileInput, InputKind, PasswordInput, TextArea, TextInput};
pub use value::{Address, Date, DateTime, Money, Phone, date_text, instant_text, money_text, phone_text};
