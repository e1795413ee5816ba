//! The parts of the design system, as HTML: what is escaped, what is wired to what.
#![cfg(feature = "ssr")]

mod visit;

use app::form::{Form, sentence};
use app::page::{Head, Tone};
use app::ui::{
    Button, Checkboxes, Choice, DateInput, FormPage, InputKind, Notice, Pagination, PasswordInput, Radios,
    Select, Steps, TextArea, TextInput, phone_text,
};
use domain::flaw::{Fault, Flaw, PasswordHint};
use domain::text::Locale;
use leptos::prelude::*;
use visit::{body, has, hasnt, html, visit};

const EVIL: &str = "\"></textarea></title><script>alert(1)</script> & <b>";

#[test]
fn what_was_typed_comes_back_as_text_and_never_as_markup() {
    let form = Form::from_pairs([("name", EVIL), ("about", EVIL), ("way", EVIL)]);
    let page = body(Locale::Ko, move || {
        view! {
            <FormPage title=EVIL action="/x" form=form hidden=vec![("back", EVIL.to_owned())]>
                <TextInput name="name" label="이름" />
                <TextArea name="about" label="내용" />
                <Radios name="way" label=EVIL choices=vec![Choice::new(EVIL, EVIL)] />
            </FormPage>
        }
    });
    hasnt(&page, "<script>alert");
    hasnt(&page, "</textarea></title>");
    has(&page, "\">&lt;/textarea>&lt;/title>&lt;script>alert(1)&lt;/script> &amp; &lt;b></textarea>");
}

#[test]
fn a_title_is_text() {
    let page = html(visit(Locale::En), Head::unlisted(EVIL), || view! { <h1>"x"</h1> });
    has(&page, "<title>\"&gt;&lt;/textarea&gt;&lt;/title&gt;&lt;script&gt;".replace('"', "&quot;").as_str());
    hasnt(&page, "<script>alert");
}

#[test]
fn a_line_break_at_the_beginning_of_a_text_survives() {
    let form = Form::from_pairs([("about", "\nsecond line")]);
    let page = body(Locale::En, move || {
        view! {
            <FormPage title="t" action="/x" form=form>
                <TextArea name="about" label="About" />
            </FormPage>
        }
    });
    has(&page, ">\n\nsecond line</textarea>");
}

#[test]
fn a_password_is_never_sent_back() {
    let form = Form::from_pairs([("password", "geheim123")]);
    let page = body(Locale::En, move || {
        view! {
            <FormPage title="t" action="/x" form=form>
                <PasswordInput name="password" label="Password" new=true />
            </FormPage>
        }
    });
    hasnt(&page, "geheim123");
    has(&page, "autocomplete=\"new-password\"");
    has(&page, "data-component=\"RevealPassword_");
}

fn flawed_page(l: Locale) -> String {
    let form = Form::empty().with_flaws(vec![
        Flaw::new("date", Fault::NotADate),
        Flaw::new("mail", Fault::Empty),
        Flaw::new("", Fault::WrongSignIn),
        Flaw::new("way", Fault::ChooseOne),
        Flaw::new("agree", Fault::MustAgree),
    ]);
    html(visit(l), Head::unlisted("Form"), move || {
        view! {
            <FormPage title="Form" action="/x" form=form>
                <TextInput name="mail" label="Email address" hint="We write to it." kind=InputKind::Email />
                <Select name="pick" label="Pick" choices=vec![Choice::new("a", "A")] optional=true />
                <Radios name="way" label="Way" choices=vec![Choice::new("a", "A"), Choice::new("b", "B").hint("b")] />
                <Checkboxes name="agree" label="Terms" called="I agree" choices=vec![Choice::new("yes", "I agree")] />
                <DateInput name="date" label="Birthday" birthday=true />
                <Button>"Send"</Button>
            </FormPage>
        }
    })
}

#[test]
fn a_flaw_is_told_in_the_title_in_the_summary_and_at_its_field() {
    let page = flawed_page(Locale::En);
    has(&page, "<title>Error: Form - Madang</title>");
    has(&page, "role=\"alert\" tabindex=\"-1\" aria-labelledby=\"error-summary-title\"");
    has(&page, "<a href=\"#mail\">Enter email address</a>");
    has(&page, "aria-describedby=\"mail-hint mail-error\"");
    has(&page, "<p id=\"mail-hint\"");
    has(&page, "<p id=\"mail-error\"");
    has(&page, "<label for=\"mail\"");
    has(&page, "aria-invalid=\"true\"");
    has(&page, "type=\"email\"");
    has(&page, "<span class=\"sr-only\">Error: </span>");
}

