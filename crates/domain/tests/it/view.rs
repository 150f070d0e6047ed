//! Spec 5 and 12: who sees an order, and its computed fields.

use mercat_domain::{
    offering::OFFERING_TYPES,
    order::{OrderState, OrderType, can_terminate, order_subtype, visible},
    permission::{Permission, Scope},
};
use serde_json::{Value, json};

use crate::fixture::{BASIC, CAST, K, OFFERING, P, SUPPORT, V, allowed, cast, user};

#[test]
fn who_sees_an_order() {
    let seen: Vec<&str> = CAST.iter().copied().filter(|name| visible(&cast(name), P, K, V)).collect();
    assert_eq!(seen, ["staff", "support", "own", "mgr", "adm", "vown"]);
    for (scope, sees) in [
        (Scope::Project(P), true),
        (Scope::Customer(K), true),
        (Scope::Customer(V), true),
        (Scope::Offering(OFFERING), false),
    ] {
        assert_eq!(visible(&allowed(user(1), Permission::OrderList, scope), P, K, V), sees, "{scope:?}");
        assert!(!visible(&allowed(user(1), Permission::OrderApprove, scope), P, K, V), "only ORDER.LIST shows");
    }
}

#[test]
fn what_can_be_canceled() {
    for state in OrderState::ALL {
        let open = matches!(state, OrderState::PendingConsumer | OrderState::PendingProvider | OrderState::Executing);
        for rules in OFFERING_TYPES {
            let expected = open && [BASIC, SUPPORT].contains(&rules.name);
            assert_eq!(can_terminate(rules.name, *state), expected, "{} {state}", rules.name);
        }
    }
}

#[test]
fn subtypes_of_updates() {
    let of = |attributes: Value| order_subtype(OrderType::Update, &attributes);
    assert_eq!(of(json!({})), Some("plan_switch"));
    assert_eq!(of(json!({"new_options": {}})), Some("update_options"));
    assert_eq!(of(json!({"new_options": {}, "old_limits": {}})), Some("update_limits"));
    assert_eq!(of(json!({"old_limits": {}, "action": "renew"})), Some("renew"));
    assert_eq!(of(json!({"action": "other"})), Some("plan_switch"));
    assert_eq!(of(json!("text")), Some("plan_switch"));
    for order_type in [OrderType::Create, OrderType::Terminate, OrderType::Restore] {
        assert_eq!(order_subtype(order_type, &json!({"old_limits": {}})), None);
    }
}
