//! Spec 9.1 and 9.2: which reviews are needed.

use mercat_domain::{
    offering::OFFERING_TYPES,
    order::{OrderFacts, OrderType, consumer_review_needed, provider_review_needed},
    permission::{Actor, Permission, Scope},
};
use serde_json::{Value, json};

use crate::fixture::{
    BASIC, CAST, K, OFFERING, P, REMOTE, SCRIPT, TENANT, V, adm, allowed, cast, granted, mem, mgr, order, own, staff,
    user, vown,
};

fn with_options(options: Value) -> OrderFacts {
    let mut order = order(TENANT);
    order.offering.plugin_options = options;
    order
}

fn private() -> OrderFacts {
    let mut order = order(TENANT);
    (order.offering.shared, order.offering.billable) = (false, false);
    order
}

/// The actors whose orders need the consumer's review.
fn reviewed(order: &OrderFacts) -> Vec<&'static str> {
    CAST.iter().copied().filter(|name| consumer_review_needed(order, &cast(name))).collect()
}

#[test]
fn rule_1_purchase_orders_come_first() {
    let mut order = with_options(json!({"require_purchase_order_upload": true}));
    assert_eq!(reviewed(&order), CAST, "staff too");
    order.has_attachment = true;
    assert_eq!(reviewed(&order), ["support", "mgr", "adm", "mem", "vown", "omgr", "user"]);
    assert_eq!(reviewed(&with_options(json!({"require_purchase_order_upload": "yes"}))).len(), 7, "exactly true");
}

#[test]
fn rules_2_6_and_7_public_offerings() {
    assert_eq!(reviewed(&order(TENANT)), ["support", "mgr", "adm", "mem", "vown", "omgr", "user"]);
    for scope in [Scope::Project(P), Scope::Customer(K)] {
        assert!(!consumer_review_needed(&order(TENANT), &allowed(mgr(), Permission::OrderApprove, scope)));
    }
    for scope in [Scope::Customer(V), Scope::Offering(OFFERING)] {
        assert!(consumer_review_needed(&order(TENANT), &allowed(mgr(), Permission::OrderApprove, scope)));
    }
}

#[test]
fn rule_3_private_offerings_are_final() {
    assert_eq!(reviewed(&private()), ["support", "mem", "vown", "omgr", "user"]);
    let approver = allowed(user(1), Permission::OrderApprove, Scope::Project(P));
    assert!(consumer_review_needed(&private(), &approver), "ORDER.APPROVE does not help");
    let mut terminate = private();
    (terminate.order_type, terminate.offering.provider) = (OrderType::Terminate, V);
    assert!(consumer_review_needed(&terminate, &vown()), "nor does rule 5");
    for (shared, billable) in [(true, false), (false, true), (true, true)] {
        let mut order = private();
        (order.offering.shared, order.offering.billable) = (shared, billable);
        assert!(consumer_review_needed(&order, &mgr()), "private is neither shared nor billable");
    }
}

#[test]
fn rule_4_own_shared_offerings() {
    let key = "auto_approve_in_service_provider_projects";
    let ask = |option: Value, provider, shared| {
        let mut order = with_options(json!({key: option}));
        (order.offering.provider, order.offering.shared) = (provider, shared);
        consumer_review_needed(&order, &mem())
    };
    assert!(!ask(json!(true), K, true));
    for (option, provider, shared) in [
        (json!(false), K, true),
        (json!("true"), K, true),
        (json!(1), K, true),
        (json!(true), V, true),
        (json!(true), K, false),
    ] {
        assert!(ask(option, provider, shared));
    }
}

#[test]
fn rule_5_the_provider_ends_resources() {
    let ask =
        |order_type, creator: &Actor| consumer_review_needed(&OrderFacts { order_type, ..order(TENANT) }, creator);
    assert!(!ask(OrderType::Terminate, &vown()));
    assert!(ask(OrderType::Terminate, &mgr()));
    let by_permission = Permission::ALL.iter().fold(user(1), |actor, p| allowed(actor, *p, Scope::Customer(V)));
    assert!(ask(OrderType::Terminate, &by_permission), "owners by role, not by permission");
    for order_type in [OrderType::Create, OrderType::Update, OrderType::Restore] {
        assert!(ask(order_type, &vown()), "{order_type}");
    }
}

#[test]
fn provider_review_by_type() {
    for rules in OFFERING_TYPES {
        let expected = matches!(rules.name, "Marketplace.Basic" | "Marketplace.Slurm" | "Waldur.RemoteOffering");
        for reviewer in [None, Some(&staff()), Some(&own()), Some(&adm())] {
            assert_eq!(provider_review_needed(&order(rules.name), reviewer), expected, "{}", rules.name);
        }
    }
    assert!(!provider_review_needed(&order("Of.Later.Versions"), None));
    assert!(provider_review_needed(&order(BASIC), Some(&vown())), "the provider's own owner is not spared");
}

#[test]
fn scripts_approve_themselves_unless_told_otherwise() {
    for (value, needed) in [(json!(false), true), (json!(true), false), (json!(null), false), (json!("false"), false)] {
        let mut order = order(SCRIPT);
        order.offering.plugin_options = json!({"auto_approve_marketplace_script": value});
        assert_eq!(provider_review_needed(&order, None), needed);
    }
}

#[test]
fn remote_offerings_trust_the_providers_people() {
    let manager = |actor| granted(actor, "CUSTOMER.MANAGER", Scope::Customer(V));
    let on_offering = |actor| granted(actor, "OFFERING.MANAGER", Scope::Offering(OFFERING));
    assert!(!provider_review_needed(&order(REMOTE), Some(&vown())));
    assert!(!provider_review_needed(&order(REMOTE), Some(&manager(on_offering(user(1))))));
    for reviewer in [
        manager(user(1)),
        on_offering(user(1)),
        own(),
        granted(on_offering(user(1)), "CUSTOMER.MANAGER", Scope::Customer(K)),
    ] {
        assert!(provider_review_needed(&order(REMOTE), Some(&reviewer)));
    }
    let mut auto = order(REMOTE);
    auto.offering.plugin_options = json!({"auto_approve_remote_orders": true});
    assert!(!provider_review_needed(&auto, None));
}
