//! Spec 7.2 and 7.5: reading and checking limits.

use std::collections::BTreeMap;

use mercat_domain::{
    invalid::Invalid,
    offering::{BillingType, Component, LimitPeriod, LimitUse, Limits, OFFERING_TYPES, check_limits, parse_limits},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixture::{BASIC, component, limits};
use crate::options::any_json;

fn parsed(value: &Value) -> Result<Limits, Value> {
    parse_limits(value).map_err(|errors| serde_json::to_value(errors).expect("serialises"))
}

#[test]
fn limits_are_read_leniently() {
    let given = json!({"a": 5, "b": "5", "c": 5.0, "d": " 7.00 ", "e": i64::MAX, "f": -1, "g": "+3"});
    let expected = limits(&[("a", 5), ("b", 5), ("c", 5), ("d", 7), ("e", i64::MAX), ("f", -1), ("g", 3)]);
    assert_eq!(parsed(&given), Ok(expected));
    assert_eq!(parsed(&json!({})), Ok(Limits::new()));
}

#[test]
fn what_is_no_limit() {
    let integer = "A valid integer is required.";
    let null = "This field may not be null.";
    for (value, message) in [
        (json!(5.5), integer),
        (json!("5.5"), integer),
        (json!(true), integer),
        (json!("abc"), integer),
        (json!(""), integer),
        (json!("1e3"), integer),
        (json!([]), integer),
        (json!({}), integer),
        (json!(u64::MAX), integer),
        (json!("9223372036854775808"), integer),
        (json!(1e30), integer),
        (json!(null), null),
    ] {
        assert_eq!(parsed(&json!({"cpu": value, "ok": 1})), Err(json!({"limits": {"cpu": [message]}})), "{value}");
    }
}

#[test]
fn limits_must_be_an_object() {
    let got = |kind: &str| json!({"limits": [format!("Expected a dictionary of items but got type \"{kind}\".")]});
    assert_eq!(parsed(&json!([])), Err(got("list")));
    assert_eq!(parsed(&json!("x")), Err(got("str")));
    assert_eq!(parsed(&json!(1)), Err(got("int")));
    assert_eq!(parsed(&json!(1.5)), Err(got("float")));
    assert_eq!(parsed(&json!(true)), Err(got("bool")));
    assert_eq!(parsed(&json!(null)), Err(json!({"limits": ["This field may not be null."]})));
}

fn cpu() -> Component {
    component("cpu", BillingType::Limit)
}

fn checked(component: Component, limit: i64, used: LimitUse) -> Result<(), Invalid> {
    let usage = BTreeMap::from([(component.kind.clone(), used)]);
    let given = limits(&[(&component.kind, limit)]);
    check_limits(BASIC, &[component], &given, &usage)
}

fn non_field(message: &str) -> Result<(), Invalid> {
    Err(Invalid::non_field(message))
}

#[test]
fn only_types_with_limits_take_them() {
    for rules in OFFERING_TYPES {
        let found = check_limits(rules.name, &[cpu()], &limits(&[("cpu", 1)]), &BTreeMap::new());
        let expected = Err(Invalid::field("limits", "Limits update is not supported for this resource."));
        assert_eq!(found, if rules.limits_updatable { Ok(()) } else { expected }, "{}", rules.name);
        assert_eq!(check_limits(rules.name, &[], &Limits::new(), &BTreeMap::new()), Ok(()), "no limits, no check");
    }
}

#[test]
fn keys_must_be_components_with_limits() {
    let prepaid = Component { is_prepaid: true, ..component("licence", BillingType::One) };
    let components = [cpu(), prepaid, component("setup", BillingType::One), component("traffic", BillingType::Usage)];
    let given = limits(&[("traffic", 1), ("setup", 1), ("cpu", 1), ("licence", 1), ("gpu", -1)]);
    let found = check_limits(BASIC, &components, &given, &BTreeMap::new());
    assert_eq!(found, Err(Invalid::field("limits", "Invalid types: gpu, setup, traffic")));
}

#[test]
fn negative_limits_are_refused() {
    let found = checked(cpu(), -1, LimitUse::default());
    let body = serde_json::to_value(found.expect_err("refused")).expect("serialises");
    assert_eq!(body, json!({"limits": {"cpu": ["Ensure this value is greater than or equal to 0."]}}));
}

#[test]
fn bounds_of_one_order() {
    let bounded = || Component { min_value: Some(2), max_value: Some(8), ..cpu() };
    for (limit, expected) in [
        (1, non_field("The limit 1 value cannot be less than 2.")),
        (2, Ok(())),
        (8, Ok(())),
        (9, non_field("The limit 9 value cannot be more than 8.")),
    ] {
        assert_eq!(checked(bounded(), limit, LimitUse::default()), expected);
    }
    let zeros = Component {
        min_value: Some(0),
        max_value: Some(0),
        limit_amount: Some(0),
        limit_period: Some(LimitPeriod::Total),
        max_available_limit: Some(0),
        ..cpu()
    };
    assert_eq!(checked(zeros, i64::MAX, LimitUse::default()), Ok(()), "0 is not set");
}

#[test]
fn amounts_of_a_period() {
    for (period, word) in [
        (LimitPeriod::Month, "Monthly"),
        (LimitPeriod::Quarterly, "Quarterly"),
        (LimitPeriod::Annual, "Annual"),
        (LimitPeriod::Total, "Total"),
    ] {
        let amount = || Component { limit_amount: Some(10), limit_period: Some(period), ..cpu() };
        let used = LimitUse { in_period: 6, of_all_resources: 100 };
        assert_eq!(checked(amount(), 4, used), Ok(()));
        assert_eq!(checked(amount(), 5, used), non_field(&format!("{word} limit exceeds threshold 10.")));
    }
    let without_period = Component { limit_amount: Some(10), ..cpu() };
    assert_eq!(checked(without_period, 11, LimitUse::default()), Ok(()), "upstream knows four periods");
}

#[test]
fn the_safety_limit_of_an_offering() {
    let message = |kind: &str, left: i64| {
        non_field(&format!(
            "Requested {kind} cannot be provisioned due to offering safety limit. You can allocate up to {left} of {kind}."
        ))
    };
    let used = |total| LimitUse { in_period: 0, of_all_resources: total };
    let cores = || Component { max_available_limit: Some(10), ..component("cores", BillingType::Limit) };
    assert_eq!(checked(cores(), 3, used(6)), Ok(()));
    assert_eq!(checked(cores(), 4, used(6)), message("cores", 3), "reaching the limit is too much");
    let ram = || Component { max_available_limit: Some(10_240), ..component("ram", BillingType::Limit) };
    assert_eq!(checked(ram(), 8_191, used(2_048)), Ok(()));
    assert_eq!(checked(ram(), 8_192, used(2_048)), message("ram", 8));
    assert_eq!(checked(ram(), 1, used(10_241)), message("ram", -1), "floor, not truncation");
}

#[test]
fn the_first_broken_rule_answers() {
    let strict = Component {
        min_value: Some(5),
        max_value: Some(8),
        limit_amount: Some(1),
        limit_period: Some(LimitPeriod::Total),
        max_available_limit: Some(1),
        ..cpu()
    };
    assert_eq!(checked(strict.clone(), 9, LimitUse::default()), non_field("The limit 9 value cannot be more than 8."));
    assert_eq!(checked(strict.clone(), 1, LimitUse::default()), non_field("The limit 1 value cannot be less than 5."));
    assert_eq!(checked(strict, 6, LimitUse::default()), non_field("Total limit exceeds threshold 1."));
}

proptest! {
    #[test]
    fn reading_limits_never_panics(value in any_json()) {
        if let Ok(limits) = parse_limits(&value) {
            prop_assert_eq!(Some(limits.len()), value.as_object().map(serde_json::Map::len));
        }
    }

    #[test]
    fn checking_limits_never_panics(
        numbers in prop::array::uniform5(prop::option::of(any::<i64>())), limit: i64, in_period: i64, of_all_resources: i64
    ) {
        let [limit_amount, min_value, max_value, max_available_limit, _] = numbers;
        let limit_period = Some(LimitPeriod::Total);
        let odd = Component { limit_period, limit_amount, min_value, max_value, max_available_limit, ..cpu() };
        let result = checked(odd, limit, LimitUse { in_period, of_all_resources });
        prop_assert!(limit >= 0 || result.is_err());
    }
}
