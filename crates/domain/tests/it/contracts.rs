//! Spec 10: who may, the order of the checks, the texts of refusals, and the matrix of 10.18.

use mercat_domain::{
    order::{Action, Gate, OrderFacts, OrderState, OrderType, Refusal, decide},
    permission::{Permission, Scope},
    settings::RuleSettings,
};
use serde_json::json;

use crate::fixture::{
    BASIC, CAST, K, P, SLURM, SUPPORT, TENANT, V, allowed, ask, cast, in_state, made_by, mgr, order, own, run, staff,
    support, today, user, vown,
};

/// The API's actions in the order of the columns of 10.18.
const API: [Action; 12] = [
    Action::ApproveByConsumer,
    Action::ApproveByProvider,
    Action::RejectByConsumer,
    Action::RejectByProvider,
    Action::Cancel,
    Action::Destroy,
    Action::SetStateExecuting,
    Action::SetStateDone,
    Action::SetStateErred,
    Action::UpdateAttachment,
    Action::SetBackendId,
    Action::Unlink,
];

/// An order on which the action is allowed to staff.
fn ready(action: Action) -> OrderFacts {
    let state = action.rule().from.first().copied().unwrap_or(OrderState::PendingConsumer);
    let offering_type = if action == Action::Cancel { BASIC } else { SLURM };
    in_state(offering_type, state)
}

/// The matrix of 10.18, row by row; `x` works, `.` is 409. Cancel from pending-start-date is decided (19 row 5).
#[test]
fn state_by_action() {
    let rows = [
        ("pending-consumer", "x.x.xxx.xxxx"),
        ("pending-provider", ".x.xxxx.xxxx"),
        ("pending-project", "........xxxx"),
        ("pending-start-date", "....x...x.xx"),
        ("executing", "....x..xx.xx"),
        ("done", "........x.xx"),
        ("canceled", "........x.xx"),
        ("rejected", "........x.xx"),
        ("erred", "......x.x.xx"),
    ];
    assert_eq!(rows.len(), OrderState::ALL.len());
    for (state, marks) in rows {
        for (action, mark) in API.into_iter().zip(marks.chars()) {
            let order = OrderFacts { state: state.parse().expect("a state"), ..ready(action) };
            match ask(action, &order, &staff()) {
                Ok(_) => assert_eq!(mark, 'x', "{action} worked in {state}"),
                Err(Refusal::WrongState { .. }) => assert_eq!(mark, '.', "{action} in {state}"),
                Err(other) => assert_eq!(other, Refusal::WrongState { valid: &[] }, "{action} in {state}"),
            }
            let attachment = ask(Action::DeleteAttachment, &order, &staff()).is_ok();
            assert!(action != Action::UpdateAttachment || attachment == (mark == 'x'), "deletion goes with update");
        }
    }
}

/// Who passes each gate with the shipped roles, on an order of the project manager.
#[test]
fn who_may() {
    let rows: [(Action, &[&str]); 13] = [
        (Action::ApproveByConsumer, &["staff", "own"]),
        (Action::ApproveByProvider, &["staff", "vown"]),
        (Action::RejectByConsumer, &["staff", "own", "mgr"]),
        (Action::RejectByProvider, &["staff", "vown"]),
        (Action::Cancel, &["staff", "own", "mgr", "adm"]),
        (Action::Destroy, &["staff", "own", "mgr", "adm"]),
        (Action::Unlink, &["staff"]),
        (Action::SetStateExecuting, &["staff", "vown"]),
        (Action::SetStateDone, &["staff", "vown"]),
        (Action::SetStateErred, &["staff", "vown"]),
        (Action::SetBackendId, &["staff", "vown", "omgr"]),
        (Action::UpdateAttachment, &["staff", "support", "own", "mgr", "adm", "vown"]),
        (Action::DeleteAttachment, &["staff", "support", "own", "mgr", "adm", "vown"]),
    ];
    for (action, expected) in rows {
        let order = ready(action);
        let refused = |name: &str| matches!(ask(action, &order, &cast(name)), Err(Refusal::Forbidden { .. }));
        let may: Vec<&str> = CAST.iter().copied().filter(|name| !refused(name)).collect();
        assert_eq!(may, expected, "{action}");
        assert!(run(action, &order).is_err(), "{action}: the service itself passes no gate of people");
    }
}

#[test]
fn nobody_acts_as_the_service() {
    for action in Action::ALL.iter().filter(|action| action.rule().gate == Gate::System) {
        let order = in_state(TENANT, action.rule().from[0]);
        assert_eq!(ask(*action, &order, &staff()), Err(Refusal::Forbidden { gate: Gate::System }), "{action}");
        assert!(run(*action, &order).is_ok(), "{action}");
    }
}

