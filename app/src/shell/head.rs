//! The document around the body.

use std::fmt::Write as _;

use domain::text::Locale;

use crate::page::{Contrast, Head, Page, TextSize};
use crate::words;

/// What is known of the page once its body is rendered.
pub(crate) struct Outline {
    pub(crate) flawed: bool,
    pub(crate) islands: bool,
    pub(crate) body: String,
}

/// Loads the islands and wakes each of them. Inner islands wake after the ones around them.
const WAKE: &str = include_str!("wake.js");

/// The whole document.
pub(crate) fn document(page: &Page, head: &Head, outline: &Outline) -> String {
    let l = page.locale;
    let mut html = String::with_capacity(outline.body.len() + 2_500);
    let contrast = match page.contrast {
        Contrast::Normal => "light",
        Contrast::High => "high-contrast",
    };
    let size = match page.text_size {
        TextSize::Normal => String::new(),
        size => format!(" data-text-size=\"{}\"", size.code()),
    };
    let _ = write!(
        html,
        "<!DOCTYPE html><html lang=\"{}\" data-krds-mode=\"{contrast}\"{size}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>",
        l.tag(),
        escape(&title(head, outline.flawed, l)),
    );
    if !head.description.is_empty() {
        let _ = write!(html, "<meta name=\"description\" content=\"{}\">", escape(&head.description));
    }
    if !head.index {
        html.push_str("<meta name=\"robots\" content=\"noindex\">");
    }
    html.push_str(match page.contrast {
        Contrast::Normal => "<meta name=\"theme-color\" content=\"#063a74\">",
        Contrast::High => "<meta name=\"theme-color\" content=\"#000000\">",
    });
    let style = &page.assets.style;
    // Pictures lie beside the style sheet, wherever the server puts that.
    let folder = style.rsplit_once('/').map_or("", |(folder, _)| folder);
    let _ = write!(
        html,
        "<meta name=\"format-detection\" content=\"telephone=no\">\
         <link rel=\"icon\" href=\"{folder}/icon-1.svg\" type=\"image/svg+xml\">\
         <link rel=\"apple-touch-icon\" href=\"{folder}/icon-1.png\">\
         <link rel=\"stylesheet\" href=\"{style}\">",
        folder = escape(folder),
        style = escape(style),
    );
    if head.index {
        write_addresses(&mut html, page);
    }
    if outline.islands {
        write_scripts(&mut html, page);
    }
    html.push_str("</head>");
    html.push_str(&outline.body);
    html.push_str("</html>");
    html
}

fn title(head: &Head, flawed: bool, l: Locale) -> String {
    let portal = words::shell::portal(l);
    let title = if head.title.is_empty() { portal.to_owned() } else { format!("{} - {portal}", head.title) };
    if flawed { words::form::error_prefix(l, &title) } else { title }
}

/// The canonical address, and the same page in each language.
fn write_addresses(html: &mut String, page: &Page) {
    if page.origin.is_empty() {
        return;
    }
    let address = |prefix: &str| {
        let path = if page.path == "/" && !prefix.is_empty() { "" } else { page.path.as_str() };
        escape(&format!("{}{prefix}{path}", page.origin))
    };
    let _ = write!(html, "<link rel=\"canonical\" href=\"{}\">", address(page.prefix));
    for locale in Locale::ALL {
        let tag = locale.tag();
        let href = address(&format!("/{tag}"));
        let _ = write!(html, "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{href}\">");
    }
    let _ = write!(html, "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{}\">", address(""));
}

fn write_scripts(html: &mut String, page: &Page) {
    let (js, wasm) = (escape(&page.assets.islands_js), escape(&page.assets.islands_wasm));
    let nonce = escape(&page.nonce);
    let _ = write!(
        html,
        "<link rel=\"modulepreload\" href=\"{js}\" nonce=\"{nonce}\">\
         <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
         <script type=\"module\" nonce=\"{nonce}\" data-js=\"{js}\" data-wasm=\"{wasm}\">{WAKE}</script>",
    );
}

/// Text for the content of an element or for an attribute in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}
