//! What can be asked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is asked; its name is the last part of the path.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Does this name belong to this number?
    Verify,
    /// Give me these items.
    Pull,
    /// This consent holds no more.
    Withdraw,
    /// Put this into your inbox.
    Submit,
    /// What became of what I submitted?
    Status,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::Verify, Self::Pull, Self::Withdraw, Self::Submit, Self::Status];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Pull => "pull",
            Self::Withdraw => "withdraw",
            Self::Submit => "submit",
            Self::Status => "status",
        }
    }

    /// The path that requests with this verb go to.
    pub fn path(self) -> String {
        format!("{PATH}{}", self.name())
    }

    /// The verb of a path.
    pub fn from_path(path: &str) -> Option<Self> {
        let name = path.strip_prefix(PATH)?;
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }
}

/// What all paths of this version begin with.
const PATH: &str = "/exchange/v1/";

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