#[test]
fn a_permission_counts_on_each_of_its_paths_and_no_other() {
    let rows: [(Action, Permission, &[Scope]); 6] = [
        (Action::ApproveByConsumer, Permission::OrderApprove, &[Scope::Project(P), Scope::Customer(K)]),
        (Action::RejectByConsumer, Permission::OrderReject, &[Scope::Project(P), Scope::Customer(K)]),
        (Action::Cancel, Permission::OrderCancel, &[Scope::Project(P), Scope::Customer(K)]),
        (Action::Destroy, Permission::OrderDestroy, &[Scope::Project(P), Scope::Customer(K)]),
        (Action::RejectByProvider, Permission::OrderReject, &[Scope::Customer(V)]),
        (Action::SetStateDone, Permission::OrderApprove, &[Scope::Customer(V)]),
    ];
    for (action, permission, scopes) in rows {
        for scope in [Scope::Project(P), Scope::Customer(K), Scope::Customer(V)] {
            let holder = allowed(user(1), permission, scope);
            assert_eq!(ask(action, &ready(action), &holder).is_ok(), scopes.contains(&scope), "{action} {scope:?}");
        }
    }
}

#[test]
fn the_creator_rejects_without_permission() {
    assert!(ask(Action::RejectByConsumer, &made_by(order(BASIC), user(1)), &user(1)).is_ok());
    assert!(ask(Action::RejectByConsumer, &order(BASIC), &user(1)).is_err());
    assert!(ask(Action::RejectByConsumer, &order(BASIC), &support()).is_err(), "support sees but may not");
    let orphan = OrderFacts { created_by: None, creator: None, ..order(BASIC) };
    assert!(ask(Action::RejectByConsumer, &orphan, &own()).is_ok(), "a removed creator does not block the review");
}

/// What each refusal says, word for word.
#[test]
fn the_texts() {
    let text = |action, order: &OrderFacts| ask(action, order, &staff()).expect_err("refused").to_string();
    let state = |action: Action, valid: &str| {
        let wrong = OrderState::ALL.iter().find(|state| !action.rule().from.contains(state)).expect("a state");
        let found = text(action, &OrderFacts { state: *wrong, ..ready(action) });
        assert_eq!(found, format!("Valid states for operation: {valid}."), "{action}");
    };
    state(Action::ApproveByConsumer, "pending-consumer");
    state(Action::ApproveByProvider, "pending-provider");
    state(Action::RejectByConsumer, "pending-consumer");
    state(Action::RejectByProvider, "pending-provider");
    state(Action::Cancel, "pending-consumer, pending-provider, pending-start-date, executing");
    state(Action::Destroy, "pending-consumer, pending-provider");
    state(Action::SetStateExecuting, "pending-consumer, pending-provider, erred");
    state(Action::SetStateDone, "executing");
    state(Action::UpdateAttachment, "pending-project, pending-consumer, pending-provider");
    state(Action::DeleteAttachment, "pending-project, pending-consumer, pending-provider");
    let unsupported =
        "Method \"The order's offering with Marketplace.Basic type does not support this action\" not allowed.";
    assert_eq!(text(Action::SetStateErred, &order(BASIC)), unsupported);
    let forbidden = ask(Action::Unlink, &order(BASIC), &own()).expect_err("refused").to_string();
    assert_eq!(forbidden, "You do not have permission to perform this action.");
}

#[test]
fn actions_by_offering_type() {
    for (action, types) in [
        (Action::Cancel, &[BASIC, SUPPORT][..]),
        (Action::SetStateExecuting, &[SLURM]),
        (Action::SetStateDone, &[BASIC, SUPPORT, SLURM]),
        (Action::SetStateErred, &[SLURM]),
    ] {
        for offering_type in [BASIC, SUPPORT, SLURM, TENANT, "Marketplace.Script", "Of.Later.Versions"] {
            let order = in_state(offering_type, action.rule().from.first().copied().unwrap_or(OrderState::Done));
            let expected = Refusal::UnsupportedType { offering_type: offering_type.to_owned() };
            match ask(action, &order, &staff()) {
                Ok(_) => assert!(types.contains(&offering_type), "{action} {offering_type}"),
                Err(refusal) => assert!(refusal == expected && !types.contains(&offering_type), "{action} {refusal}"),
            }
        }
    }
}

