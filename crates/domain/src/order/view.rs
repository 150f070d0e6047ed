//! Computed fields of an order, and who sees it.

use serde_json::Value;

use super::{OrderState, OrderType};
use crate::{
    id::{CustomerId, ProjectId},
    offering::rules_of,
    permission::{Actor, Permission, Scope},
};

/// What kind of Update an order is (spec 12, `order_subtype`).
///
/// `None` for the other types.
#[must_use]
pub fn order_subtype(order_type: OrderType, attributes: &Value) -> Option<&'static str> {
    if order_type != OrderType::Update {
        return None;
    }
    let has = |key: &str| attributes.get(key).is_some();
    Some(if attributes.get("action").is_some_and(|action| action == "renew") {
        "renew"
    } else if has("old_limits") {
        "update_limits"
    } else if has("new_options") {
        "update_options"
    } else {
        "plan_switch"
    })
}

/// Whether an order could be canceled, whoever asks (spec 12, `can_terminate`).
#[must_use]
pub fn can_terminate(offering_type: &str, state: OrderState) -> bool {
    let open = matches!(state, OrderState::PendingConsumer | OrderState::PendingProvider | OrderState::Executing);
    open && rules_of(offering_type).can_terminate
}

/// Whether the actor sees an order of these three (spec 5).
#[must_use]
pub fn visible(actor: &Actor, project: ProjectId, customer: CustomerId, provider: CustomerId) -> bool {
    let scopes = [Scope::Project(project), Scope::Customer(customer), Scope::Customer(provider)];
    actor.sees_all() || actor.has(Permission::OrderList, &scopes)
}
