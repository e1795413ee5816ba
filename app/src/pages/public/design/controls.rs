//! Fields, without and with flaws.

use domain::flaw::{Fault, Flaw};
use leptos::prelude::*;

use crate::form::Form;
use crate::page::locale;
use crate::ui::{
    Button, Checkboxes, Choice, DateInput, FileInput, FormPage, InputKind, PasswordInput, PostForm, Radios,
    Select, TextArea, TextInput, Width,
};
use crate::words::design as words;

fn choices() -> Vec<Choice> {
    let l = locale();
    vec![
        Choice::new("mail", words::by_mail(l)),
        Choice::new("phone", words::by_phone(l)).hint(words::by_phone_hint(l)),
        Choice::new("post", words::long(l)),
    ]
}

/// Every field as it is at first.
pub(super) fn forms() -> impl IntoView {
    let l = locale();
    let filled = Form::from_pairs([
        ("d-name", "김마당 & <b>Kim</b>"),
        ("d-way", "phone"),
        ("d-about", "</textarea><script>alert(1)</script>"),
    ]);
    view! {
        <h2>{words::fields(l)}</h2>
        <div class="column">
            <PostForm action="/design" form=filled>
                <TextInput name="d-name" label=words::name(l) kind=InputKind::Name />
                <TextInput name="d-mail" label=words::mail(l) hint=words::mail_hint(l) kind=InputKind::Email optional=true />
                <TextInput name="d-code" label=words::code(l) kind=InputKind::Code width=Width::Short />
                <TextInput name="d-fixed" label=words::fixed(l) disabled=true width=Width::Medium />
                <TextInput name="d-long" label=words::long(l) hint=words::long(l) optional=true />
                <PasswordInput name="d-password" label=words::password(l) />
                <TextArea name="d-about" label=words::about(l) hint=words::about_hint(l) />
                <Select name="d-pick" label=words::pick(l) choices=choices() width=Width::Medium />
                <Radios name="d-way" label=words::way(l) hint=words::way_hint(l) choices=choices() />
                <Checkboxes name="d-ways" label=words::ways(l) choices=choices() optional=true />
                <DateInput name="d-date" label=words::date(l) hint=words::date_hint(l) />
                <FileInput name="d-file" label=words::file(l) hint=words::file_hint(l) optional=true />
                <Button>{words::send(l)}</Button>
            </PostForm>
        </div>
    }
}

/// Every field with a flaw, under the list of flaws.
pub(super) fn flawed() -> impl IntoView {
    let l = locale();
    let form = Form::from_pairs([("e-mail", "kim@"), ("e-date-year", "2026"), ("e-date-month", "13")])
        .with_flaws(vec![
            Flaw::new("", Fault::WrongSignIn),
            Flaw::new("e-mail", Fault::NotEmail),
            Flaw::new("e-password", Fault::TooShort { min: 8 }),
            Flaw::new("e-about", Fault::TooLong { max: 1000 }),
            Flaw::new("e-pick", Fault::ChooseOne),
            Flaw::new("e-way", Fault::ChooseOne),
            Flaw::new("e-agree", Fault::MustAgree),
            Flaw::new("e-date", Fault::NotADate),
            Flaw::new("e-file", Fault::Empty),
        ]);
    view! {
        <h2>{words::flaws(l)}</h2>
        <FormPage title=words::form_page(l) level=2 action="/design" form=form>
            <TextInput name="e-mail" label=words::mail(l) hint=words::mail_hint(l) kind=InputKind::Email />
            <PasswordInput name="e-password" label=words::password(l) new=true />
            <TextArea name="e-about" label=words::about(l) />
            <Select name="e-pick" label=words::pick(l) choices=choices() width=Width::Medium />
            <Radios name="e-way" label=words::way(l) choices=choices() />
            <Checkboxes
                name="e-agree"
                label=words::agreement(l)
                called=words::agree(l)
                choices=vec![Choice::new("yes", words::agree(l))]
            />
            <DateInput name="e-date" label=words::date(l) />
            <FileInput name="e-file" label=words::file(l) />
            <Button>{words::send(l)}</Button>
        </FormPage>
    }
}
