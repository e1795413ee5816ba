//! A date in three fields.

use domain::text::Locale;
use leptos::prelude::*;

use super::field::Field;
use crate::page::locale;
use crate::words;

/// A date. It arrives as three fields: `name-year`, `name-month` and `name-day`; flaws belong to `name`.
#[component]
pub fn DateInput(
    /// The field's name; the first of the three controls has it as its id.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// A sentence of help, such as an example.
    #[prop(into, optional)]
    hint: String,
    /// The label inside of error sentences.
    #[prop(into, optional)]
    called: String,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Whether it is the birthday of the person at the screen, which browsers can fill in.
    #[prop(optional)]
    birthday: bool,
) -> impl IntoView {
    let l = locale();
    let field = Field::new(name, label, hint, called, optional);
    let year = ("year", words::ui::year(l), "input input-year", "bday-year");
    let month = ("month", words::ui::month(l), "input input-tiny", "bday-month");
    let day = ("day", words::ui::day(l), "input input-tiny", "bday-day");
    let order = match l {
        Locale::Ko => [year, month, day],
        Locale::En => [day, month, year],
    };
    let controls = order
        .into_iter()
        .enumerate()
        .map(|(index, (part, label, class, autocomplete))| {
            let full = format!("{name}-{part}");
            let id = if index == 0 { name.to_owned() } else { full.clone() };
            let value = field.form.value(&full).to_owned();
            view! {
                <div class="date-part">
                    <label class="date-label" for=id.clone()>
                        {label}
                    </label>
                    <input
                        class=class
                        id=id
                        name=full
                        type="text"
                        inputmode="numeric"
                        autocomplete=if birthday { autocomplete } else { "off" }
                        value=value
                        required=!optional
                        aria-invalid=field.invalid()
                        aria-describedby=field.error.is_some().then(|| format!("{name}-error"))
                    />
                </div>
            }
        })
        .collect_view();
    let controls = view! { <div class="date">{controls}</div> }.into_any();
    field.draw_group(controls)
}