/// Breaks every check of an action at once, then mends one after the other.
#[test]
fn the_checks_come_in_order() {
    let rows: [(Action, &[&str]); 10] = [
        (
            Action::ApproveByConsumer,
            &["permission", "Blocked", "expired", "Valid states", "Purchase order is required for approval."],
        ),
        (Action::ApproveByProvider, &["permission", "Blocked", "Valid states"]),
        (
            Action::RejectByConsumer,
            &["permission", "Blocked", "Valid states", "not required", "Order is already reviewed by consumer."],
        ),
        (Action::RejectByProvider, &["permission", "Blocked", "Valid states"]),
        (Action::Cancel, &["permission", "Valid states", "does not support"]),
        (Action::Destroy, &["permission", "Valid states", "Blocked"]),
        (Action::SetStateExecuting, &["permission", "Valid states", "does not support"]),
        (Action::SetStateDone, &["permission", "Valid states", "does not support"]),
        (Action::SetStateErred, &["permission", "does not support"]),
        (Action::SetBackendId, &["permission", "Blocked"]),
    ];
    for (action, expected) in rows {
        let mut order = OrderFacts { state: OrderState::Rejected, ..made_by(order(TENANT), own()) };
        order.consumer.blocked = true;
        order.project.end_date = Some(today());
        order.consumer_reviewed_by = Some(own().id);
        let reject = action == Action::RejectByConsumer;
        order.offering.plugin_options = json!({"require_purchase_order_upload": !reject});
        let mut actor = user(1);
        for text in expected {
            let refusal = ask(action, &order, &actor).expect_err(text).to_string();
            assert!(refusal.contains(text), "{action}: expected {text}, got {refusal}");
            mend(text, action, &mut order, &mut actor);
        }
        assert!(ask(action, &order, &actor).is_ok(), "{action}");
    }
}

fn mend(text: &str, action: Action, order: &mut OrderFacts, actor: &mut mercat_domain::permission::Actor) {
    match text {
        "permission" => *actor = staff(),
        "Blocked" => order.consumer.blocked = false,
        "expired" => order.project.end_date = None,
        "Valid states" => order.state = action.rule().from[0],
        "does not support" => ready(action).offering.offering_type.clone_into(&mut order.offering.offering_type),
        "not required" => order.creator = Some(mgr()),
        "Order is already reviewed by consumer." => order.consumer_reviewed_by = None,
        _ => order.has_attachment = true,
    }
}

#[test]
fn what_the_checks_do_not_ask() {
    let mut over = in_state(BASIC, OrderState::PendingProvider);
    over.project.end_date = Some(today());
    assert!(ask(Action::ApproveByProvider, &over, &vown()).is_ok(), "the provider may approve in an expired project");
    over.consumer.archived = true;
    let archived = Refusal::Rule("Archived organization is not available.".to_owned());
    assert_eq!(ask(Action::ApproveByProvider, &over, &vown()), Err(archived), "the consumer's organisation");
    assert!(ask(Action::Cancel, &over, &own()).is_ok(), "cancel does not ask for a blocked organisation");
    let mut end = OrderFacts { order_type: OrderType::Terminate, ..order(BASIC) };
    end.offering.plugin_options = json!({"require_purchase_order_upload": true});
    assert!(ask(Action::ApproveByConsumer, &end, &own()).is_ok(), "no purchase order to end something");
}

#[test]
fn a_rejection_is_refused_once_the_creator_could_approve() {
    let promoted = made_by(order(BASIC), own());
    let refusal = Refusal::Rule("Review of order by consumer is not required.".to_owned());
    assert_eq!(ask(Action::RejectByConsumer, &promoted, &own()), Err(refusal));
}

#[test]
fn a_last_day_is_expired_already() {
    let mut order = order(BASIC);
    order.project.end_date = Some(today());
    let refusal = Refusal::Rule("Project 'Palm | Kumquat' is expired.".to_owned());
    assert_eq!(ask(Action::ApproveByConsumer, &order, &own()), Err(refusal));
    let yesterday = decide(
        Action::ApproveByConsumer,
        &order,
        Some(&own()),
        crate::fixture::day("2025-11-23"),
        &RuleSettings::default(),
    );
    assert!(yesterday.is_ok());
}

#[test]
fn refusals_explain_themselves() {
    let order = order(BASIC);
    let forbidden = ask(Action::ApproveByConsumer, &order, &mgr()).expect_err("refused").advice(&order);
    assert_eq!(forbidden.who, "Staff, or holders of ORDER.APPROVE on the project Palm or the organisation Kumquat.");
    let state = ask(Action::Cancel, &in_state(BASIC, OrderState::Done), &own())
        .expect_err("refused")
        .advice(&in_state(BASIC, OrderState::Done));
    assert!(
        state.unblocks.contains("The order is done") && state.unblocks.contains("pending-consumer or"),
        "{state:?}"
    );
    for action in Action::ALL {
        for actor in CAST.iter().map(|name| cast(name)) {
            for state in OrderState::ALL {
                let facts = OrderFacts { state: *state, ..order.clone() };
                if let Err(refusal) = ask(*action, &facts, &actor) {
                    let advice = refusal.advice(&facts);
                    assert!(advice.who.ends_with('.') && advice.unblocks.ends_with('.'), "{action}: {advice:?}");
                }
            }
        }
    }
}
