//! Spec 7.3 to 7.7: a new order, rule by rule and in order.

use mercat_domain::{
    invalid::Invalid,
    offering::{BillingType, OFFERING_TYPES, OfferingState, PlanFacts},
    order::{OrderType, check_create},
};
use serde_json::{Value, json};

use crate::fixture::{
    OFFERING, PARENT, Request, TENANT, V, day, limits, own, price, prices, staff, support, today, tomorrow,
};

/// A change that mends one thing.
type Mend = fn(&mut Request);

/// The body of the refusal of a request, `null` when it is taken.
fn refusal(change: impl FnOnce(&mut Request)) -> Value {
    let mut request = Request::new();
    change(&mut request);
    match check_create(&request.facts()) {
        Ok(_) => Value::Null,
        Err(invalid) => serde_json::to_value(invalid).expect("serialises"),
    }
}

fn plan(request: &mut Request) -> &mut PlanFacts {
    request.plan.as_mut().expect("a plan")
}

#[test]
fn a_plain_request_is_taken() {
    let made = check_create(&Request::new().facts()).expect("made");
    assert_eq!(made.cost, "27".parse().ok(), "10 + 4 × 2.5 + 7");
    assert_eq!(made.resource_cost, "20".parse().ok(), "without one-time prices");
    assert_eq!((made.name.as_str(), made.description.as_str()), ("vm", ""));
    assert_eq!((made.start_date, made.end_date, made.end_date_requested), (None, None, false));
    assert_eq!(made.options, json!({}));
}

#[test]
fn the_resource_takes_name_description_and_declared_options() {
    let mut request = Request::new();
    request.offering.resource_options = json!({"options": {"os": {}, "size": {}}});
    request.attributes = json!({"name": 5, "description": "d", "os": ["a"], "other": 1});
    let made = check_create(&request.facts()).expect("made");
    assert_eq!((made.name.as_str(), made.description.as_str()), ("5", "d"));
    assert_eq!(made.options, json!({"os": ["a"]}));
    request.attributes = json!({"name": null, "description": true});
    let made = check_create(&request.facts()).expect("made");
    assert_eq!((made.name.as_str(), made.description.as_str()), ("", ""));
}

#[test]
fn without_a_plan_there_is_no_cost() {
    let mut request = Request::new();
    request.plan = None;
    let made = check_create(&request.facts()).expect("made");
    assert_eq!((made.cost, made.resource_cost), (None, None));
}

#[test]
fn rules_1_and_2_plans() {
    let other = json!({"plan": ["This plan is not available for selected offering."]});
    assert_eq!(refusal(|r| plan(r).offering = PARENT), other);
    assert_eq!(refusal(|r| (plan(r).offering, r.offering.parent) = (PARENT, Some(PARENT))), Value::Null, "a child");
    let full = json!({"plan": ["Plan is not available because limit has been reached."]});
    for (used, expected) in [(2, Value::Null), (3, full.clone()), (4, full)] {
        assert_eq!(refusal(|r| (plan(r).max_amount, plan(r).used) = (Some(3), used)), expected, "{used}");
    }
}

#[test]
fn rule_3_options() {
    let body = refusal(|r| {
        r.offering.options = json!({"options": {"nodes": {"type": "integer"}}});
        r.attributes = json!({"nodes": "many"});
    });
    assert_eq!(body, json!({"nodes": ["A valid integer is required."]}));
    let text = json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]});
    assert_eq!(refusal(|r| r.attributes = json!("x")), text);
}

#[test]
fn rule_4_limits() {
    assert_eq!(refusal(|r| r.limits = limits(&[("gpu", 1)])), json!({"limits": ["Invalid types: gpu"]}));
}

#[test]
fn rule_5_names() {
    assert_eq!(refusal(|r| r.attributes = json!({"name": "ä".repeat(150)})), Value::Null, "characters, not bytes");
    let long = json!({"attributes.name": ["Name is too long. Maximum number of symbols is 150"]});
    assert_eq!(refusal(|r| r.attributes = json!({"name": "a".repeat(151)})), long);
}

