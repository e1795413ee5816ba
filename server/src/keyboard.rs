//! Korean typed while the keyboard is set to English, as many people make their passwords: `안녕` becomes `dkssud`.

/// The keys of the two-set layout (KS X 5002) for the 19 initial consonants, in the order of Unicode.
const INITIALS: [&str; 19] =
    ["r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"];
/// For the 21 vowels.
const VOWELS: [&str; 21] = [
    "k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m",
    "ml", "l",
];
/// For the 27 final consonants, after none.
const FINALS: [&str; 28] = [
    "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q", "qt",
    "t", "T", "d", "w", "c", "z", "x", "v", "g",
];

/// Words that people often make passwords of, besides those of other languages that the judge knows itself.
const COMMON: &[&str] = &[
    "안녕하세요",
    "사랑해",
    "사랑해요",
    "사랑",
    "비밀번호",
    "대한민국",
    "감사합니다",
    "행복",
    "우리집",
    "엄마",
    "아빠",
    "가족",
    "바보",
    "천사",
    "친구",
    "학교",
    "회사",
    "하늘",
    "바다",
    "서울",
    "부산",
    "김치",
    "축구",
    "야구",
    "마당",
    "민원",
    "정부",
    "화이팅",
    "아자아자",
    "한국",
    "코리아",
    "강아지",
    "고양이",
    "공주",
    "왕자",
    "선생님",
    "김",
    "이",
    "박",
    "최",
    "정",
];

/// The Latin letters that the keys of a Korean text give; other characters stay.
pub fn as_latin(text: &str) -> String {
    let mut keys = String::new();
    for c in text.chars() {
        let code = u32::from(c);
        if (0xac00..=0xd7a3).contains(&code) {
            let index = (code - 0xac00) as usize;
            keys.push_str(INITIALS[index / 588]);
            keys.push_str(VOWELS[index % 588 / 28]);
            keys.push_str(FINALS[index % 28]);
        } else {
            keys.push(c);
        }
    }
    keys
}

/// The common words, by their keys and as they are read.
pub fn common() -> impl Iterator<Item = String> {
    COMMON.iter().flat_map(|word| [as_latin(word), (*word).to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_is_spelt_by_its_keys() {
        assert_eq!(as_latin("안녕하세요"), "dkssudgktpdy");
        assert_eq!(as_latin("박민지1!"), "qkralswl1!");
        assert_eq!(as_latin("값"), "rkqt");
        assert_eq!(as_latin("kim"), "kim");
    }
}
