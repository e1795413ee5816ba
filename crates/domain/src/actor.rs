//! Who acts: people with accounts, machines, and nobody.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CitizenId, OfficerId};

/// What a staff account may do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Works petitions of one department.
    Officer,
    /// Leads officers: sees the load, routes cases.
    Supervisor,
    /// Keeps an agency's part of the catalogue and its agreements.
    Steward,
    /// Runs the sharing centre.
    Centre,
    /// Reads logs, never records.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Officer, Self::Supervisor, Self::Steward, Self::Centre, Self::Auditor];

    /// The name used in commands, the database and the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Steward => "steward",
            Self::Centre => "centre",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// An account: what a session belongs to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Holder {
    /// A citizen.
    Citizen(CitizenId),
    /// An officer, whatever the role.
    Officer(OfficerId),
}

impl Holder {
    /// `citizen` or `officer`, as in the database.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Citizen(_) => "citizen",
            Self::Officer(_) => "officer",
        }
    }

    /// The id without its kind.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Citizen(id) => id.0,
            Self::Officer(id) => id.0,
        }
    }

    /// The inverse of [`kind`](Self::kind) and [`id`](Self::id).
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "citizen" => Some(Self::Citizen(CitizenId(id))),
            "officer" => Some(Self::Officer(OfficerId(id))),
            _ => None,
        }
    }
}

/// Who did something; the subject (about whom) is always told apart from it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Nobody,
    /// A signed-in account.
    Account(Holder),
    /// The portal itself: a job, or a command of its operator.
    Portal,
}

impl Actor {
    /// The kind, as in the audit log.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Account(holder) => holder.kind(),
            Self::Portal => "portal",
        }
    }

    /// The account's id, where there is one.
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Account(holder) => Some(holder.id()),
            Self::Nobody | Self::Portal => None,
        }
    }
}
