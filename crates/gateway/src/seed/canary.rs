//! Words that stand in some values of the registers and nowhere else: where one turns up, a value has leaked.

use super::{draw::Draw, known::KNOWN};

/// What each begins with.
const START: &str = "qz";
const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345679";

/// The canary of one person in one kind of value: for everybody known, and for one in fifty of the others.
pub fn word(seed: u64, value: &str, person: usize) -> Option<String> {
    let mut draw = Draw::of(seed, &format!("canary {value}"), person);
    let planted = draw.one_in(50) || person < KNOWN.len();
    planted.then(|| START.chars().chain((0..10).map(|_| char::from(*draw.one(LETTERS)))).collect())
}

/// The same after a blank, to stand behind a value; empty, when none is planted.
pub fn after(seed: u64, value: &str, person: usize) -> String {
    word(seed, value, person).map(|word| format!(" {word}")).unwrap_or_default()
}

/// The canaries in a text, by how they look.
pub fn found(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| {
        word.len() == 12 && word.starts_with(START) && word.bytes().all(|byte| LETTERS.contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_again_in_its_value() {
        let word = word(7, "address", 0).unwrap();
        let value = format!("가온시 은하로 1, {word}, qz");
        assert_eq!(found(&value).collect::<Vec<_>>(), [word]);
    }
}
