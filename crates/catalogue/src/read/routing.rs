use domain::service::{AgencyId, AgencyTypeId, Catalogue, DepartmentId, FieldId, FieldKind, Routing};

use super::{known_one, needs};
use crate::{
    checks::names::Scope,
    toml_file::{Node, Table},
};

/// The `[routing]` of a service: agency and department.
pub(super) fn read(top: &Table, scope: &Scope, catalogue: &Catalogue) -> Option<Routing> {
    let table = top.required("routing")?.table()?;
    let by = table
        .required("by")
        .and_then(|node| node.one_of(&["agency", "address", "parcel", "any-office"], |word| word));
    let department: Option<(DepartmentId, Node)> =
        table.required("department").and_then(|node| Some((node.parsed()?, node)));
    let department_id = department.as_ref().map(|(id, _)| id.clone());
    let routing = match by? {
        "agency" => {
            let agency: Option<AgencyId> = table
                .required("agency")
                .and_then(|node| known_one(&node, "agency", |id| catalogue.agency(id).is_some()));
            Routing::Fixed { agency: agency?, department: department_id? }
        }
        "any-office" => {
            let agency_type = match table.optional("type") {
                Some(node) => Some(agency_type(&node, catalogue)?),
                None => None,
            };
            let field = table.optional("field").and_then(|node| field(&node, "agency", scope));
            Routing::AnyOffice { agency_type, department: department_id?, field }
        }
        by => {
            let agency_type = table.required("type").and_then(|node| agency_type(&node, catalogue));
            let field = table.required("field").and_then(|node| field(&node, by, scope));
            let (agency_type, department, field) = (agency_type?, department_id?, field?);
            if by == "address" {
                Routing::Address { agency_type, department, field }
            } else {
                Routing::Parcel { agency_type, department, field }
            }
        }
    };
    for agency in routing.agencies(catalogue) {
        if let Some((id, node)) = &department
            && agency.department(id).is_none()
        {
            node.fault(format!("`{}` has no department `{id}`", agency.id));
        }
    }
    Some(routing)
}

fn agency_type(node: &Node, catalogue: &Catalogue) -> Option<AgencyTypeId> {
    let id = known_one(node, "agency type", |id| catalogue.agency_type(id).is_some())?;
    if catalogue.agencies_of(&id).next().is_none() {
        node.fault(format!("there is no agency of type `{id}`"));
    }
    Some(id)
}

/// The field that decides, of the kind that the routing needs; none after a fault.
fn field(node: &Node, kind: &str, scope: &Scope) -> Option<FieldId> {
    let id = needs::field(node, scope)?;
    let found = scope.fields.get(&id).map(FieldKind::word)?;
    if found != kind {
        node.fault(format!("the field must be of kind `{kind}`, not `{found}`"));
    }
    Some(id)
}
