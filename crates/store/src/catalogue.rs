//! The catalogue: filters that reach over more than one table, and what is counted in it.

use std::collections::HashMap;

use mercat_domain::{
    id::{CategoryId, CustomerId, UserId},
    offering::OfferingState,
    order::ResourceState,
    permission::GrantedScopes,
};
use sea_orm::{
    ConnectionTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use crate::{
    entity::{
        category, customer, customer_group, offering, offering_file, offering_group, offering_screenshot,
        offering_terms, offering_user, plan, project, resource, service_provider, terms_consent, user_role,
    },
    error::StoreError,
    list::{Filter, Key, values_of},
    structure,
};

/// Offerings that somebody with these scopes provides.
#[must_use]
pub fn offerings_provided(scopes: &GrantedScopes) -> Filter<offering::Entity> {
    let providers = Filter::any_of(service_provider::Column::Id, scopes.providers.iter().copied());
    Filter::either([
        Filter::any_of(offering::Column::CustomerId, scopes.customers.iter().copied()),
        Filter::any_of(offering::Column::Id, scopes.offerings.iter().copied()),
        Filter::among(offering::Column::CustomerId, values_of(service_provider::Column::CustomerId, &[providers])),
    ])
}

/// Offerings that have left the workshop.
#[must_use]
pub fn offerings_published() -> Filter<offering::Entity> {
    Filter::differs(offering::Column::State, OfferingState::Draft)
}

/// Published offerings that somebody with these scopes may order or has resources of: shared ones that are open to all
/// or to a group of one of the organisations, private ones of these organisations and projects, provided ones.
#[must_use]
pub fn offerings_open_to(scopes: &GrantedScopes) -> Filter<offering::Entity> {
    let customers = values_of(customer::Column::Id, &[structure::customers_within(scopes)]);
    let groups =
        values_of(customer_group::Column::GroupId, &[Filter::among(customer_group::Column::CustomerId, customers)]);
    let own_groups = Filter::among(offering_group::Column::GroupId, groups);
    let used = Filter::either([
        Filter::any_of(resource::Column::ProjectId, scopes.projects.iter().copied()),
        Filter::any_of(resource::Column::CustomerId, scopes.customers.iter().copied()),
    ]);
    let open = Filter::either([
        Filter::among(offering::Column::Id, values_of(offering_group::Column::OfferingId, &[])).negated(),
        Filter::among(offering::Column::Id, values_of(offering_group::Column::OfferingId, &[own_groups])),
    ]);
    let customers = values_of(customer::Column::Id, &[structure::customers_within(scopes)]);
    Filter::both([
        offerings_published(),
        Filter::either([
            Filter::both([Filter::equals(offering::Column::Shared, true), open]),
            Filter::among(offering::Column::CustomerId, customers),
            Filter::any_of(offering::Column::ProjectId, scopes.projects.iter().copied()),
            Filter::among(offering::Column::Id, values_of(resource::Column::OfferingId, &[used])),
            offerings_provided(scopes),
        ]),
    ])
}

/// Offerings of categories that a filter leaves.
#[must_use]
pub fn offerings_in(categories: Filter<category::Entity>) -> Filter<offering::Entity> {
    Filter::among(offering::Column::CategoryId, values_of(category::Column::Id, &[categories]))
}

/// Offerings restricted to one of these groups.
pub fn offerings_for_groups(groups: impl IntoIterator<Item = Uuid>) -> Filter<offering::Entity> {
    let restricted = Filter::any_of(offering_group::Column::GroupId, groups);
    Filter::among(offering::Column::Id, values_of(offering_group::Column::OfferingId, &[restricted]))
}

/// Shared offerings that an organisation may order, and its own.
#[must_use]
pub fn offerings_allowed_for(id: Uuid) -> Filter<offering::Entity> {
    let scopes = GrantedScopes { customers: vec![id.into()], ..GrantedScopes::default() };
    offerings_open_to(&scopes)
}

/// Offerings with resources that a filter leaves.
#[must_use]
pub fn offerings_of(resources: Filter<resource::Entity>) -> Filter<offering::Entity> {
    Filter::among(offering::Column::Id, values_of(resource::Column::OfferingId, &[resources]))
}

/// Shared offerings on which somebody holds a role.
#[must_use]
pub fn offerings_managed_by(user: Uuid) -> Filter<offering::Entity> {
    let held = Filter::equals(user_role::Column::UserId, user);
    let held = [held, Filter::equals(user_role::Column::IsActive, true)];
    Filter::among(offering::Column::Id, values_of(user_role::Column::ScopeId, &held))
}

/// Offerings that contain the text in their name, slug or description, or in their provider's name.
#[must_use]
pub fn offerings_called(text: &str) -> Filter<offering::Entity> {
    use offering::Column as C;
    let provider = values_of(customer::Column::Id, &[Filter::contains(customer::Column::Name, text)]);
    let own = [C::Name, C::Slug, C::Description].map(|column| Filter::contains(column, text));
    Filter::either(own.into_iter().chain([Filter::among(C::CustomerId, provider)]))
}

/// Offerings with terms of service, or with terms in force.
#[must_use]
pub fn offerings_with_terms(in_force: bool) -> Filter<offering::Entity> {
    let active = in_force.then(|| Filter::equals(offering_terms::Column::IsActive, true));
    let filters: Vec<_> = active.into_iter().collect();
    Filter::among(offering::Column::Id, values_of(offering_terms::Column::OfferingId, &filters))
}

/// Offerings to whose terms somebody has agreed.
#[must_use]
pub fn offerings_agreed_by(user: UserId) -> Filter<offering::Entity> {
    let agreed =
        [Filter::equals(terms_consent::Column::UserId, user), Filter::is_set(terms_consent::Column::Revoked, false)];
    Filter::among(offering::Column::Id, values_of(terms_consent::Column::OfferingId, &agreed))
}

/// Offerings at which somebody has an account.
#[must_use]
pub fn offerings_used_by(user: UserId) -> Filter<offering::Entity> {
    let own = Filter::equals(offering_user::Column::UserId, user);
    Filter::among(offering::Column::Id, values_of(offering_user::Column::OfferingId, &[own]))
}

/// Plans of offerings that a filter leaves.
#[must_use]
pub fn plans_of(offerings: Filter<offering::Entity>) -> Filter<plan::Entity> {
    Filter::among(plan::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Terms of offerings that a filter leaves.
#[must_use]
pub fn terms_of(offerings: Filter<offering::Entity>) -> Filter<offering_terms::Entity> {
    Filter::among(offering_terms::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Consents about offerings that a filter leaves.
#[must_use]
pub fn consents_of(offerings: Filter<offering::Entity>) -> Filter<terms_consent::Entity> {
    Filter::among(terms_consent::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Categories with offerings that a filter leaves.
#[must_use]
pub fn categories_with(offerings: Filter<offering::Entity>) -> Filter<category::Entity> {
    Filter::among(category::Column::Id, values_of(offering::Column::CategoryId, &[offerings]))
}

/// Providers of organisations that a filter leaves.
#[must_use]
pub fn providers_of(customers: Filter<customer::Entity>) -> Filter<service_provider::Entity> {
    Filter::among(service_provider::Column::CustomerId, values_of(customer::Column::Id, &[customers]))
}

/// Providers in the order of their organisations.
#[must_use]
pub fn providers_by(column: customer::Column, descending: bool) -> Key {
    Key::of_other(column, customer::Column::Id, service_provider::Column::CustomerId, descending)
}

/// Organisations with resources of a provider.
#[must_use]
pub fn customers_served_by(provider: CustomerId) -> Filter<customer::Entity> {
    let served = served(provider);
    Filter::among(customer::Column::Id, values_of(resource::Column::CustomerId, &served))
}

/// Organisations in which, or in one of whose projects, somebody has a role.
#[must_use]
pub fn customers_with(user: Uuid) -> Filter<customer::Entity> {
    let held = || [Filter::equals(user_role::Column::UserId, user), Filter::equals(user_role::Column::IsActive, true)];
    let projects = Filter::among(project::Column::Id, values_of(user_role::Column::ScopeId, &held()));
    Filter::either([
        Filter::among(customer::Column::Id, values_of(user_role::Column::ScopeId, &held())),
        Filter::among(customer::Column::Id, values_of(project::Column::CustomerId, &[projects])),
    ])
}

/// Organisations with resources that a filter leaves.
#[must_use]
pub fn customers_using(resources: Filter<resource::Entity>) -> Filter<customer::Entity> {
    Filter::among(customer::Column::Id, values_of(resource::Column::CustomerId, &[resources]))
}

/// Projects with resources that a filter leaves.
#[must_use]
pub fn projects_using(resources: Filter<resource::Entity>) -> Filter<project::Entity> {
    Filter::among(project::Column::Id, values_of(resource::Column::ProjectId, &[resources]))
}

/// People with a role in a project that has resources which a filter leaves.
#[must_use]
pub fn people_using(resources: Filter<resource::Entity>) -> Filter<crate::entity::user::Entity> {
    let held = [
        Filter::equals(user_role::Column::IsActive, true),
        Filter::among(user_role::Column::ScopeId, values_of(resource::Column::ProjectId, &[resources])),
    ];
    Filter::among(crate::entity::user::Column::Id, values_of(user_role::Column::UserId, &held))
}

/// Consents to another version than the one in force, where people have to agree anew.
#[must_use]
pub fn consents_outdated() -> Filter<terms_consent::Entity> {
    let newer = [
        Filter::equals(offering_terms::Column::IsActive, true),
        Filter::equals(offering_terms::Column::RequiresReconsent, true),
        Filter::new(
            Expr::col((offering_terms::Entity, offering_terms::Column::OfferingId))
                .equals((terms_consent::Entity, terms_consent::Column::OfferingId)),
        ),
        Filter::new(
            Expr::col((offering_terms::Entity, offering_terms::Column::Version))
                .ne(Expr::col((terms_consent::Entity, terms_consent::Column::Version))),
        ),
    ];
    Filter::among(terms_consent::Column::OfferingId, values_of(offering_terms::Column::OfferingId, &newer))
}

/// Projects with resources of a provider.
#[must_use]
pub fn projects_served_by(provider: CustomerId) -> Filter<project::Entity> {
    let served = served(provider);
    Filter::among(project::Column::Id, values_of(resource::Column::ProjectId, &served))
}

/// People with a role in a project that has resources of a provider.
#[must_use]
pub fn people_served_by(provider: CustomerId) -> Filter<crate::entity::user::Entity> {
    let served = served(provider);
    let held = [
        Filter::equals(user_role::Column::IsActive, true),
        Filter::among(user_role::Column::ScopeId, values_of(resource::Column::ProjectId, &served)),
    ];
    Filter::among(crate::entity::user::Column::Id, values_of(user_role::Column::UserId, &held))
}

fn served(provider: CustomerId) -> [Filter<resource::Entity>; 2] {
    [
        Filter::equals(resource::Column::ProviderId, provider),
        Filter::differs(resource::Column::State, ResourceState::Terminated),
    ]
}

#[derive(FromQueryResult)]
struct CategoryCount {
    category_id: CategoryId,
    total: i64,
}

/// How many resources that are not terminated there are in each category, of those that a filter leaves.
///
/// # Errors
/// The database failed.
pub async fn resources_by_category(
    conn: &impl ConnectionTrait,
    resources: Filter<resource::Entity>,
) -> Result<HashMap<CategoryId, u64>, StoreError> {
    let live = [resources, Filter::differs(resource::Column::State, ResourceState::Terminated)];
    let of = Expr::col((resource::Entity, resource::Column::Id)).in_subquery(values_of(resource::Column::Id, &live));
    let mut query = Query::select();
    query
        .column((offering::Entity, offering::Column::CategoryId))
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from(resource::Entity)
        .inner_join(
            offering::Entity,
            Expr::col((offering::Entity, offering::Column::Id))
                .equals((resource::Entity, resource::Column::OfferingId)),
        )
        .and_where(of)
        .group_by_col((offering::Entity, offering::Column::CategoryId));
    let rows = conn.query_all(&query).await?;
    let counts: Result<Vec<CategoryCount>, _> =
        rows.iter().map(|row| CategoryCount::from_query_result(row, "")).collect();
    Ok(counts?.into_iter().map(|row| (row.category_id, row.total.unsigned_abs())).collect())
}

/// Screenshots of offerings that a filter leaves.
#[must_use]
pub fn screenshots_of(offerings: Filter<offering::Entity>) -> Filter<offering_screenshot::Entity> {
    Filter::among(offering_screenshot::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Documents about offerings that a filter leaves.
#[must_use]
pub fn files_of(offerings: Filter<offering::Entity>) -> Filter<offering_file::Entity> {
    Filter::among(offering_file::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}
