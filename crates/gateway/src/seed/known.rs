//! People of the sandbox who are the same whatever the seed and the number of people: somebody special for each test.

use chrono::NaiveDate;

use super::number::number;

/// Somebody special.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// By which a test asks for them.
    pub role: &'static str,
    /// The name.
    pub name: &'static str,
    /// Whether it is a man or a boy.
    pub male: bool,
    /// Whether it is a foreigner.
    pub foreign: bool,
    /// Year, month and day of birth.
    pub birth: (i32, u32, u32),
    /// What is special, in Korean.
    pub ko: &'static str,
    /// What is special, in English.
    pub en: &'static str,
}

impl Known {
    /// The day of birth.
    pub fn born(&self) -> NaiveDate {
        let (year, month, day) = self.birth;
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    /// The resident number; of a foreigner, the alien registration number.
    pub fn number(&self) -> String {
        let index = KNOWN.iter().position(|known| known.role == self.role).unwrap_or(KNOWN.len());
        number(self.born(), (self.male, self.foreign), index)
    }
}

/// Whoever has this role in [`KNOWN`].
///
/// # Panics
/// When nobody has it: roles are written in code.
pub fn known(role: &str) -> &'static Known {
    &KNOWN[place(role)]
}

/// The index of whoever has this role, in the registers' order.
///
/// # Panics
/// As [`known`].
pub(super) fn place(role: &str) -> usize {
    KNOWN.iter().position(|known| known.role == role).expect("a role of `KNOWN`")
}

/// Whom a newcomer can verify as.
pub const NEWCOMERS: [&str; 3] = ["mother", "representative", "moved-yesterday"];

