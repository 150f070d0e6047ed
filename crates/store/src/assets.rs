//! Resources, their usage and people's accounts: filters that reach over more than one table.

use mercat_domain::{
    id::{ProjectId, ResourceId, UserId},
    offering::BillingType,
    order::OrderState,
    permission::GrantedScopes,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    catalogue::offerings_provided,
    entity::{
        category, component, component_usage, component_user_usage, offering, offering_user, order, plan_period,
        project, resource, terms_consent, usage_limit, user, user_role,
    },
    error::StoreError,
    list::{self, Filter, Key, values_of},
};

/// Orders that block another one on the same resource (spec 7.7 f).
pub const OPEN: [OrderState; 3] = [OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::Executing];

/// Resources in the projects and organisations of these scopes: the consumer's view.
#[must_use]
pub fn resources_consumed(scopes: &GrantedScopes) -> Filter<resource::Entity> {
    Filter::either([
        Filter::any_of(resource::Column::ProjectId, scopes.projects.iter().copied()),
        Filter::any_of(resource::Column::CustomerId, scopes.customers.iter().copied()),
    ])
}

/// Resources of the offerings that somebody with these scopes provides.
#[must_use]
pub fn resources_provided(scopes: &GrantedScopes) -> Filter<resource::Entity> {
    let offerings = values_of(offering::Column::Id, &[offerings_provided(scopes)]);
    Filter::either([
        Filter::any_of(resource::Column::ProviderId, scopes.customers.iter().copied()),
        Filter::among(resource::Column::OfferingId, offerings),
    ])
}