#[test]
fn rule_6_terms() {
    let refused = json!({"non_field_errors": ["Terms of service for offering 'Vine' have not been accepted."]});
    let ask = |change: Mend| {
        refusal(|r| {
            (r.settings.enforce_terms, r.terms_active) = (true, true);
            change(r);
        })
    };
    assert_eq!(ask(|_| ()), refused);
    assert_eq!(ask(|r| r.accepts_terms = Some(false)), refused);
    assert_eq!(ask(|r| r.actor = own()), refused);
    let free: [Mend; 6] = [
        |r| r.accepts_terms = Some(true),
        |r| r.has_consent = true,
        |r| r.actor = staff(),
        |r| r.actor = support(),
        |r| r.terms_active = false,
        |r| r.settings.enforce_terms = false,
    ];
    for change in free {
        assert_eq!(ask(change), Value::Null);
    }
}

#[test]
fn rule_7_teams() {
    let options = |options: Value| refusal(move |r| r.offering.plugin_options = options);
    let message = |text: &str| json!({"non_field_errors": [text]});
    let small = "Project 'Palm' does not meet the minimal team size required by this offering. Required: 2, Actual: 1.";
    assert_eq!(options(json!({"minimal_team_count_for_provisioning": 2})), message(small));
    assert_eq!(options(json!({"minimal_team_count_for_provisioning": 1})), Value::Null);
    let nobody = "Project 'Palm' must have at least one user with the role 'PROJECT.ADMIN' to provision this offering.";
    assert_eq!(options(json!({"required_team_role_for_provisioning": "PROJECT.ADMIN"})), message(nobody));
    assert_eq!(options(json!({"required_team_role_for_provisioning": "PROJECT.MANAGER"})), Value::Null);
    let unknown = "Configuration Error: The required project role 'X' does not exist.";
    assert_eq!(options(json!({"required_team_role_for_provisioning": "X"})), message(unknown));
    let most = json!({"maximal_resource_count_per_project": 3});
    let full = "Project 'Palm' has reached the maximum number of resources (3) allowed for this offering.";
    for (live, expected) in [(2, Value::Null), (3, message(full)), (9, message(full))] {
        assert_eq!(refusal(|r| (r.offering.plugin_options, r.live_resources) = (most.clone(), live)), expected);
    }
    let unset = json!({
        "minimal_team_count_for_provisioning": null, "required_team_role_for_provisioning": "",
        "maximal_resource_count_per_project": "many",
    });
    assert_eq!(options(unset), Value::Null, "values of a wrong type are not set");
}

#[test]
fn rule_8_a_plan_can_be_required() {
    let ask = |required: bool, shared: bool| {
        refusal(|r| {
            (r.plan, r.settings.plan_required, r.offering.shared) = (None, required, shared);
            r.offering.provider = r.consumer.id;
        })
    };
    assert_eq!(ask(true, true), json!({"plan": ["Plan is required when creating resources."]}));
    assert_eq!(ask(true, false), Value::Null);
    assert_eq!(ask(false, true), Value::Null);
}

#[test]
fn rule_10_start_dates() {
    let ask = |start: &str| {
        refusal(|r| {
            r.start_date = Some(day(start));
            (r.project.start_date, r.project.end_date) = (Some(day("2025-12-01")), Some(day("2025-12-31")));
        })
    };
    let message = |text: &str| json!({"start_date": [text]});
    assert_eq!(ask("2025-11-23"), message("Start date cannot be in the past."));
    let early = "Order start date cannot be earlier than the project start date (2025-12-01).";
    assert_eq!(ask("2025-11-30"), message(early));
    let late = "Order start date cannot be later than the project end date (2025-12-31).";
    assert_eq!(ask("2026-01-01"), message(late));
    assert_eq!(ask("2025-12-01"), Value::Null);
    assert_eq!(ask("2025-12-31"), Value::Null);
}

#[test]
fn start_dates_are_kept_or_dropped_silently() {
    let mut request = Request::new();
    request.start_date = Some(today());
    assert_eq!(check_create(&request.facts()).expect("made").start_date, Some(today()));
    request.settings.order_start_date = false;
    request.start_date = Some(day("2001-01-01"));
    assert_eq!(check_create(&request.facts()).expect("made").start_date, None);
}

#[test]
fn business_rules_answer_as_a_bare_list() {
    assert_eq!(refusal(|r| r.consumer.blocked = true), json!(["Blocked organization is not available."]));
    assert_eq!(refusal(|r| r.project.end_date = Some(today())), json!(["Project 'Palm | Kumquat' is expired."]));
    assert_eq!(refusal(|r| r.offering.state = OfferingState::Draft), json!(["Offering is not available."]));
    let foreign = json!(["Offering \"Vine\" is not allowed in organization \"Kumquat\"."]);
    assert_eq!(refusal(|r| r.offering.shared = false), foreign);
}

