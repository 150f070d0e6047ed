//! Organisations, projects, people and their roles: filters and counts that reach over more than one table.

use std::collections::HashMap;

use mercat_domain::{
    id::{CustomerId, OfferingId, OrganizationGroupId, ProjectId, RoleId, UserId},
    permission::{GrantedScopes, Scope},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, Func, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    entity::{
        customer, customer_group, offering, organization_group, project, resource, role, saved_view, user, user_role,
    },
    error::StoreError,
    list::{self, Filter, Key, values_of},
    people::in_force,
};

/// Organisations on which, or on one of whose projects, the scopes are.
#[must_use]
pub fn customers_within(scopes: &GrantedScopes) -> Filter<customer::Entity> {
    let projects = Filter::any_of(project::Column::Id, scopes.projects.iter().copied());
    let offerings = Filter::any_of(offering::Column::Id, scopes.offerings.iter().copied());
    Filter::either([
        Filter::any_of(customer::Column::Id, scopes.customers.iter().copied()),
        Filter::among(customer::Column::Id, values_of(project::Column::CustomerId, &[projects])),
        Filter::among(customer::Column::Id, values_of(offering::Column::CustomerId, &[offerings])),
    ])
}

/// Saved searches of somebody, and those shared with organisations on which, or on one of whose projects, the scopes
/// are.
#[must_use]
pub fn saved_views_seen(user: UserId, scopes: &GrantedScopes) -> Filter<saved_view::Entity> {
    let within = values_of(customer::Column::Id, &[customers_within(scopes)]);
    Filter::either([
        Filter::equals(saved_view::Column::UserId, user),
        Filter::among(saved_view::Column::CustomerId, within),
    ])
}

/// Organisations in one of these groups.
pub fn customers_in_groups(groups: impl IntoIterator<Item = Uuid>) -> Filter<customer::Entity> {
    let members = Filter::any_of(customer_group::Column::GroupId, groups);
    Filter::among(customer::Column::Id, values_of(customer_group::Column::CustomerId, &[members]))
}

/// Organisations in a group whose name contains the text.
#[must_use]
pub fn customers_in_group_named(text: &str) -> Filter<customer::Entity> {
    let named = values_of(organization_group::Column::Id, &[Filter::contains(organization_group::Column::Name, text)]);
    let members =
        values_of(customer_group::Column::CustomerId, &[Filter::among(customer_group::Column::GroupId, named)]);
    Filter::among(customer::Column::Id, members)
}

/// Organisations that contain the text in one of the names that they are known by.
#[must_use]
pub fn customers_called(text: &str) -> Filter<customer::Entity> {
    use customer::Column as C;
    Filter::either([C::Name, C::NativeName, C::Abbreviation, C::Domain].map(|column| Filter::contains(column, text)))
}

/// Projects on which, or on whose organisation, the scopes are; with a provider's scopes also those that have
/// resources of it.
#[must_use]
pub fn projects_within(scopes: &GrantedScopes) -> Filter<project::Entity> {
    let provided = Filter::any_of(resource::Column::ProviderId, scopes.customers.iter().copied());
    Filter::either([
        Filter::any_of(project::Column::Id, scopes.projects.iter().copied()),
        Filter::any_of(project::Column::CustomerId, scopes.customers.iter().copied()),
        Filter::among(project::Column::Id, values_of(resource::Column::ProjectId, &[provided])),
    ])
}

/// Projects of organisations that a filter leaves.
#[must_use]
pub fn projects_of(customers: Filter<customer::Entity>) -> Filter<project::Entity> {
    Filter::among(project::Column::CustomerId, values_of(customer::Column::Id, &[customers]))
}

/// The user and everybody with a role in these organisations and projects, or in a project of these organisations.
#[must_use]
pub fn people_within(user: UserId, scopes: &GrantedScopes) -> Filter<user::Entity> {
    let projects = Filter::any_of(project::Column::CustomerId, scopes.customers.iter().copied());
    let here = scopes.customers.iter().map(|id| id.0).chain(scopes.projects.iter().map(|id| id.0));
    let held = Filter::either([
        Filter::any_of(user_role::Column::ScopeId, here),
        Filter::among(user_role::Column::ScopeId, values_of(project::Column::Id, &[projects])),
    ]);
    Filter::either([Filter::equals(user::Column::Id, user), with_role(held)])
}

