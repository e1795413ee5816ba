//! Tables that become cards on a phone.

use leptos::either::Either;
use leptos::prelude::*;

/// A column of a [`Table`].
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    numeric: bool,
}

impl Column {
    /// A column of text.
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), numeric: false }
    }

    /// A column of numbers, set flush right.
    pub fn numeric(title: impl Into<String>) -> Self {
        Self { title: title.into(), numeric: true }
    }
}

/// A table. The first cell of each row is its heading.
///
/// The roles are written out, because browsers drop them when style turns rows into cards.
#[component]
pub fn Table(
    /// What the table tells.
    #[prop(into)]
    caption: String,
    /// The columns.
    columns: Vec<Column>,
    /// The cells, as many in each row as there are columns.
    rows: Vec<Vec<AnyView>>,
    /// Whether the caption is only for screen readers, because a heading above says the same.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let heads = columns
        .iter()
        .map(|column| {
            view! {
                <th role="columnheader" scope="col" class=class(column)>
                    {column.title.clone()}
                </th>
            }
        })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .zip(&columns)
                .enumerate()
                .map(|(index, (cell, column))| {
                    if index == 0 {
                        Either::Left(view! {
                            <th role="rowheader" scope="row" class=class(column)>
                                {cell}
                            </th>
                        })
                    } else {
                        Either::Right(view! {
                            <td role="cell" class=class(column) data-label=column.title.clone()>
                                {cell}
                            </td>
                        })
                    }
                })
                .collect_view();
            view! { <tr role="row">{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="table" role="table">
            <caption class=if quiet { "sr-only" } else { "table-caption" }>{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn class(column: &Column) -> Option<&'static str> {
    column.numeric.then_some("numeric")
}
