use serde::{Deserialize, Serialize};

use super::{
    catalogue::Catalogue,
    ids::{AgencyId, AgencyTypeId, DepartmentId, FieldId},
};
use crate::text::Text;

/// A type of agency: all of one type have the same departments.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyType {
    /// Its name in the catalogue.
    pub id: AgencyTypeId,
    /// What people call it.
    pub name: Text,
}

/// A public body that treats petitions, holds records, or both.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Its name in the catalogue.
    pub id: AgencyId,
    /// What type it is of.
    pub agency_type: AgencyTypeId,
    /// Its official name.
    pub name: Text,
    /// The beginnings of addresses in its area; empty: the whole country.
    pub regions: Vec<Text>,
    /// Its departments: those of its type, then its own.
    pub departments: Vec<Department>,
}

impl Agency {
    /// The department with this id.
    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == *id)
    }

    /// Whether an address, in either language, lies in its area.
    pub fn covers(&self, address: &str) -> bool {
        let address = address.trim().to_lowercase();
        self.regions
            .iter()
            .any(|region| address.starts_with(&region.ko) || address.contains(&region.en.to_lowercase()))
    }
}

/// A part of an agency that treats petitions.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its name in the catalogue, unique in the agency.
    pub id: DepartmentId,
    /// Its official name.
    pub name: Text,
}

/// Which agency and department a petition goes to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Routing {
    /// Always the same.
    Fixed {
        /// The agency.
        agency: AgencyId,
        /// Its department.
        department: DepartmentId,
    },
    /// The agency in whose area an address of the form lies.
    Address {
        /// The type of agency.
        agency_type: AgencyTypeId,
        /// The department.
        department: DepartmentId,
        /// The field with the address.
        field: FieldId,
    },
    /// The agency in whose area a parcel of the form lies.
    Parcel {
        /// The type of agency.
        agency_type: AgencyTypeId,
        /// The department.
        department: DepartmentId,
        /// The field with the parcel's lot-number address.
        field: FieldId,
    },
    /// Any agency of a type: the one chosen in the form, or the nearest.
    AnyOffice {
        /// The type of agency; none: of any type.
        agency_type: Option<AgencyTypeId>,
        /// The department.
        department: DepartmentId,
        /// The field in which the citizen chooses.
        field: Option<FieldId>,
    },
}

impl Routing {
    /// The department that treats it, whichever agency it is.
    pub fn department(&self) -> &DepartmentId {
        match self {
            Self::Fixed { department, .. }
            | Self::Address { department, .. }
            | Self::Parcel { department, .. }
            | Self::AnyOffice { department, .. } => department,
        }
    }

    /// The field whose answer decides.
    pub fn field(&self) -> Option<&FieldId> {
        match self {
            Self::Fixed { .. } => None,
            Self::Address { field, .. } | Self::Parcel { field, .. } => Some(field),
            Self::AnyOffice { field, .. } => field.as_ref(),
        }
    }

    /// The agencies it can lead to, in the order of the catalogue.
    pub fn agencies<'a>(&'a self, catalogue: &'a Catalogue) -> Vec<&'a Agency> {
        match self {
            Self::Fixed { agency, .. } => catalogue.agency(agency).into_iter().collect(),
            Self::Address { agency_type, .. }
            | Self::Parcel { agency_type, .. }
            | Self::AnyOffice { agency_type: Some(agency_type), .. } => {
                catalogue.agencies_of(agency_type).collect()
            }
            Self::AnyOffice { agency_type: None, .. } => catalogue.agencies.iter().collect(),
        }
    }

    /// The agency for the `answer` in [`Routing::field`]: an address, or an agency's id. None when the answer
    /// lies in nobody's area, so that a person has to look.
    pub fn agency<'a>(&'a self, catalogue: &'a Catalogue, answer: Option<&str>) -> Option<&'a Agency> {
        let agencies = self.agencies(catalogue);
        match self {
            Self::Fixed { .. } => agencies.into_iter().next(),
            Self::Address { .. } | Self::Parcel { .. } => {
                agencies.into_iter().find(|agency| agency.covers(answer.unwrap_or_default()))
            }
            Self::AnyOffice { field: Some(_), .. } => {
                agencies.into_iter().find(|agency| Some(agency.id.as_str()) == answer)
            }
            Self::AnyOffice { field: None, .. } => {
                let near =
                    answer.and_then(|address| agencies.iter().find(|agency| agency.covers(address)).copied());
                near.or_else(|| agencies.first().copied())
            }
        }
    }
}