/// Resources of offerings that a filter leaves.
#[must_use]
pub fn resources_of(offerings: Filter<offering::Entity>) -> Filter<resource::Entity> {
    Filter::among(resource::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Resources in projects that a filter leaves.
#[must_use]
pub fn resources_in(projects: Filter<project::Entity>) -> Filter<resource::Entity> {
    Filter::among(resource::Column::ProjectId, values_of(project::Column::Id, &[projects]))
}

/// Resources in projects on which somebody of this name has a role.
#[must_use]
pub fn resources_visible_to(username: &str) -> Filter<resource::Entity> {
    let user = values_of(user::Column::Id, &[Filter::equals(user::Column::Username, username)]);
    let held = [Filter::among(user_role::Column::UserId, user), Filter::equals(user_role::Column::IsActive, true)];
    let scopes = || values_of(user_role::Column::ScopeId, &held);
    Filter::either([
        Filter::among(resource::Column::ProjectId, scopes()),
        Filter::among(resource::Column::CustomerId, scopes()),
    ])
}

/// Resources with an order in one of these states.
pub fn resources_with_orders(states: impl IntoIterator<Item = OrderState>) -> Filter<resource::Entity> {
    let orders = Filter::any_of(order::Column::State, states);
    Filter::among(resource::Column::Id, values_of(order::Column::ResourceId, &[orders]))
}

/// Resources whose offering has a component that is billed in one of these ways.
pub fn resources_billed(kinds: impl IntoIterator<Item = BillingType>) -> Filter<resource::Entity> {
    let components = Filter::any_of(component::Column::BillingType, kinds);
    Filter::among(resource::Column::OfferingId, values_of(component::Column::OfferingId, &[components]))
}

/// Resources that contain the text in a name or id, or in the name of their project.
#[must_use]
pub fn resources_called(text: &str) -> Filter<resource::Entity> {
    use resource::Column as C;
    let own = [C::Name, C::Slug, C::BackendId, C::EffectiveId].map(|column| Filter::contains(column, text));
    let project = resources_in(Filter::contains(project::Column::Name, text));
    let id = Uuid::try_parse(text).ok().map(|id| Filter::equals(C::Id, id));
    Filter::either(own.into_iter().chain([project]).chain(id))
}

/// Resources in the order of their projects' names.
#[must_use]
pub fn resources_by_project(descending: bool) -> Key {
    Key::of_other(project::Column::Name, project::Column::Id, resource::Column::ProjectId, descending)
}

/// Resources of offerings in categories that a filter leaves.
#[must_use]
pub fn resources_in_categories(categories: Filter<category::Entity>) -> Filter<resource::Entity> {
    resources_of(Filter::among(offering::Column::CategoryId, values_of(category::Column::Id, &[categories])))
}

/// Usages of resources that a filter leaves.
#[must_use]
pub fn usages_of(resources: Filter<resource::Entity>) -> Filter<component_usage::Entity> {
    Filter::among(component_usage::Column::ResourceId, values_of(resource::Column::Id, &[resources]))
}

/// Usages of components of this type.
#[must_use]
pub fn usages_typed(kind: &str) -> Filter<component_usage::Entity> {
    let components = Filter::equals(component::Column::Kind, kind);
    Filter::among(component_usage::Column::ComponentId, values_of(component::Column::Id, &[components]))
}

/// Usages by accounts, of usages that a filter leaves.
#[must_use]
pub fn user_usages_of(usages: Filter<component_usage::Entity>) -> Filter<component_user_usage::Entity> {
    Filter::among(component_user_usage::Column::UsageId, values_of(component_usage::Column::Id, &[usages]))
}

/// Usages by accounts in the order of a column of the usage.
#[must_use]
pub fn user_usages_by(column: component_usage::Column, descending: bool) -> Key {
    Key::of_other(column, component_usage::Column::Id, component_user_usage::Column::UsageId, descending)
}

/// Limits on resources that a filter leaves.
#[must_use]
pub fn usage_limits_of(resources: Filter<resource::Entity>) -> Filter<usage_limit::Entity> {
    Filter::among(usage_limit::Column::ResourceId, values_of(resource::Column::Id, &[resources]))
}

/// Limits of components of this type.
#[must_use]
pub fn usage_limits_typed(kind: &str) -> Filter<usage_limit::Entity> {
    let components = Filter::equals(component::Column::Kind, kind);
    Filter::among(usage_limit::Column::ComponentId, values_of(component::Column::Id, &[components]))
}

/// Limits of accounts with this name.
#[must_use]
pub fn usage_limits_for(username: &str) -> Filter<usage_limit::Entity> {
    let accounts = Filter::equals(offering_user::Column::Username, username);
    Filter::among(usage_limit::Column::UserId, values_of(offering_user::Column::Id, &[accounts]))
}

/// One's own accounts, and those at the offerings that one provides.
#[must_use]
pub fn accounts_seen(user: UserId, scopes: &GrantedScopes) -> Filter<offering_user::Entity> {
    Filter::either([Filter::equals(offering_user::Column::UserId, user), accounts_at(offerings_provided(scopes))])
}

/// Accounts at offerings that a filter leaves.
#[must_use]
pub fn accounts_at(offerings: Filter<offering::Entity>) -> Filter<offering_user::Entity> {
    Filter::among(offering_user::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Accounts of people that a filter leaves.
#[must_use]
pub fn accounts_of(people: Filter<user::Entity>) -> Filter<offering_user::Entity> {
    Filter::among(offering_user::Column::UserId, values_of(user::Column::Id, &[people]))
}

/// Accounts of people who have agreed to the offering's terms.
#[must_use]
pub fn accounts_agreed() -> Filter<offering_user::Entity> {
    use sea_orm::sea_query::{Expr, ExprTrait as _};
    let same = |left: terms_consent::Column, right: offering_user::Column| {
        Filter::new(Expr::col((terms_consent::Entity, left)).equals((offering_user::Entity, right)))
    };
    let agreed = [
        Filter::is_set(terms_consent::Column::Revoked, false),
        same(terms_consent::Column::OfferingId, offering_user::Column::OfferingId),
        same(terms_consent::Column::UserId, offering_user::Column::UserId),
    ];
    Filter::among(offering_user::Column::UserId, values_of(terms_consent::Column::UserId, &agreed))
}

/// The plan period of a resource that has not ended.
///
/// # Errors
/// The database failed.
pub async fn open_period(
    conn: &impl ConnectionTrait,
    resource: ResourceId,
) -> Result<Option<plan_period::Model>, StoreError> {
    let open =
        [Filter::equals(plan_period::Column::ResourceId, resource), Filter::is_set(plan_period::Column::End, false)];
    list::first(conn, &open).await
}

/// The newest order of each of these resources that a filter leaves, by resource.
///
/// # Errors
/// The database failed.
pub async fn orders_of(
    conn: &impl ConnectionTrait,
    resources: &[ResourceId],
    filter: Filter<order::Entity>,
) -> Result<Vec<order::Model>, StoreError> {
    let of = Filter::any_of(order::Column::ResourceId, resources.iter().copied());
    list::all(conn, &[of, filter], &[Key::column(order::Column::Created, false)]).await
}

/// Roles in force on a project.
///
/// # Errors
/// The database failed.
pub async fn project_roles(
    conn: &impl ConnectionTrait,
    project: ProjectId,
    now: mercat_domain::time::Timestamp,
) -> Result<Vec<user_role::Model>, StoreError> {
    crate::structure::held(conn, vec![Filter::equals(user_role::Column::ScopeId, project)], now).await
}
