//! The filters and keys of lists of offerings.

use mercat_app::{
    catalogue::filters,
    entity::{
        category, customer,
        offering::{Column, Entity},
        resource,
    },
    list::{Filter, Key},
};

use crate::{
    link::CUSTOMERS,
    rest::{By, Param, SortKey, param},
};

/// The states of an offering.
const STATES: &[&str] = &["Active", "Archived", "Draft", "Paused", "Unavailable"];

pub(super) const PARAMS: &[Param<Entity>] = &[
    param("allowed_customer_uuid", By::Uuid(filters::offerings_allowed_for)),
    param("billable", By::Is(Column::Billable)),
    param("category_group_uuid", By::Uuid(|id| filters::offerings_in(Filter::equals(category::Column::GroupId, id)))),
    param("category_uuid", By::Id(Column::CategoryId)),
    param("created", By::Since(Column::Created)),
    param("customer", By::Link(CUSTOMERS, |id| Filter::equals(Column::CustomerId, id))),
    param("customer_uuid", By::Id(Column::CustomerId)),
    param("description", By::Contains(Column::Description)),
    param(
        "has_active_terms_of_service",
        By::Bool(|wanted, _| Some(either_way(filters::offerings_with_terms(true), wanted))),
    ),
    param("has_terms_of_service", By::Bool(|wanted, _| Some(either_way(filters::offerings_with_terms(false), wanted)))),
    param("keyword", By::Text(filters::offerings_called)),
    param("modified", By::Since(Column::Modified)),
    param("name", By::Contains(Column::Name)),
    param("name_exact", By::Equals(Column::Name)),
    param("organization_group_uuid", By::Uuids(filters::offerings_for_groups)),
    param("parent_uuid", By::Id(Column::ParentId)),
    param("project_uuid", By::Id(Column::ProjectId)),
    param("query", By::Text(filters::offerings_called)),
    param(
        "resource_customer_uuid",
        By::Uuid(|id| filters::offerings_of(Filter::equals(resource::Column::CustomerId, id))),
    ),
    param(
        "resource_project_uuid",
        By::Uuid(|id| filters::offerings_of(Filter::equals(resource::Column::ProjectId, id))),
    ),
    param("service_manager_uuid", By::Uuid(filters::offerings_managed_by)),
    param("shared", By::Is(Column::Shared)),
    param("slug", By::Equals(Column::Slug)),
    param("state", By::Names(STATES, Column::State)),
    param("type", By::Texts(|types| Filter::any_of(Column::OfferingType, types))),
    param(
        "user_has_consent",
        By::Bool(|wanted, asker| Some(either_way(filters::offerings_agreed_by(asker.actor.id), wanted))),
    ),
    param(
        "user_has_offering_user",
        By::Bool(|wanted, asker| Some(either_way(filters::offerings_used_by(asker.actor.id), wanted))),
    ),
    param("uuid_list", By::Uuids(|ids| Filter::any_of(Column::Id, ids))),
];

fn either_way(filter: Filter<Entity>, wanted: bool) -> Filter<Entity> {
    if wanted { filter } else { filter.negated() }
}

pub(super) const SORTS: &[SortKey] = &[
    SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
    SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    SortKey { name: "state", key: |down| Key::column(Column::State, down) },
    // Nothing is added up for these: they are null, and so all alike.
    SortKey { name: "total_cost", key: |down| Key::column(Column::Id, down) },
    SortKey { name: "total_cost_estimated", key: |down| Key::column(Column::Id, down) },
    SortKey { name: "total_customers", key: |down| Key::column(Column::Id, down) },
    SortKey { name: "type", key: |down| Key::column(Column::OfferingType, down) },
    SortKey {
        name: "customer_name",
        key: |down| Key::of_other(customer::Column::Name, customer::Column::Id, Column::CustomerId, down),
    },
];