#[test]
fn the_summary_follows_the_order_of_the_fields() {
    let page = flawed_page(Locale::En);
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    let order = [app::words::form::wrong_sign_in(Locale::En), "#mail", "#way", "#agree", "#date"].map(place);
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn groups_have_legends_and_their_summary_links_reach_the_first_control() {
    let page = flawed_page(Locale::En);
    has(&page, "<fieldset aria-describedby=\"way-error\"");
    has(&page, "<legend class=\"field-label\">Way</legend>");
    has(&page, "id=\"way\" name=\"way\" type=\"radio\"");
    has(&page, "id=\"way-2\" name=\"way\" type=\"radio\"");
    has(&page, "aria-describedby=\"way-2-choice-hint way-error\"");
    has(&page, "id=\"date\" name=\"date-day\"");
    has(&page, "autocomplete=\"bday-year\"");
}

#[test]
fn optional_fields_say_so_and_all_others_are_required() {
    let page = flawed_page(Locale::En);
    has(&page, "Pick (optional)</label>");
    let select = page.split("<select").nth(1).unwrap().split('>').next().unwrap();
    assert!(!select.contains("required"), "{select}");
    let mail = page.split("id=\"mail\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(mail.contains("required"), "{mail}");
}

#[test]
fn the_first_field_of_a_date_is_what_the_language_begins_with() {
    has(&flawed_page(Locale::Ko), "id=\"date\" name=\"date-year\"");
    has(&flawed_page(Locale::Ko), "<title>오류: Form - 마당</title>");
}

#[test]
fn every_form_is_posted_under_the_language_of_the_visit() {
    let mut page = visit(Locale::En);
    page.prefix = "/en";
    let page = html(page, Head::default(), || {
        view! { <FormPage title="t" action="/sign-in">"x"</FormPage> }
    });
    has(&page, "<form method=\"post\" action=\"/en/sign-in\" novalidate");
    has(&page, "action=\"/en/search\"");
    has(&page, "href=\"/en/help\"");
}

#[test]
fn steps_notices_and_pages_of_lists_speak_without_colour() {
    let page = body(Locale::En, || {
        view! {
            <Steps steps=vec!["One".to_owned(), "Two".to_owned(), "Three".to_owned()] current=2 />
            <Notice tone=Tone::Danger fresh=true>
                <p>"Lost"</p>
            </Notice>
            <Pagination older="/list?before=7" />
        }
    });
    has(&page, "aria-label=\"Step 2 of 3\"");
    has(&page, "aria-current=\"step\"");
    has(&page, "One<span class=\"sr-only\"> (done)</span>");
    has(&page, "role=\"alert\"");
    has(&page, "Important: </span>");
    has(&page, "rel=\"next\"");
    hasnt(&page, "rel=\"prev\"");
}

#[test]
fn every_fault_has_a_sentence_in_both_languages() {
    let faults = [
        Fault::Empty,
        Fault::TooShort { min: 1 },
        Fault::TooLong { max: 1000 },
        Fault::WrongCode { tries_left: 0 },
        Fault::WrongCode { tries_left: 1 },
        Fault::WeakPassword(PasswordHint::Personal),
        Fault::WaitUntil { seconds: 3_700 },
        Fault::Garbled,
    ];
    for fault in faults {
        let (ko, en) = (sentence(fault, "비밀번호", Locale::Ko), sentence(fault, "Password", Locale::En));
        assert!(ko != en && !ko.is_empty(), "{fault:?}");
        assert!(!en.contains("Password"), "{en}");
    }
    assert_eq!(sentence(Fault::Empty, "비밀번호", Locale::Ko), "비밀번호를 입력해 주세요.");
    assert_eq!(sentence(Fault::Empty, "이름", Locale::Ko), "이름을 입력해 주세요.");
    assert_eq!(sentence(Fault::Empty, "PIN", Locale::En), "Enter PIN");
    assert_eq!(
        sentence(Fault::TooShort { min: 1 }, "Name", Locale::En),
        "Enter at least 1 character for name"
    );
    assert_eq!(
        sentence(Fault::WaitUntil { seconds: 3_700 }, "", Locale::En),
        "There were too many tries. Try again in 62 minutes"
    );
}

#[test]
fn telephone_numbers_are_grouped_as_people_write_them() {
    for (number, written) in [
        ("01012345678", "010-1234-5678"),
        ("0212345678", "02-1234-5678"),
        ("021234567", "02-123-4567"),
        ("0311234567", "031-123-4567"),
        ("15881234", "1588-1234"),
        ("+82 10 1234 5678", "+82 10 1234 5678"),
        ("110", "110"),
        ("전화", "전화"),
    ] {
        assert_eq!(phone_text(number), written);
    }
}
