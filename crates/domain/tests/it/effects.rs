//! Spec 6.3, 15.2 to 15.7: what an outcome does to resource, log, mail and callback.

use mercat_domain::{
    order::{Action, Decision, Notice, OrderFacts, OrderState, OrderType, ResourceState as R, Side},
    permission::Actor,
};
use serde_json::json;

use crate::fixture::{BASIC, SLURM, SUPPORT, TENANT, ask, in_state, made_by, order, own, run, staff, vown};

/// An executing order of the type on a resource that is being worked on.
fn executing(offering_type: &str, order_type: OrderType) -> OrderFacts {
    let resource_state = match order_type {
        OrderType::Create | OrderType::Restore => R::Creating,
        OrderType::Update => R::Updating,
        OrderType::Terminate => R::Terminating,
    };
    OrderFacts { order_type, resource_state, ..in_state(offering_type, OrderState::Executing) }
}

fn by(action: Action, order: &OrderFacts, actor: &Actor) -> Decision {
    ask(action, order, actor).expect("allowed")
}

/// The table of 15.4 and 6.3: type, then the resource after done, erred, broken, rejected or canceled.
#[test]
fn the_resource_after_each_outcome() {
    for (order_type, done, erred, refused) in [
        (OrderType::Create, R::Ok, R::Erred, R::Terminated),
        (OrderType::Update, R::Ok, R::Erred, R::Ok),
        (OrderType::Terminate, R::Terminated, R::Ok, R::Ok),
        (OrderType::Restore, R::Ok, R::Erred, R::Terminated),
    ] {
        let after = |decision: Decision| decision.resource.state.expect("a change");
        let slurm = executing(SLURM, order_type);
        assert_eq!(after(by(Action::SetStateDone, &slurm, &vown())), done, "{order_type}");
        assert_eq!(after(run(Action::Complete, &slurm).expect("allowed")), done);
        assert_eq!(after(by(Action::SetStateErred, &slurm, &vown())), erred);
        assert_eq!(after(run(Action::Fail, &slurm).expect("allowed")), R::Erred, "broken is erred, whatever the type");
        assert_eq!(after(run(Action::TimeOut, &executing(TENANT, order_type)).expect("allowed")), R::Erred);
        assert_eq!(after(by(Action::Cancel, &executing(SUPPORT, order_type), &own())), refused);
        let pending = OrderFacts { state: OrderState::PendingProvider, ..slurm.clone() };
        assert_eq!(after(by(Action::RejectByProvider, &pending, &vown())), refused);
        assert_eq!(after(run(Action::Withdraw, &pending).expect("allowed")), refused);
        let pending = OrderFacts { state: OrderState::PendingConsumer, ..slurm };
        assert_eq!(after(by(Action::RejectByConsumer, &pending, &own())), refused);
    }
}

#[test]
fn a_resource_that_is_there_already_stays() {
    let waiting =
        OrderFacts { resource_state: R::Ok, state: OrderState::PendingProvider, ..executing(BASIC, OrderType::Update) };
    assert_eq!(by(Action::RejectByProvider, &waiting, &vown()).resource.state, None);
    let end = OrderFacts { resource_state: R::Ok, ..executing(SLURM, OrderType::Terminate) };
    let erred = by(Action::SetStateErred, &end, &vown());
    assert_eq!((erred.to, erred.resource.state), (OrderState::Erred, None), "2024-10 answers 500 here");
}

#[test]
fn issues_end_orders_by_type() {
    for (order_type, to, completed, resource) in [
        (OrderType::Create, OrderState::Canceled, true, R::Terminated),
        (OrderType::Update, OrderState::Erred, false, R::Erred),
        (OrderType::Terminate, OrderState::Erred, false, R::Ok),
        (OrderType::Restore, OrderState::Erred, false, R::Erred),
    ] {
        let decision = run(Action::IssueRejected, &executing(SUPPORT, order_type)).expect("allowed");
        assert_eq!((decision.to, decision.completed), (to, completed), "{order_type}");
        assert_eq!(decision.resource.state, Some(resource), "{order_type}");
    }
    let canceled = run(Action::IssueRejected, &executing(SUPPORT, OrderType::Create)).expect("allowed");
    assert_eq!(canceled.log, ["marketplace_order_terminated", "marketplace_resource_create_canceled"]);
}

