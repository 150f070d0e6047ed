//! Spec 15.2 and 15.3: how executing orders are fulfilled.

use mercat_domain::{
    offering::OFFERING_TYPES,
    order::{
        Action, IssueOutcome, OrderFacts, OrderState, OrderType, Outcome, Processing, ResourceState, TRANSITIONS,
        has_to_be_processed, issue_action, process,
    },
};

use crate::fixture::{BASIC, SLURM, SUPPORT, TENANT, in_state, run};

fn executing(offering_type: &str, order_type: OrderType) -> OrderFacts {
    let resource_state = ResourceState::Ok;
    OrderFacts { order_type, resource_state, ..in_state(offering_type, OrderState::Executing) }
}

#[test]
fn by_type() {
    for (order_type, resource) in [
        (OrderType::Create, None),
        (OrderType::Update, Some(ResourceState::Updating)),
        (OrderType::Terminate, Some(ResourceState::Terminating)),
        (OrderType::Restore, None),
    ] {
        assert_eq!(process(&executing(BASIC, order_type)), Processing::Complete);
        assert_eq!(process(&executing(SLURM, order_type)), Processing::Wait { resource });
        assert_eq!(process(&executing(SUPPORT, order_type)), Processing::OpenIssue { resource });
        let failed = Processing::Fail("Skipping order processing because processor is not found.".to_owned());
        assert_eq!(process(&executing(TENANT, order_type)), failed);
        assert_eq!(process(&executing("Of.Later.Versions", order_type)), failed);
    }
    for rules in OFFERING_TYPES.iter().filter(|rules| ![BASIC, SLURM, SUPPORT].contains(&rules.name)) {
        assert!(matches!(process(&executing(rules.name, OrderType::Create)), Processing::Fail(_)), "{}", rules.name);
    }
}

#[test]
fn a_resource_that_is_busy_already_stays() {
    let busy = OrderFacts { resource_state: ResourceState::Updating, ..executing(SLURM, OrderType::Update) };
    assert_eq!(process(&busy), Processing::Wait { resource: None });
}

#[test]
fn issues_complete_or_reject() {
    let order = executing(SUPPORT, OrderType::Terminate);
    let resolved = run(issue_action(IssueOutcome::Resolved), &order).expect("allowed");
    assert_eq!((resolved.to, resolved.resource.state), (OrderState::Done, Some(ResourceState::Terminated)));
    assert_eq!(issue_action(IssueOutcome::Rejected), Action::IssueRejected);
}

#[test]
fn only_an_order_that_just_waits_for_an_agent_needs_no_processing() {
    for order_type in OrderType::ALL.iter().copied() {
        let waits = matches!(order_type, OrderType::Create | OrderType::Restore);
        assert_eq!(has_to_be_processed(&executing(SLURM, order_type)), !waits, "{order_type}");
        for other in [BASIC, SUPPORT, TENANT, "Of.Later.Versions"] {
            assert!(has_to_be_processed(&executing(other, order_type)), "{other} {order_type}");
        }
    }
}

/// It is asked before the change is written, with the resource as it was.
#[test]
fn nothing_that_leads_to_processing_moves_the_resource() {
    for row in TRANSITIONS.iter().filter(|row| row.process) {
        assert!(matches!(row.outcome, Outcome::None), "{:?}", row.action);
    }
}