const fn person(
    role: &'static str,
    (name, male): (&'static str, bool),
    birth: (i32, u32, u32),
    (ko, en): (&'static str, &'static str),
) -> Known {
    Known { role, name, male, foreign: false, birth, ko, en }
}

const MALE: bool = true;
const FEMALE: bool = false;

/// Everybody special. Their places are those in every register: somebody new comes last.
pub const KNOWN: [Known; 27] = [
    person(
        "mother",
        ("김민지", FEMALE),
        (1990, 1, 1),
        (
            "가온시에 사는 회사원. 쌍둥이가 있고 아버지가 돌아가셨어요.",
            "An employee in Gaon with twins; her father has died.",
        ),
    ),
    person(
        "father",
        ("이준호", MALE),
        (1988, 5, 12),
        ("김민지의 남편이고 세대주예요.", "Her husband, the head of the household."),
    ),
    person("twin-sister", ("이하린", FEMALE), (2019, 3, 4), ("쌍둥이예요.", "A twin.")),
    person("twin-brother", ("이하준", MALE), (2019, 3, 4), ("쌍둥이예요.", "The other twin.")),
    person(
        "deceased",
        ("김영수", MALE),
        (1955, 7, 7),
        (
            "돌아가신 분이에요. 상속인이 셋이고 집과 자동차가 있어요.",
            "Has died; three heirs, a house and a vehicle.",
        ),
    ),
    person(
        "widow",
        ("박순자", FEMALE),
        (1958, 2, 2),
        ("돌아가신 분의 배우자예요.", "The widow of the deceased."),
    ),
    person("heir", ("김민수", MALE), (1986, 9, 17), ("돌아가신 분의 아들이에요.", "A son of the deceased.")),
    person(
        "representative",
        ("박서준", MALE),
        (1985, 11, 30),
        ("다솜시에 사는 법인 대표예요.", "Represents a company; lives in Dasom."),
    ),
    person(
        "moved-yesterday",
        ("최지우", FEMALE),
        (1996, 8, 15),
        ("어제 가온시에서 나래시로 이사했어요.", "Moved from Gaon to Narae yesterday."),
    ),
    Known {
        role: "foreigner",
        name: "NGUYEN LAN ANH",
        male: FEMALE,
        foreign: true,
        birth: (2003, 5, 20),
        ko: "가온시에 사는 외국인 유학생이에요.",
        en: "A foreign student in Gaon.",
    },
    person(
        "ward",
        ("정다은", FEMALE),
        (2012, 10, 1),
        ("부모가 없고 후견인이 있는 아이예요.", "A child without parents, with a guardian."),
    ),
    person(
        "guardian",
        ("정미경", FEMALE),
        (1975, 4, 18),
        ("정다은의 후견인이에요.", "The child's guardian."),
    ),
    person("one-syllable", ("봄", FEMALE), (1993, 3, 20), ("이름이 한 글자예요.", "A name of one syllable.")),
    person(
        "seventeen-syllables",
        ("한바다윤슬햇살처럼언제나맑고고운달", MALE),
        (2001, 6, 6),
        ("이름이 열일곱 글자예요.", "A name of seventeen syllables."),
    ),
    person(
        "many-records",
        ("강만호", MALE),
        (1970, 12, 12),
        ("자동차 100,000대를 가진 대여업자예요.", "Rents out 100,000 vehicles of his own."),
    ),
    person(
        "many-refunds",
        ("오세라", FEMALE),
        (1968, 9, 9),
        ("돌려받을 돈이 60건 있어요.", "Is owed 60 refunds."),
    ),
    person(
        "no-contact",
        ("문고요", MALE),
        (1949, 2, 10),
        ("등록된 연락처가 없어요.", "The register has no contact."),
    ),
    person(
        "mail-only",
        ("서하늘", FEMALE),
        (1982, 4, 4),
        ("전자우편만 등록되어 있어요.", "The register has a mail address alone."),
    ),
    person(
        "in-need",
        ("신보람", FEMALE),
        (1972, 11, 8),
        (
            "기초생활수급자이고 등록 장애인이에요.",
            "Receives livelihood benefits, and has a registered disability.",
        ),
    ),
    person("pensioner", ("조복례", FEMALE), (1947, 1, 25), ("국민연금을 받아요.", "Receives a pension.")),
    person(
        "namesake",
        ("김민지", FEMALE),
        (1992, 7, 21),
        ("첫째 사람과 이름이 같아요.", "Bears the name of the first."),
    ),
    person(
        "left-work",
        ("임시우", MALE),
        (1991, 10, 10),
        ("20일 전에 직장을 그만뒀어요.", "Left work 20 days ago."),
    ),
    person(
        "conscript",
        ("유강산", MALE),
        (2004, 8, 1),
        ("병역 의무가 남아 있어요.", "Has yet to serve in the army."),
    ),
    person(
        "indebted",
        ("배두리", MALE),
        (1979, 6, 23),
        ("자동차가 압류되었고 집에 근저당이 있어요.", "A seized vehicle and a mortgaged house."),
    ),
    person(
        "in-arrears",
        ("한체리", FEMALE),
        (1983, 12, 5),
        ("밀린 국세와 지방세가 있어요.", "Owes national and local tax."),
    ),
    person(
        "single-parent",
        ("윤소라", FEMALE),
        (1987, 3, 14),
        ("혼자 아이를 키워요.", "Brings up a child alone."),
    ),
    person(
        "child-of-single-parent",
        ("윤아라", FEMALE),
        (2021, 11, 2),
        ("윤소라의 딸이에요.", "Her daughter."),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_are_all_different_and_never_change() {
        let numbers: std::collections::BTreeSet<_> = KNOWN.iter().map(Known::number).collect();
        assert_eq!(numbers.len(), KNOWN.len());
        assert_eq!(known("mother").number(), "900101-0104729");
        assert_eq!(known("foreigner").number(), "030520-6423812");
        assert_eq!(known("one-syllable").name.chars().count(), 1);
        assert_eq!(known("seventeen-syllables").name.chars().count(), 17);
        assert!(NEWCOMERS.iter().all(|role| known(role).role == *role));
    }
}
