//! Spec 7.7 rules a to g and 14: orders that change or end a resource.

use std::collections::BTreeMap;

use mercat_domain::{
    id::OrganizationGroupId,
    invalid::Invalid,
    offering::{BillingType, CustomerFacts, OfferingFacts, OfferingState, ProjectFacts},
    order::{ChangeFacts, OrderType, check_change, check_limits_change, check_new_options, check_plan_switch},
};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{
    BASIC, K, OFFERING, P, PARENT, Request, SCRIPT, TENANT, component, consumer, day, limits, offering, project, today,
};

/// What surrounds an order, to be changed by a test.
struct Around {
    offering: OfferingFacts,
    project: ProjectFacts,
    consumer: CustomerFacts,
    has_open_order: bool,
}

/// The refusal by order type, in the order of `OrderType::ALL`.
fn refusals(change: impl FnOnce(&mut Around)) -> [Option<String>; 4] {
    let mut around =
        Around { offering: offering(BASIC), project: project(), consumer: consumer(), has_open_order: false };
    change(&mut around);
    [OrderType::Create, OrderType::Update, OrderType::Terminate, OrderType::Restore].map(|order_type| {
        let facts = ChangeFacts {
            order_type,
            today: today(),
            offering: &around.offering,
            project: &around.project,
            consumer: &around.consumer,
            has_open_order: around.has_open_order,
        };
        match check_change(&facts) {
            Ok(()) => None,
            Err(Invalid::Plain(message)) => Some(message),
            Err(other) => Some(format!("not a bare list: {other}")),
        }
    })
}

fn all(message: &str) -> [Option<String>; 4] {
    [(); 4].map(|()| Some(message.to_owned()))
}

fn but_terminate(message: &str) -> [Option<String>; 4] {
    let [a, b, _, d] = all(message);
    [a, b, None, d]
}

const NONE: [Option<String>; 4] = [None, None, None, None];

#[test]
fn a_open_organisations() {
    assert_eq!(refusals(|_| ()), NONE);
    assert_eq!(refusals(|a| a.consumer.archived = true), all("Archived organization is not available."));
    let both = refusals(|a| (a.consumer.blocked, a.consumer.archived) = (true, true));
    assert_eq!(both, all("Blocked organization is not available."));
}

#[test]
fn b_running_projects() {
    let expired = "Project 'Palm | Kumquat' is expired.";
    assert_eq!(refusals(|a| a.project.end_date = Some(today())), but_terminate(expired));
    assert_eq!(refusals(|a| a.project.end_date = Some(day("2025-11-23"))), but_terminate(expired));
    assert_eq!(refusals(|a| a.project.end_date = Some(day("2025-11-25"))), NONE);
}

#[test]
fn c_offerings_that_work() {
    for state in OfferingState::ALL {
        let works = matches!(state, OfferingState::Active | OfferingState::Paused);
        let expected = if works { NONE } else { but_terminate("Offering is not available.") };
        assert_eq!(refusals(|a| a.offering.state = *state), expected, "{state}");
    }
}

#[test]
fn d_organisation_groups() {
    let [one, two] = [1, 2].map(|n| OrganizationGroupId(Uuid::from_u128(n)));
    let refused = all("This offering is not available for ordering.");
    assert_eq!(refusals(|a| a.offering.groups = vec![one]), refused);
    assert_eq!(refusals(|a| (a.offering.groups, a.consumer.groups) = (vec![one], vec![two])), refused);
    assert_eq!(refusals(|a| (a.offering.groups, a.consumer.groups) = (vec![two, one], vec![one])), NONE);
    assert_eq!(refusals(|a| a.consumer.groups = vec![one]), NONE);
    let own = refusals(|a| (a.offering.groups, a.offering.shared, a.offering.provider) = (vec![one], false, K));
    assert_eq!(own, NONE, "only shared offerings are restricted by groups");
}

#[test]
fn e_offerings_that_are_not_shared() {
    let refused = all("Offering \"Vine\" is not allowed in organization \"Kumquat\".");
    assert_eq!(refusals(|a| a.offering.shared = false), refused);
    assert_eq!(refusals(|a| (a.offering.shared, a.offering.provider) = (false, K)), NONE);
    assert_eq!(refusals(|a| (a.offering.shared, a.offering.project) = (false, Some(P))), NONE);
}

#[test]
fn f_one_order_at_a_time() {
    assert_eq!(refusals(|a| a.has_open_order = true), all("Pending order for resource already exists."));
}

#[test]
fn g_prerequisites_of_types() {
    let scope = all("Offering is invalid: it does not have a scope.");
    for offering_type in [TENANT, "OpenStack.Instance", "OpenStack.Volume"] {
        let without = |a: &mut Around| (a.offering, a.offering.has_scope) = (offering(offering_type), false);
        assert_eq!(refusals(without), scope, "{offering_type}");
        assert_eq!(refusals(|a| a.offering = offering(offering_type)), NONE);
    }
    assert_eq!(refusals(|a| a.offering = offering(SCRIPT)), all("Script is not defined."));
    let some = refusals(|a| {
        a.offering = offering(SCRIPT);
        a.offering.secret_option_keys = ["create", "terminate", "language"].map(str::to_owned).to_vec();
    });
    let missing = Some("Script is not defined.".to_owned());
    assert_eq!(some, [None, missing.clone(), None, missing]);
    assert_eq!(refusals(|a| a.offering.has_scope = false), NONE);
}

#[test]
fn plan_switches_stay_within_the_offering() {
    let request = Request::new();
    let mut plan = request.plan.expect("a plan");
    assert_eq!(check_plan_switch(&request.offering, &plan), Ok(()));
    plan.offering = PARENT;
    let refused = Err(Invalid::field("plan", "Plan is not available for this offering."));
    assert_eq!(check_plan_switch(&request.offering, &plan), refused);
    let child = OfferingFacts { parent: Some(PARENT), ..offering(BASIC) };
    assert_eq!(check_plan_switch(&child, &plan), Ok(()));
    assert_eq!(child.id, OFFERING);
}

#[test]
fn new_limits_are_checked_and_must_differ() {
    let components = [component("cpu", BillingType::Limit)];
    let check = |new: i64| {
        check_limits_change(BASIC, &components, &limits(&[("cpu", 2)]), &limits(&[("cpu", new)]), &BTreeMap::new())
    };
    assert_eq!(check(3), Ok(()));
    let same = "Impossible to create update orders with limits set to exactly the same.";
    assert_eq!(check(2), Err(Invalid::plain(same)));
    assert!(check(-1).is_err());
}

#[test]
fn new_options_need_a_schema() {
    let mut offering = offering(BASIC);
    let missing = Err(Invalid::field("options", "Metadata for resource options is not defined."));
    assert_eq!(check_new_options(&offering, &json!({"os": "a"})), missing);
    offering.resource_options = json!({"options": {"os": {"type": "string"}}});
    assert_eq!(check_new_options(&offering, &json!({"os": "a"})), Ok(()));
    assert_eq!(check_new_options(&offering, &json!({"os": true})), Err(Invalid::field("os", "Not a valid string.")));
}
