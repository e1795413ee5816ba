//! Languages, and text that exists in each of them.

use serde::{Deserialize, Serialize};

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Korean, the language of record.
    #[default]
    Ko,
    /// English.
    En,
}

impl Locale {
    /// Every language, the language of record first.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The BCP 47 tag, as used in `lang`, paths and cookies.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The language with this tag, if it is one of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag)
    }
}

/// A text in every language of the portal.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in `locale`.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::Ko => &self.ko,
            Locale::En => &self.en,
        }
    }
}

/// Picks the Korean particle that fits the sound `word` ends with: `(with_final, without_final)`,
/// such as `("을", "를")`. A word that ends in a digit is read in Korean; any other letter
/// counts as ending in a vowel. `("으로", "로")` follows its own rule: a final ㄹ takes `로`.
pub fn particle(word: &str, with_final: &'static str, without_final: &'static str) -> &'static str {
    const FINAL_RIEUL: u32 = 8;
    let Some(last) = word.chars().rev().find(|c| c.is_alphanumeric()) else {
        return without_final;
    };
    let jongseong = match last {
        '가'..='힣' => (u32::from(last) - u32::from('가')) % 28,
        // 영 일 이 삼 사 오 육 칠 팔 구
        '0' | '3' => 16,
        '1' | '7' | '8' => FINAL_RIEUL,
        '6' => 1,
        _ => 0,
    };
    let open = jongseong == 0 || (with_final == "으로" && jongseong == FINAL_RIEUL);
    if open { without_final } else { with_final }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_follows_the_last_sound() {
        for (word, expected) in
            [("여권", "을"), ("주소", "를"), ("3", "을"), ("2", "를"), ("Kim", "를"), ("신고(서)", "를")]
        {
            assert_eq!(particle(word, "을", "를"), expected, "{word}");
        }
        assert_eq!(particle("서울", "으로", "로"), "로");
        assert_eq!(particle("부산", "으로", "로"), "으로");
    }
}