/// People with an active role on this scope.
#[must_use]
pub fn people_on(scope: Uuid) -> Filter<user::Entity> {
    with_role(Filter::equals(user_role::Column::ScopeId, scope))
}

/// People with an active role on this organisation or one of its projects.
#[must_use]
pub fn people_of_customer(id: Uuid) -> Filter<user::Entity> {
    let projects = values_of(project::Column::Id, &[Filter::equals(project::Column::CustomerId, id)]);
    with_role(Filter::either([
        Filter::equals(user_role::Column::ScopeId, id),
        Filter::among(user_role::Column::ScopeId, projects),
    ]))
}

/// People with an active role of one of these names.
#[must_use]
pub fn people_as(roles: Vec<String>) -> Filter<user::Entity> {
    let roles = values_of(role::Column::Id, &[Filter::any_of(role::Column::Name, roles)]);
    with_role(Filter::among(user_role::Column::RoleId, roles))
}

fn with_role(held: Filter<user_role::Entity>) -> Filter<user::Entity> {
    let active = Filter::equals(user_role::Column::IsActive, true);
    Filter::among(user::Column::Id, values_of(user_role::Column::UserId, &[active, held]))
}

/// People that contain the text in a name or address.
#[must_use]
pub fn people_called(text: &str) -> Filter<user::Entity> {
    use user::Column as C;
    let columns = [C::Username, C::FullName, C::NativeName, C::Email];
    Filter::either(columns.map(|column| Filter::contains(column, text)))
}

/// Roles held by people that contain the text in a name or address.
#[must_use]
pub fn roles_of_people(people: Filter<user::Entity>) -> Filter<user_role::Entity> {
    Filter::among(user_role::Column::UserId, values_of(user::Column::Id, &[people]))
}

/// How many people have an active role on each of these organisations or their projects.
///
/// # Errors
/// The database failed.
pub async fn people_counts(
    conn: &impl ConnectionTrait,
    customers: &[CustomerId],
    now: Timestamp,
) -> Result<HashMap<CustomerId, u64>, StoreError> {
    let scope = (user_role::Entity, user_role::Column::ScopeId);
    let owner = || {
        let owner = Expr::col((project::Entity, project::Column::CustomerId));
        SimpleExpr::from(Func::coalesce([owner, Expr::col(scope)]))
    };
    let mut query = Query::select();
    query
        .expr_as(owner(), "key")
        .expr_as(Expr::col((user_role::Entity, user_role::Column::UserId)).count_distinct(), "total")
        .from(user_role::Entity)
        .left_join(project::Entity, Expr::col((project::Entity, project::Column::Id)).equals(scope))
        .cond_where(in_force(now))
        .cond_where(
            Condition::any()
                .add(user_role::Column::ScopeId.is_in(customers.iter().copied().map(Uuid::from)))
                .add(project::Column::CustomerId.is_in(customers.iter().copied())),
        )
        .add_group_by([owner()]);
    let rows = conn.query_all(&query).await?;
    let counts: Result<Vec<list::GroupRow>, _> =
        rows.iter().map(|row| list::GroupRow::from_query_result(row, "")).collect();
    Ok(counts?.into_iter().map(|row| (row.key.into(), row.total.unsigned_abs())).collect())
}

