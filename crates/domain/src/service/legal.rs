use serde::{Deserialize, Serialize};

use super::period::{Length, Period, PeriodRule};
use crate::text::{Locale, Text};

/// The kind of a service in law.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalKind {
    /// 법정민원: a licence, a registration, a certificate that a statute provides for.
    Statutory,
    /// 고충민원: a complaint about an unlawful or unfair act.
    Grievance,
    /// 질의민원: a simple question about a procedure.
    Inquiry,
    /// 질의민원 about the interpretation of a law.
    Interpretation,
    /// 건의민원: a proposal.
    Proposal,
    /// 기타민원: anything else.
    Other,
}

impl LegalKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Statutory, Self::Grievance, Self::Inquiry, Self::Interpretation, Self::Proposal, Self::Other];

    /// The word for it in catalogue files and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Statutory => "statutory",
            Self::Grievance => "grievance",
            Self::Inquiry => "inquiry",
            Self::Interpretation => "interpretation",
            Self::Proposal => "proposal",
            Self::Other => "other",
        }
    }

    /// The period of a service that states none of its own; a statutory one always states it.
    pub fn default_period(self) -> Option<Period> {
        let length = match self {
            Self::Statutory => return None,
            Self::Grievance | Self::Inquiry => "7 days".parse().ok()?,
            Self::Interpretation | Self::Proposal => "14 days".parse().ok()?,
            Self::Other => Length::Immediate,
        };
        Some(Period { rule: PeriodRule::Fixed { length, up_to: None }, note: None, verified: true })
    }

    /// What the petitioner can do against the answer, the mildest first. An objection exists only against
    /// the refusal of a statutory petition; appeal and suit do not depend on it. An answer to any other kind
    /// decides no right, so what remains is a grievance petition.
    pub fn remedies(self) -> Vec<Remedy> {
        match self {
            Self::Statutory => vec![
                Remedy {
                    kind: RemedyKind::Objection,
                    within: Some(TimeLimit::Days(60)),
                    at_the_latest: None,
                    verified: true,
                },
                Remedy {
                    kind: RemedyKind::AdministrativeAppeal,
                    within: Some(TimeLimit::Days(90)),
                    at_the_latest: Some(TimeLimit::Days(180)),
                    verified: true,
                },
                Remedy {
                    kind: RemedyKind::AdministrativeSuit,
                    within: Some(TimeLimit::Days(90)),
                    at_the_latest: Some(TimeLimit::Years(1)),
                    verified: true,
                },
            ],
            _ => vec![Remedy {
                kind: RemedyKind::GrievancePetition,
                within: None,
                at_the_latest: None,
                verified: false,
            }],
        }
    }
}

/// One way to have an answer looked at again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// Which way.
    pub kind: RemedyKind,
    /// The time for it from the day the petitioner learned of the answer; none: no limit.
    pub within: Option<TimeLimit>,
    /// The outer limit from the day of the answer itself.
    pub at_the_latest: Option<TimeLimit>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}

/// The ways to have an answer looked at again.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// 이의신청: to the handling agency itself, which answers in 10 days (10 more with a reason).
    Objection,
    /// 행정심판: to the administrative appeals commission.
    AdministrativeAppeal,
    /// 행정소송: to the administrative court.
    AdministrativeSuit,
    /// 고충민원: to the Anti-Corruption and Civil Rights Commission.
    GrievancePetition,
}

/// How long the petitioner has: calendar days or years, the first day not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeLimit {
    /// Days.
    Days(u16),
    /// Years.
    Years(u16),
}

/// An article that something stands on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// The law's name.
    pub law: Text,
    /// The article's number, such as `16` or `10-2`; none: the law as a whole.
    pub article: Option<String>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}

impl LegalBasis {
    /// Law and article as a reader of `locale` cites them: `주민등록법 제10조의2`, `Resident Registration Act, Article 10-2`.
    pub fn citation(&self, locale: Locale) -> String {
        let law = self.law.get(locale);
        match (&self.article, locale) {
            (None, _) => law.to_owned(),
            (Some(article), Locale::En) => format!("{law}, Article {article}"),
            (Some(article), Locale::Ko) => match article.split_once('-') {
                None => format!("{law} 제{article}조"),
                Some((number, branch)) => format!("{law} 제{number}조의{branch}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_statutory_petition_can_be_objected_to() {
        for kind in LegalKind::ALL {
            let objection = kind.remedies().into_iter().find(|remedy| remedy.kind == RemedyKind::Objection);
            assert_eq!(objection.is_some(), kind == LegalKind::Statutory, "{kind:?}");
        }
        assert_eq!(LegalKind::Statutory.remedies()[0].within, Some(TimeLimit::Days(60)));
    }

    #[test]
    fn every_kind_but_the_statutory_has_a_period_of_its_own() {
        for (kind, length) in [
            (LegalKind::Statutory, None),
            (LegalKind::Grievance, Some("7 days")),
            (LegalKind::Inquiry, Some("7 days")),
            (LegalKind::Interpretation, Some("14 days")),
            (LegalKind::Proposal, Some("14 days")),
            (LegalKind::Other, Some("immediate")),
        ] {
            let counted = kind.default_period().and_then(|period| period.counted());
            assert_eq!(counted, length.map(|text| text.parse().unwrap()), "{kind:?}");
        }
    }

    #[test]
    fn an_article_is_cited_in_the_readers_language() {
        let law =
            Text { ko: "민원 처리에 관한 법률".into(), en: "Civil Petitions Treatment Act".into() };
        let basis = LegalBasis { law, article: Some("10-2".into()), verified: true };
        assert_eq!(basis.citation(Locale::Ko), "민원 처리에 관한 법률 제10조의2");
        assert_eq!(basis.citation(Locale::En), "Civil Petitions Treatment Act, Article 10-2");
    }
}
