//! Spec 15.2 and 15.3: how executing orders are fulfilled.

use mercat_domain::{
    offering::OFFERING_TYPES,
    order::{
        Action, IssueOutcome, OrderFacts, OrderState, OrderType, Processing, ResourceState, issue_action, process,
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
