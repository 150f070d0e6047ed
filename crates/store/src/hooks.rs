//! Who sees which messages.

use mercat_domain::{delivery::DeliveryKind, id::UserId, permission::GrantedScopes};

use crate::{
    entity::{delivery, hook, order, user},
    list::{Filter, values_of},
};

/// Messages to somebody's own hooks, and callbacks of the orders within these scopes.
#[must_use]
pub fn deliveries_seen(user: UserId, scopes: &GrantedScopes) -> Filter<delivery::Entity> {
    let hooks = values_of(hook::Column::Id, &[Filter::equals(hook::Column::UserId, user)]);
    Filter::either([
        Filter::among(delivery::Column::HookId, hooks),
        Filter::both([
            Filter::equals(delivery::Column::Kind, DeliveryKind::Callback),
            Filter::among(delivery::Column::OrderId, values_of(order::Column::Id, &[orders_within(scopes)])),
        ]),
    ])
}

/// Orders of the projects and organisations of these scopes, on either side.
fn orders_within(scopes: &GrantedScopes) -> Filter<order::Entity> {
    Filter::either([
        Filter::any_of(order::Column::ProjectId, scopes.projects.iter().copied()),
        Filter::any_of(order::Column::CustomerId, scopes.customers.iter().copied()),
        Filter::any_of(order::Column::ProviderId, scopes.customers.iter().copied()),
    ])
}

/// Hooks of people that a filter leaves.
#[must_use]
pub fn hooks_of(people: Filter<user::Entity>) -> Filter<hook::Entity> {
    Filter::among(hook::Column::UserId, values_of(user::Column::Id, &[people]))
}
