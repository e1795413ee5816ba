use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// An amount of Korean won; there is nothing smaller.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Won(pub u64);

impl fmt::Display for Won {
    /// Digits with separators and without a unit: `1,837,800`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A price, or the two ends between which it lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The price, or the lowest.
    pub from: Won,
    /// The highest; the same as `from` for one price.
    pub to: Won,
}

impl Amount {
    /// One price.
    pub const fn exactly(won: u64) -> Self {
        Self { from: Won(won), to: Won(won) }
    }

    /// The price, if it is one.
    pub fn exact(self) -> Option<Won> {
        (self.from == self.to).then_some(self.from)
    }

    /// Whether nothing is to be paid.
    pub fn is_free(self) -> bool {
        self.to == Won(0)
    }
}

/// What a service costs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The rule itself.
    pub rule: FeeRule,
    /// What comes on top in named cases.
    pub extras: Vec<ExtraFee>,
    /// What a citizen should know beside it.
    pub note: Option<Text>,
    /// Whether it was seen in a legal source.
    pub verified: bool,
}

/// The forms a fee takes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeeRule {
    /// Nothing, anywhere.
    Free,
    /// By where it is asked for; none means that it cannot be asked for there.
    ByChannel {
        /// Here.
        online: Option<Amount>,
        /// At an office.
        counter: Option<Amount>,
    },
    /// Set by the ordinance of each city; the usual prices.
    ByOrdinance {
        /// Here.
        online: Option<Amount>,
        /// At an office.
        counter: Option<Amount>,
    },
    /// By the floor area of a building.
    ByArea,
    /// As the note says, such as the cost of copying.
    Described,
}

impl FeeRule {
    /// What is paid here, when it is one known price.
    pub fn online(&self) -> Option<Won> {
        match self {
            Self::Free => Some(Won(0)),
            Self::ByChannel { online, .. } | Self::ByOrdinance { online, .. } => {
                online.and_then(Amount::exact)
            }
            Self::ByArea | Self::Described => None,
        }
    }
}

/// Something that is paid on top, in a named case.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraFee {
    /// How much.
    pub amount: Won,
    /// What for.
    pub what_for: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_written_with_separators() {
        for (won, written) in
            [(0, "0"), (400, "400"), (1000, "1,000"), (53_000, "53,000"), (1_837_800, "1,837,800")]
        {
            assert_eq!(Won(won).to_string(), written);
        }
    }
}
