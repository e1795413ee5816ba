//! What every page knows of the visit, and the way from a view to a whole HTML document.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::text::Locale;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::shell;
use crate::ui::Crumb;

/// What every page knows of the visit.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of this page.
    pub locale: Locale,
    /// The language prefix of the address: `""`, `"/ko"` or `"/en"`.
    pub prefix: &'static str,
    /// Scheme and host by which the portal is known, such as `https://madang.example`; empty when nobody said so. Then
    /// pages name no canonical address.
    pub origin: String,
    /// The path without the prefix, beginning with `/`.
    pub path: String,
    /// The query without `?`; empty when there is none.
    pub query: String,
    /// The colours the visitor chose.
    pub contrast: Contrast,
    /// The size of text the visitor chose.
    pub text_size: TextSize,
    /// Who is signed in.
    pub visitor: Option<Visitor>,
    /// Whether everything is make-believe here.
    pub sandbox: bool,
    /// The nonce of the content security policy.
    pub nonce: String,
    /// Where style and scripts are.
    pub assets: &'static Assets,
    /// Said once, on the page after an action.
    pub notice: Option<Notice>,
    /// The instant the page is made.
    pub now: DateTime<Utc>,
}

/// The colours of the page.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Contrast {
    /// Dark on light.
    #[default]
    Normal,
    /// High contrast, light on dark.
    High,
}

impl Contrast {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Normal, Self::High];

    /// The code in forms and cookies.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }

    /// The choice with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }
}

/// The size of text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum TextSize {
    /// As designed.
    #[default]
    Normal,
    /// 115 percent.
    Large,
    /// 130 percent.
    Larger,
}

impl TextSize {
    /// Every choice, the smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Larger];

    /// The code in forms and cookies.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Larger => "larger",
        }
    }

    /// The choice with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The name to show.
    pub name: String,
    /// Citizen or staff.
    pub kind: VisitorKind,
    /// When the session ends unless it is used.
    pub session_ends: Option<DateTime<Utc>>,
}

/// The two sides of the counter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VisitorKind {
    /// A citizen.
    Citizen,
    /// An officer, a steward or another member of an agency.
    Staff,
}

/// URL paths of the style and the scripts, hashed or not.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The JavaScript that loads the islands.
    pub islands_js: String,
    /// The islands.
    pub islands_wasm: String,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Tone {
    /// Good to know.
    #[default]
    Info,
    /// Done.
    Success,
    /// Take care.
    Warning,
    /// Failed or lost.
    Danger,
}

/// A sentence shown once, after an action.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, in the language of the page.
    pub text: String,
}

/// What the head of the document says.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The title, without the name of the portal. Plain text.
    pub title: String,
    /// One or two sentences for search engines. Plain text; left out when empty.
    pub description: String,
    /// Whether scripts are wanted even when no part of the page asks for them.
    pub islands: bool,
    /// Whether search engines may list the page.
    pub index: bool,
}

impl Head {
    /// The head of a page that search engines may list.
    pub fn listed(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { title: title.into(), description: description.into(), islands: false, index: true }
    }

    /// The head of a page that is nobody else's business.
    pub fn unlisted(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// A rendered page.
#[derive(Clone, Debug)]
pub struct Document {
    /// The whole HTML document.
    pub html: String,
    /// Whether it loads scripts: then the content security policy must allow wasm.
    pub islands: bool,
}

/// What parts of the page tell the shell around it while they are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) flawed: bool,
    pub(crate) islands: bool,
}

type Telling = Arc<Mutex<Told>>;

/// Tells the shell something. Does nothing outside of [`render`].
pub(crate) fn tell(what: impl FnOnce(&mut Told)) {
    if let Some(told) = use_context::<Telling>() {
        what(&mut told.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The visit.
///
/// # Panics
/// Outside of [`render`].
pub fn page() -> Arc<Page> {
    expect_context::<Arc<Page>>()
}

/// The language of the page.
///
/// # Panics
/// Outside of [`render`].
pub fn locale() -> Locale {
    page().locale
}

/// The address of `path` on this portal in the language prefix of the visit. Every internal link and form action goes
/// through here. Addresses that do not begin with `/` stay as they are.
///
/// # Panics
/// Outside of [`render`].
pub fn href(path: &str) -> String {
    if path.starts_with('/') { format!("{}{path}", page().prefix) } else { path.to_owned() }
}

/// A path with the path to go to afterwards, if there is one.
pub fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let mut query = form_urlencoded::Serializer::for_suffix(format!("{path}?"), path.len() + 1);
    query.append_pair("next", next).finish()
}

/// The whole HTML document of a page. `view` is called once, inside the context of the page.
pub fn render<V: IntoView>(page: Page, head: Head, view: impl FnOnce() -> V) -> String {
    document(page, head, view).html
}

/// As [`render`], and whether the document loads scripts.
pub fn document<V: IntoView>(page: Page, head: Head, view: impl FnOnce() -> V) -> Document {
    let page = Arc::new(page);
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let document = owner.with(|| {
        let telling = Telling::default();
        provide_context(page.clone());
        provide_context(telling.clone());
        let content = view().into_any();
        let told = telling.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let body = without_markers(&shell::body(&page, told.crumbs, content).to_html());
        let told = telling.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let islands = head.islands || told.islands;
        let html = shell::document(&page, &head, &shell::Outline { flawed: told.flawed, islands, body });
        Document { html, islands }
    });
    owner.cleanup();
    document
}

/// Takes out the marks that the renderer leaves for hydration; inside of islands they stay, as proper comments. Text
/// never contains them: its `<` is escaped.
fn without_markers(html: &str) -> String {
    const MARK: &str = "<!>";
    /// Left by an empty part.
    const NOTHING: &str = "<!--<() />-->";
    const ISLAND_END: &str = "</leptos-island>";
    let mut clean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<leptos-island ") {
        let (before, island) = rest.split_at(start);
        clean.push_str(&before.replace(MARK, "").replace(NOTHING, ""));
        let end = island.find(ISLAND_END).map_or(island.len(), |end| end + ISLAND_END.len());
        clean.push_str(&island[..end].replace(MARK, "<!---->"));
        rest = &island[end..];
    }
    clean.push_str(&rest.replace(MARK, "").replace(NOTHING, ""));
    clean
}