#[test]
fn only_a_done_update_takes_over_what_was_ordered() {
    for order_type in OrderType::ALL {
        let is_update = *order_type == OrderType::Update;
        let done = by(Action::SetStateDone, &executing(SLURM, *order_type), &vown());
        assert_eq!((done.to, done.completed, done.resource.apply), (OrderState::Done, true, is_update));
        assert_eq!(run(Action::Complete, &executing(BASIC, *order_type)).expect("allowed").resource.apply, is_update);
        assert!(!by(Action::SetStateErred, &executing(SLURM, *order_type), &vown()).resource.apply);
    }
}

#[test]
fn two_executing_orders_of_one_kind_change_the_resource_only() {
    let twin = OrderFacts { executing_siblings: 1, ..executing(SLURM, OrderType::Update) };
    let done = by(Action::SetStateDone, &twin, &vown());
    assert_eq!((done.to, done.completed, done.callback), (OrderState::Executing, false, false));
    assert_eq!((done.resource.state, done.resource.apply), (Some(R::Ok), false));
    let erred = by(Action::SetStateErred, &twin, &vown());
    assert_eq!((erred.to, erred.resource.state), (OrderState::Executing, Some(R::Erred)));
}

#[test]
fn set_state_erred_works_in_every_state_and_moves_only_executing_orders() {
    for state in OrderState::ALL {
        for resource_state in R::ALL {
            let order = OrderFacts { resource_state: *resource_state, ..in_state(SLURM, *state) };
            let decision = by(Action::SetStateErred, &order, &vown());
            let is_executing = *state == OrderState::Executing;
            assert_eq!(decision.to, if is_executing { OrderState::Erred } else { *state });
            assert_eq!((decision.completed, decision.callback), (false, is_executing), "completed_at stays as it was");
            let untouched = matches!(resource_state, R::Erred | R::Terminated);
            assert_eq!(decision.resource.state, (!untouched).then_some(R::Erred), "{state} {resource_state}");
        }
    }
}

#[test]
fn set_state_executing_changes_nothing_else() {
    for state in [OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::Erred] {
        let order = OrderFacts { resource_state: R::Erred, ..in_state(SLURM, state) };
        let decision = by(Action::SetStateExecuting, &order, &vown());
        assert_eq!((decision.to, decision.reviewed), (OrderState::Executing, None));
        assert_eq!((decision.process, decision.completed, decision.notify), (false, false, None));
        assert_eq!(decision.resource, Default::default());
        assert_eq!(decision.log, ["marketplace_order_approved"]);
        assert!(decision.callback);
    }
}

#[test]
fn terminated_resources_come_back_only_by_what_makes_them() {
    for order_type in OrderType::ALL {
        let order = OrderFacts { resource_state: R::Terminated, ..executing(SLURM, *order_type) };
        let makes = matches!(order_type, OrderType::Create | OrderType::Restore);
        assert_eq!(by(Action::SetStateDone, &order, &vown()).resource.state, makes.then_some(R::Ok));
        assert_eq!(run(Action::Fail, &order).expect("allowed").resource.state, None);
        let pending = OrderFacts { state: OrderState::PendingConsumer, ..order };
        assert_eq!(run(Action::Withdraw, &pending).expect("allowed").resource.state, None);
    }
}

#[test]
fn staff_gives_a_resource_up_by_force() {
    let forced = |order_type, creator| {
        let order = OrderFacts { attributes: json!({"action": "force_destroy"}), ..executing(TENANT, order_type) };
        run(Action::Fail, &made_by(order, creator)).expect("allowed").resource.state
    };
    assert_eq!(forced(OrderType::Terminate, staff()), Some(R::Terminated));
    assert_eq!(forced(OrderType::Terminate, own()), Some(R::Erred));
    assert_eq!(forced(OrderType::Update, staff()), Some(R::Erred));
}

#[test]
fn reviews_are_stamped_by_side() {
    let stamp = |action, state, actor: &Actor| by(action, &in_state(BASIC, state), actor).reviewed;
    assert_eq!(stamp(Action::ApproveByConsumer, OrderState::PendingConsumer, &own()), Some(Side::Consumer));
    assert_eq!(stamp(Action::RejectByConsumer, OrderState::PendingConsumer, &own()), Some(Side::Consumer));
    assert_eq!(stamp(Action::ApproveByProvider, OrderState::PendingProvider, &vown()), Some(Side::Provider));
    assert_eq!(stamp(Action::RejectByProvider, OrderState::PendingProvider, &vown()), Some(Side::Provider));
    assert_eq!(stamp(Action::Cancel, OrderState::PendingProvider, &own()), None);
}

