//! Language, size of text and colours: plain forms that come back to the page they were on.

use domain::text::Locale;
use leptos::prelude::*;

use crate::page::{Contrast, Page, TextSize};
use crate::ui::{PostForm, ValueButton};
use crate::words::shell as words;

/// The path and query of this page without the language, to come back to.
fn back(page: &Page) -> String {
    if page.query.is_empty() { page.path.clone() } else { format!("{}?{}", page.path, page.query) }
}

/// A button for each other language, named in that language.
pub(super) fn language(page: &Page) -> AnyView {
    let buttons = Locale::ALL
        .into_iter()
        .filter(|locale| *locale != page.locale)
        .map(|locale| {
            let name = words::language_name(locale);
            view! {
                <ValueButton class="bar-button" name="language" value=locale.tag() lang=locale.tag()>
                    {name}
                </ValueButton>
            }
        })
        .collect_view();
    view! {
        <PostForm action="/preferences/language" class="bar-form" hidden=vec![("back".to_owned(), back(page))]>
            {buttons}
        </PostForm>
    }
    .into_any()
}

/// Size of text and colours, behind one word.
pub(super) fn display(page: &Page) -> AnyView {
    let l = page.locale;
    let sizes = TextSize::ALL
        .into_iter()
        .map(|size| {
            let name = match size {
                TextSize::Normal => words::text_normal(l),
                TextSize::Large => words::text_large(l),
                TextSize::Larger => words::text_larger(l),
            };
            option("text_size", size.code(), name, size == page.text_size)
        })
        .collect_view();
    let contrasts = Contrast::ALL
        .into_iter()
        .map(|contrast| {
            let name = match contrast {
                Contrast::Normal => words::contrast_normal(l),
                Contrast::High => words::contrast_high(l),
            };
            option("contrast", contrast.code(), name, contrast == page.contrast)
        })
        .collect_view();
    view! {
        <details class="display">
            <summary class="bar-button">{words::display(l)}</summary>
            <div class="display-body">
                <PostForm action="/preferences/text-size" class="display-form" hidden=vec![("back".to_owned(), back(page))]>
                    <p class="display-title" id="text-size">
                        {words::text_size(l)}
                    </p>
                    <div class="display-options" role="group" aria-labelledby="text-size">
                        {sizes}
                    </div>
                </PostForm>
                <PostForm action="/preferences/contrast" class="display-form" hidden=vec![("back".to_owned(), back(page))]>
                    <p class="display-title" id="contrast">
                        {words::contrast(l)}
                    </p>
                    <div class="display-options" role="group" aria-labelledby="contrast">
                        {contrasts}
                    </div>
                </PostForm>
            </div>
        </details>
    }
    .into_any()
}

fn option(field: &'static str, code: &'static str, name: &'static str, chosen: bool) -> AnyView {
    view! {
        <ValueButton class="display-option" name=field value=code pressed=chosen>
            {name}
        </ValueButton>
    }
    .into_any()
}
