use domain::service::{Agency, AgencyType, AgencyTypeId, Department};

use super::{known_one, unique};
use crate::toml_file::Table;

struct TypeWithDepartments {
    agency_type: AgencyType,
    departments: Vec<Department>,
}

pub(super) fn read(top: &Table) -> (Vec<AgencyType>, Vec<Agency>) {
    let mut types: Vec<TypeWithDepartments> = vec![];
    for table in top.tables("type") {
        let (id, name) = (table.parsed::<AgencyTypeId>("id"), table.text("name"));
        let departments = departments(&table, vec![]);
        let Some(id) = id else { continue };
        unique(&table, &id, types.iter().map(|one| one.agency_type.id.clone()));
        types.push(TypeWithDepartments { agency_type: AgencyType { id, name }, departments });
    }
    let mut agencies: Vec<Agency> = vec![];
    for table in top.tables("agency") {
        let id = table.parsed("id");
        let is_known = |id: &AgencyTypeId| types.iter().any(|one| one.agency_type.id == *id);
        let agency_type = table.required("type").and_then(|node| known_one(&node, "agency type", is_known));
        let shared = types.iter().find(|one| Some(&one.agency_type.id) == agency_type.as_ref());
        let departments = departments(&table, shared.map(|one| one.departments.clone()).unwrap_or_default());
        let name = table.text("name");
        let regions = table.list("regions").into_iter().map(|node| node.bilingual()).collect();
        let (Some(id), Some(agency_type)) = (id, agency_type) else { continue };
        unique(&table, &id, agencies.iter().map(|agency| agency.id.clone()));
        agencies.push(Agency { id, agency_type, name, regions, departments });
    }
    (types.into_iter().map(|one| one.agency_type).collect(), agencies)
}

fn departments(table: &Table, mut departments: Vec<Department>) -> Vec<Department> {
    for table in table.tables("departments") {
        let (id, name) = (table.parsed("id"), table.text("name"));
        let Some(id) = id else { continue };
        unique(&table, &id, departments.iter().map(|department| department.id.clone()));
        departments.push(Department { id, name });
    }
    departments
}
