//! Every service, by first letter.

use domain::service::Catalogue;
use domain::text::Locale;
use leptos::prelude::*;

use super::line::ServiceLine;
use crate::page::{Head, locale};
use crate::ui::{LinkList, trail};
use crate::words::public::services as words;

/// Every service, in groups of the same first letter.
#[derive(Clone, Debug, Default)]
pub struct ServicesView {
    /// First letter, and the services under it.
    pub groups: Vec<(String, Vec<ServiceLine>)>,
}

impl ServicesView {
    /// The services of a catalogue in the order of the reader's alphabet.
    pub fn of(catalogue: &Catalogue, l: Locale) -> Self {
        let lines = catalogue.services.iter().map(|service| ServiceLine::of(catalogue, service, l)).collect();
        Self::grouped(lines, l)
    }

    fn grouped(mut lines: Vec<ServiceLine>, l: Locale) -> Self {
        lines.sort_by_cached_key(|line| (initial(&line.name).is_none(), line.name.to_lowercase()));
        let mut groups: Vec<(String, Vec<ServiceLine>)> = Vec::new();
        for line in lines {
            let letter =
                initial(&line.name).map_or_else(|| words::other(l).to_owned(), |letter| letter.to_string());
            match groups.last_mut() {
                Some((last, group)) if *last == letter => group.push(line),
                _ => groups.push((letter, vec![line])),
            }
        }
        Self { groups }
    }
}

/// The letter under which a name stands: the first consonant of a Korean syllable, as dictionaries head their parts.
fn initial(name: &str) -> Option<char> {
    const CONSONANTS: [char; 19] = [
        '가', '가', '나', '다', '다', '라', '마', '바', '바', '사', '사', '아', '자', '자', '차', '카', '타',
        '파', '하',
    ];
    /// How many syllables begin with the same consonant.
    const SYLLABLES: u32 = 588;
    match name.chars().next()? {
        letter @ '가'..='힣' => {
            let index = (u32::from(letter) - u32::from('가')) / SYLLABLES;
            CONSONANTS.get(index as usize).copied()
        }
        letter if letter.is_ascii_alphabetic() => Some(letter.to_ascii_uppercase()),
        _ => None,
    }
}

/// The head of the page.
pub fn head(l: Locale) -> Head {
    Head::listed(words::title(l), words::description(l))
}

/// The page.
pub fn view(services: ServicesView) -> impl IntoView {
    let l = locale();
    trail([]);
    let count: usize = services.groups.iter().map(|(_, lines)| lines.len()).sum();
    let jumps = services
        .groups
        .iter()
        .map(|(letter, _)| {
            view! {
                <li>
                    <a href=format!("#letter-{letter}")>{letter.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let groups = services
        .groups
        .into_iter()
        .map(|(letter, lines)| {
            let id = format!("letter-{letter}");
            let links = lines.into_iter().map(|line| (line.path(), line.name, line.text)).collect();
            view! {
                <section class="letter">
                    <h2 id=id>{letter}</h2>
                    <LinkList links />
                </section>
            }
        })
        .collect_view();
    view! {
        <h1>{words::title(l)}</h1>
        <p>{words::count(l, i64::try_from(count).unwrap_or(i64::MAX))}</p>
        <nav class="letters" aria-label=words::jump(l)>
            <ul>{jumps}</ul>
        </nav>
        {groups}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> ServiceLine {
        ServiceLine {
            id: "id".into(),
            name: name.into(),
            text: String::new(),
            agency: String::new(),
            period: String::new(),
        }
    }

    fn letters(names: &[&str], l: Locale) -> Vec<(String, usize)> {
        ServicesView::grouped(names.iter().map(|name| line(name)).collect(), l)
            .groups
            .into_iter()
            .map(|(letter, lines)| (letter, lines.len()))
            .collect()
    }

    #[test]
    fn services_stand_under_the_letters_of_the_readers_alphabet() {
        assert_eq!(
            letters(&["여권", "전입신고", "출생 신고", "건축허가", "까치"], Locale::Ko),
            [("가".into(), 2), ("아".into(), 1), ("자".into(), 1), ("차".into(), 1)]
        );
        assert_eq!(
            letters(&["birth report", "Building permit", "119"], Locale::En),
            [("B".into(), 2), ("Other".into(), 1)]
        );
    }
}
