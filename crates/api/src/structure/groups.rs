//! `/api/organization-groups/`.

use mercat_app::{
    entity::organization_group::{Column, Entity},
    list::Key,
    orders::GroupDetails,
    structure::Groups,
};
use serde_json::Value;

use super::models::ORGANIZATION_GROUP;
use crate::{
    origin::Origin,
    rest::{By, Exposed, Model, Op, Out, Param, SortKey, Wanted, crud, param},
};

/// Groups of organisations.
pub(crate) struct ShownGroups;

impl Exposed for ShownGroups {
    type Data = Groups;
    const NAME: &'static str = "organization-groups";
    const KIND: &'static str = "OrganizationGroup";
    const MODEL: &'static Model = &ORGANIZATION_GROUP;
    const PARAMS: &'static [Param<Entity>] = &[
        param("name", By::Contains(Column::Name)),
        param("name_exact", By::Equals(Column::Name)),
        param("parent", By::Id(Column::ParentId)),
    ];
    const SORTS: &'static [SortKey] = &[SortKey { name: "name", key: |down| Key::column(Column::Name, down) }];
    const USUALLY: &'static str = "name";

    fn write(view: &GroupDetails, out: &mut Out<'_>) {
        out.row(&view.group);
        out.put("parent_name", view.parent.as_ref().map(|parent| &parent.name));
        out.put("customers_count", view.customers);
    }
}

/// A group inside another object.
pub(crate) fn group(view: &GroupDetails, origin: &Origin) -> Value {
    let wanted = Wanted::all(&ORGANIZATION_GROUP);
    let mut out = Out::new(&wanted, origin);
    ShownGroups::write(view, &mut out);
    out.done()
}

pub(super) fn operations() -> Vec<Op> {
    crud::<ShownGroups>()
}