#[test]
fn staff_is_not_exempt() {
    let blocked = refusal(|r| (r.actor, r.consumer.blocked) = (staff(), true));
    assert_eq!(blocked, json!(["Blocked organization is not available."]));
}

#[test]
fn a_cost_out_of_range_is_refused() {
    let body = refusal(|r| r.limits = limits(&[("cpu", i64::MAX)]));
    assert_eq!(body, json!({"limits": ["The cost of these limits is out of range."]}));
}

#[test]
fn nul_characters_are_refused_wherever_they_are() {
    let refused = json!({"attributes": ["Null characters are not allowed."]});
    for attributes in [json!({"a": "x\0"}), json!({"a\0": 1}), json!({"a": [{"b": "\0"}]}), json!("\0")] {
        assert_eq!(refusal(|r| r.attributes = attributes), refused);
    }
}

#[test]
fn every_type_is_accepted_and_makes_a_resource() {
    for order_type in OrderType::ALL {
        assert_eq!(refusal(|r| r.order_type = *order_type), Value::Null, "{order_type}");
    }
    for rules in OFFERING_TYPES {
        let body = refusal(|r| {
            (r.offering.offering_type, r.limits) = (rules.name.to_owned(), limits(&[]));
            r.offering.secret_option_keys = vec!["create".to_owned()];
        });
        assert_eq!(body, Value::Null, "{}", rules.name);
    }
}

/// Breaks every rule at once, then mends one after the other: each answer shows that its rule comes next.
#[test]
fn the_first_broken_rule_answers() {
    let mut request = Request::new();
    let r = &mut request;
    r.attributes = json!({"name": "a".repeat(151), "end_date": "x", "nodes": "\0"});
    (plan(r).offering, plan(r).max_amount, plan(r).used) = (PARENT, Some(1), 1);
    plan(r).prices = prices("0", vec![price("cpu", BillingType::Limit, "999999999999")]);
    r.offering.options = json!({"options": {"nodes": {"type": "integer"}}});
    r.offering.plugin_options = json!({"minimal_team_count_for_provisioning": 5});
    r.limits = limits(&[("gpu", 1)]);
    (r.settings.enforce_terms, r.terms_active) = (true, true);
    r.start_date = Some(day("2025-11-01"));
    (r.consumer.blocked, r.project.end_date, r.offering.state) = (true, Some(tomorrow()), OfferingState::Archived);
    r.offering.groups = vec![mercat_domain::id::OrganizationGroupId(V.uuid())];
    let steps: [(&str, Mend); 14] = [
        ("Null characters", |r| r.attributes["nodes"] = json!("many")),
        ("not available for selected", |r| plan(r).offering = OFFERING),
        ("limit has been reached", |r| plan(r).max_amount = None),
        ("valid integer", |r| r.attributes["nodes"] = json!(1)),
        ("Invalid types", |r| r.limits = limits(&[("cpu", 2)])),
        ("Name is too long", |r| r.attributes["name"] = json!("vm")),
        ("Terms of service", |r| r.accepts_terms = Some(true)),
        ("minimal team size", |r| r.team.users = 5),
        ("in the past", |r| r.start_date = None),
        ("Invalid date format", |r| r.attributes["end_date"] = json!(null)),
        ("Blocked", |r| (r.consumer.blocked, r.project.end_date) = (false, Some(today()))),
        ("is expired", |r| r.project.end_date = None),
        ("Offering is not available", |r| r.offering.state = OfferingState::Active),
        ("not available for ordering", |r| r.offering.groups.clear()),
    ];
    for (expected, mend) in steps {
        let refusal = check_create(&request.facts()).expect_err(expected).to_string();
        assert!(refusal.contains(expected), "expected {expected}, got {refusal}");
        mend(&mut request);
    }
    let last = check_create(&request.facts()).expect_err("too dear");
    assert_eq!(last, Invalid::field("limits", "The cost of these limits is out of range."));
    request.limits = limits(&[]);
    assert!(check_create(&request.facts()).is_ok());
}

#[test]
fn what_a_type_needs_is_asked_for() {
    let mut request = Request::new();
    request.offering.offering_type = TENANT.to_owned();
    request.offering.has_scope = false;
    let invalid = check_create(&request.facts()).expect_err("no scope");
    assert_eq!(invalid, Invalid::plain("Offering is invalid: it does not have a scope."));
}
