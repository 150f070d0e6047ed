//! Spec 7.6: the end date of a resource, and the months that prepaid components are paid for.

use mercat_domain::{
    invalid::Invalid,
    offering::{BillingType, Component, PlanPrice},
    order::{NewOrder, check_create},
};
use serde_json::{Value, json};

use crate::fixture::{Request, component, day, limits, price, prices, today};

fn create(options: Value, end_date: Value) -> Result<NewOrder, Invalid> {
    let mut request = Request::new();
    request.offering.plugin_options = options;
    request.attributes = json!({"name": "vm", "end_date": end_date});
    check_create(&request.facts())
}

fn refused(message: &str) -> Result<NewOrder, Invalid> {
    Err(Invalid::keyed("end_date", message))
}

const REQUIRED: &str = "is_resource_termination_date_required";
const DEFAULT: &str = "default_resource_termination_offset_in_days";
const MAX: &str = "max_resource_termination_offset_in_days";
const LATEST: &str = "latest_date_for_resource_termination";

#[test]
fn a_given_end_date_is_taken_and_marked() {
    for text in ["2025-11-24", "2026-01-31"] {
        let made = create(json!({}), json!(text)).expect("made");
        assert_eq!((made.end_date, made.end_date_requested), (Some(day(text)), true));
    }
}

#[test]
fn without_one_there_is_none_unless_it_is_required() {
    for absent in [json!(null), json!("")] {
        let made = create(json!({DEFAULT: 7}), absent.clone()).expect("made");
        assert_eq!((made.end_date, made.end_date_requested), (None, false));
        let made = create(json!({REQUIRED: true, DEFAULT: 7}), absent).expect("made");
        assert_eq!((made.end_date, made.end_date_requested), (Some(day("2025-12-01")), false));
    }
    let capped = create(json!({REQUIRED: true, DEFAULT: "7", LATEST: "2025-11-30"}), json!(null)).expect("made");
    assert_eq!(capped.end_date, Some(day("2025-11-30")));
}

#[test]
fn a_missing_default_is_a_fault_of_the_offering() {
    let missing = || refused("Missing default termination offset configuration.");
    assert_eq!(create(json!({REQUIRED: true}), json!(null)), missing());
    assert_eq!(create(json!({REQUIRED: true, DEFAULT: "soon"}), json!(null)), missing());
    assert_eq!(create(json!({REQUIRED: true, DEFAULT: u64::MAX}), json!(null)), missing());
}

#[test]
fn bounds_of_a_given_end_date() {
    let options = || json!({REQUIRED: true, DEFAULT: 3, MAX: 7, LATEST: "2025-11-30"});
    assert!(create(options(), json!("2025-11-30")).is_ok());
    assert_eq!(create(options(), json!("2025-12-01")), refused("End date exceeds global termination limit."));
    assert_eq!(create(options(), json!("2025-12-02")), refused("End date exceeds maximum allowed offset."));
    assert!(create(json!({MAX: 7}), json!("2026-12-02")).is_ok(), "the offset bounds only required dates");
    let latest = create(json!({LATEST: "2025-11-30"}), json!("2025-12-01"));
    assert_eq!(latest, refused("End date exceeds global termination limit."));
    assert_eq!(create(json!({}), json!("2025-11-23")), refused("Cannot be earlier than the current date."));
}

#[test]
fn what_is_no_date() {
    for value in [json!("not-a-date"), json!("2025-02-30"), json!(20251124), json!(true), json!([]), json!({})] {
        assert_eq!(create(json!({}), value), refused("Invalid date format. Use YYYY-MM-DD."));
    }
}

/// A request with three licences that are paid ahead at 20 a month.
fn prepaid(end_date: Value) -> Request {
    let mut request = Request::new();
    request.components = vec![Component { is_prepaid: true, ..component("licence", BillingType::One) }];
    request.limits = limits(&[("licence", 3)]);
    request.attributes = json!({"end_date": end_date});
    let plan = request.plan.as_mut().expect("a plan");
    plan.prices = prices("0", vec![PlanPrice { is_prepaid: true, ..price("licence", BillingType::One, "20") }]);
    request
}

#[test]
fn what_is_prepaid_is_paid_for_months_begun() {
    for (end, months) in [
        ("2025-11-25", 1),
        ("2025-12-24", 1),
        ("2025-12-25", 2),
        ("2026-11-24", 12),
        ("2026-11-25", 13),
        ("2035-11-24", 120),
    ] {
        let made = check_create(&prepaid(json!(end)).facts()).expect("made");
        let expected = (months * 60).to_string().parse().ok();
        assert_eq!((made.cost, made.resource_cost), (expected, "0".parse().ok()), "{end}");
    }
    let mut later = prepaid(json!("2026-01-24"));
    later.start_date = Some(day("2025-12-24"));
    assert_eq!(check_create(&later.facts()).expect("made").cost, "60".parse().ok(), "from the start date");
}

#[test]
fn what_is_prepaid_needs_an_end_date() {
    let refusal = |message: &str| Err(Invalid::field("attributes.end_date", message));
    let wrong = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    for (value, message) in [
        (json!(null), "This field is required."),
        (json!("x"), wrong),
        (json!(today()), "End date must be later than the start date."),
    ] {
        assert_eq!(check_create(&prepaid(value).facts()), refusal(message));
    }
    let mut none_ordered = prepaid(json!(null));
    none_ordered.limits = limits(&[("licence", 0)]);
    assert!(check_create(&none_ordered.facts()).is_ok());
}