/// The groups of each of these organisations.
///
/// # Errors
/// The database failed.
pub async fn groups_of_customers(
    conn: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<OrganizationGroupId>>, StoreError> {
    let rows = customer_group::Entity::find()
        .filter(customer_group::Column::CustomerId.is_in(customers.iter().copied()))
        .all(conn)
        .await?;
    let mut groups: HashMap<CustomerId, Vec<OrganizationGroupId>> = HashMap::new();
    for row in rows {
        groups.entry(row.customer_id).or_default().push(row.group_id);
    }
    Ok(groups)
}

/// How many people hold each of these roles.
///
/// # Errors
/// The database failed.
pub async fn holders_of(
    conn: &impl ConnectionTrait,
    roles: &[RoleId],
    now: Timestamp,
) -> Result<HashMap<RoleId, u64>, StoreError> {
    let in_force = Filter::<user_role::Entity>::new(in_force(now));
    list::counts(conn, user_role::Column::RoleId, roles.iter().copied(), &[in_force]).await
}

/// The active roles of a person, or of everybody on a scope.
///
/// # Errors
/// The database failed.
pub async fn held(
    conn: &impl ConnectionTrait,
    filters: Vec<Filter<user_role::Entity>>,
    now: Timestamp,
) -> Result<Vec<user_role::Model>, StoreError> {
    let filters: Vec<_> = filters.into_iter().chain([Filter::new(in_force(now))]).collect();
    list::all(conn, &filters, &[]).await
}

/// What a scope is called, and the organisation that it belongs to.
#[derive(Debug, Clone)]
pub struct ScopeName {
    /// The scope's own name.
    pub name: String,
    /// Its organisation.
    pub customer: Option<(CustomerId, String)>,
}

/// The names of scopes of every kind, one statement a kind.
///
/// # Errors
/// The database failed.
pub async fn scope_names(
    conn: &impl ConnectionTrait,
    scopes: impl IntoIterator<Item = Scope>,
) -> Result<HashMap<Uuid, ScopeName>, StoreError> {
    let scopes: GrantedScopes = scopes.into_iter().collect();
    let projects = list::by_ids::<project::Entity, ProjectId>(conn, scopes.projects.iter().copied()).await?;
    let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, scopes.offerings.iter().copied()).await?;
    let owners = projects.values().map(|row| row.customer_id).chain(offerings.values().map(|row| row.customer_id));
    let customers = owners.chain(scopes.customers.iter().copied());
    let customers = list::by_ids::<customer::Entity, CustomerId>(conn, customers).await?;
    let owner = |id: CustomerId| customers.get(&id).map(|row| (row.id, row.name.clone()));
    let of_customers = customers.values().map(|row| (row.id.0, row.name.clone(), row.id));
    let of_projects = projects.values().map(|row| (row.id.0, row.name.clone(), row.customer_id));
    let of_offerings = offerings.values().map(|row| (row.id.0, row.name.clone(), row.customer_id));
    let all = of_customers.chain(of_projects).chain(of_offerings);
    Ok(all.map(|(id, name, customer)| (id, ScopeName { name, customer: owner(customer) })).collect())
}

/// Roles on this scope.
#[must_use]
pub fn on_scope(scope: Uuid) -> Filter<user_role::Entity> {
    Filter::equals(user_role::Column::ScopeId, scope)
}

/// Roles that count at `now`.
#[must_use]
pub fn in_force_at(now: Timestamp) -> Filter<user_role::Entity> {
    Filter::new(in_force(now))
}

/// Projects in the order of their organisations.
#[must_use]
pub fn by_customer(column: customer::Column, descending: bool) -> Key {
    Key::of_other(column, customer::Column::Id, project::Column::CustomerId, descending)
}

/// Role assignments in the order of those who hold them.
#[must_use]
pub fn by_person(column: user::Column, descending: bool) -> Key {
    Key::of_other(column, user::Column::Id, user_role::Column::UserId, descending)
}

/// Role assignments in the order of the roles' names.
#[must_use]
pub fn by_role(descending: bool) -> Key {
    Key::of_other(role::Column::Name, role::Column::Id, user_role::Column::RoleId, descending)
}

/// Assignments of a role by its name or id.
#[must_use]
pub fn roles_named(wish: &str) -> Filter<user_role::Entity> {
    match Uuid::try_parse(wish) {
        Ok(id) => Filter::equals(user_role::Column::RoleId, id),
        Err(_) => {
            let named = values_of(role::Column::Id, &[Filter::equals(role::Column::Name, wish)]);
            Filter::among(user_role::Column::RoleId, named)
        }
    }
}

/// Subscriptions of people that a filter leaves.
#[must_use]
pub fn subscriptions_of(people: Filter<user::Entity>) -> Filter<crate::entity::event_subscription::Entity> {
    let people = values_of(user::Column::Id, &[people]);
    Filter::among(crate::entity::event_subscription::Column::UserId, people)
}