#[test]
fn rejections_are_told_to_the_creator() {
    for (action, state, actor) in [
        (Action::RejectByConsumer, OrderState::PendingConsumer, own()),
        (Action::RejectByProvider, OrderState::PendingProvider, vown()),
    ] {
        let decision = by(action, &in_state(BASIC, state), &actor);
        assert_eq!((decision.to, decision.completed), (OrderState::Rejected, true));
        assert_eq!((decision.notify, decision.callback), (Some(Notice::Rejected), true));
        assert_eq!(decision.log, ["marketplace_order_rejected"]);
    }
    let canceled = by(Action::Cancel, &order(BASIC), &own());
    assert_eq!((canceled.to, canceled.completed, canceled.notify), (OrderState::Canceled, true, None));
    assert_eq!(canceled.log, ["marketplace_order_terminated"]);
}

/// Attributes of an Update order, then the events and the mail when it is done, and the events when it fails.
#[test]
fn updates_are_told_by_subtype() {
    let limits = ["marketplace_resource_update_limits_succeeded"];
    let update = ["marketplace_resource_update_succeeded"];
    let renewal = ["marketplace_resource_update_succeeded", "marketplace_resource_update_end_date_succeeded"];
    for (attributes, done, mail, failed) in [
        (json!({"old_limits": {}}), &limits[..], Notice::LimitsSucceeded, "marketplace_resource_update_limits_failed"),
        (json!({"new_options": {}}), &update[..], Notice::UpdateSucceeded, "marketplace_resource_update_failed"),
        (json!({}), &update[..], Notice::UpdateSucceeded, "marketplace_resource_update_failed"),
        (
            json!({"action": "renew", "old_limits": {}}),
            &renewal[..],
            Notice::UpdateSucceeded,
            "marketplace_resource_update_failed",
        ),
    ] {
        let order = OrderFacts { attributes, ..executing(SLURM, OrderType::Update) };
        let decision = by(Action::SetStateDone, &order, &vown());
        assert_eq!(decision.log[0], "marketplace_order_completed");
        assert_eq!((&decision.log[1..], decision.notify), (done, Some(mail)));
        let decision = by(Action::SetStateErred, &order, &vown());
        assert_eq!((decision.log, decision.notify), (vec!["marketplace_order_failed", failed], None));
    }
}

#[test]
fn completions_and_failures_are_told_by_type() {
    for (order_type, verb) in [(OrderType::Create, "create"), (OrderType::Terminate, "terminate")] {
        let done = run(Action::Complete, &executing(BASIC, order_type)).expect("allowed");
        assert_eq!(
            done.log,
            ["marketplace_order_completed".to_owned(), format!("marketplace_resource_{verb}_succeeded")]
        );
        assert_eq!(done.notify, None);
        let failed = run(Action::Fail, &executing(BASIC, order_type)).expect("allowed");
        assert_eq!(failed.log, ["marketplace_order_failed".to_owned(), format!("marketplace_resource_{verb}_failed")]);
        assert!(!failed.completed && run(Action::TimeOut, &executing(TENANT, order_type)).expect("allowed").completed);
    }
    let restored = run(Action::Complete, &executing(BASIC, OrderType::Restore)).expect("allowed");
    assert_eq!(restored.log, ["marketplace_order_completed"]);
}

/// A resource without its Create order would count against limits for ever; others belong to an earlier order.
#[test]
fn a_deleted_create_or_restore_takes_its_resource_along() {
    for order_type in OrderType::ALL {
        let pending = OrderFacts { order_type: *order_type, resource_state: R::Creating, ..order(BASIC) };
        let decision = by(Action::Destroy, &pending, &own());
        let expected = matches!(order_type, OrderType::Create | OrderType::Restore).then_some(R::Terminated);
        assert_eq!(decision.resource.state, expected, "{order_type}");
        assert_eq!((decision.notify, decision.callback, decision.process), (None, false, false));
        assert!(decision.log.is_empty(), "deleting is told nowhere");
    }
}

#[test]
fn what_does_not_move_an_order_has_no_effect() {
    for (action, log) in [
        (Action::Unlink, &["marketplace_order_unlinked"][..]),
        (Action::SetBackendId, &[]),
        (Action::UpdateAttachment, &[]),
        (Action::DeleteAttachment, &[]),
    ] {
        let decision = by(action, &order(BASIC), &staff());
        assert_eq!((decision.to, decision.log.as_slice()), (OrderState::PendingConsumer, log), "{action}");
        assert_eq!((decision.notify, decision.callback, decision.process), (None, false, false));
        assert_eq!((decision.resource, decision.reviewed, decision.completed), (Default::default(), None, false));
    }
}
