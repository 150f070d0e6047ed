//! Components that providers define: types, bounds, what goes with which billing type.

use mercat_domain::{
    invalid::FieldErrors,
    offering::{BillingType as B, ComponentDefinition, LimitPeriod, check_component, check_components},
};
use serde_json::{Value, json};

fn definition(billing_type: B) -> ComponentDefinition {
    ComponentDefinition {
        kind: "cpu".to_owned(),
        billing_type,
        limit_period: None,
        limit_amount: None,
        min_value: None,
        max_value: None,
        default_limit: None,
        is_boolean: false,
        is_prepaid: false,
        min_prepaid_duration: None,
        max_prepaid_duration: None,
    }
}

fn found(checked: Result<(), FieldErrors>) -> Value {
    checked.map_or_else(|errors| json!(errors), |()| json!(null))
}

#[test]
fn types() {
    let pattern = "This value does not match the required pattern.";
    let long = "Ensure this field has no more than 50 characters.";
    let rows: [(String, &[&str]); 11] = [
        ("cpu".to_owned(), &[]),
        ("gpu-h/a100:80_GB".to_owned(), &[]),
        ("c".repeat(50), &[]),
        ("c".repeat(51), &[long]),
        ("é".repeat(51), &[pattern, long]),
        (String::new(), &["This field may not be blank."]),
        (" ".to_owned(), &["This field may not be blank."]),
        ("c pu".to_owned(), &[pattern]),
        ("cpu\n".to_owned(), &[pattern]),
        ("cpu.h".to_owned(), &[pattern]),
        ("ram".to_owned(), &["Component types must be unique."]),
    ];
    for (kind, messages) in rows {
        let checked = check_component(&ComponentDefinition { kind: kind.clone(), ..definition(B::Limit) }, &["ram"]);
        let expected = if messages.is_empty() { json!(null) } else { json!({ "type": messages }) };
        assert_eq!(found(checked), expected, "{kind:?}");
    }
}

#[test]
fn the_types_of_an_offering_are_unique() {
    let of = |kind: &str| ComponentDefinition { kind: kind.to_owned(), ..definition(B::Usage) };
    assert_eq!(check_components(&[]), Ok(()));
    assert_eq!(check_components(&[of("cpu"), of("ram"), of("CPU")]), Ok(()));
    let unique = json!({"type": ["Component types must be unique."]});
    assert_eq!(
        found(check_components(&[of("cpu"), of("ram"), of("cpu"), of("a b")])),
        json!({"2": unique, "3": {"type": ["This value does not match the required pattern."]}})
    );
}

#[test]
fn bounds() {
    let default = json!({"default_limit": ["The default must lie between the minimum and the maximum."]});
    let rows = [
        (None, None, None, json!(null)),
        (Some(1), Some(1), Some(1), json!(null)),
        (Some(2), Some(1), None, json!({"min_value": ["2 is more than the maximum 1."]})),
        (Some(2), Some(0), Some(9), json!(null)),
        (Some(0), Some(3), Some(0), json!(null)),
        (Some(2), Some(4), Some(1), default.clone()),
        (Some(2), Some(4), Some(5), default.clone()),
        (None, Some(4), Some(5), default.clone()),
        (Some(2), None, Some(1), default),
    ];
    for (min_value, max_value, default_limit, expected) in rows {
        let component = ComponentDefinition { min_value, max_value, default_limit, ..definition(B::Limit) };
        assert_eq!(found(check_component(&component, &[])), expected, "{min_value:?} {max_value:?} {default_limit:?}");
    }
}

#[test]
fn months_that_are_paid_ahead() {
    let wrong = json!({"min_prepaid_duration": ["13 is more than the maximum 12."]});
    for (min, max, expected) in [
        (None, None, json!(null)),
        (Some(12), Some(12), json!(null)),
        (Some(13), Some(0), json!(null)),
        (Some(13), Some(12), wrong),
    ] {
        let component = ComponentDefinition {
            is_prepaid: true,
            min_prepaid_duration: min,
            max_prepaid_duration: max,
            ..definition(B::One)
        };
        assert_eq!(found(check_component(&component, &[])), expected, "{min:?} {max:?}");
    }
}

#[test]
fn what_goes_with_which_billing_type() {
    for billing_type in B::ALL {
        let prepaid = ComponentDefinition { is_prepaid: true, ..definition(*billing_type) };
        assert_eq!(check_component(&prepaid, &[]).is_ok(), *billing_type == B::One, "prepaid {billing_type}");
        let capped = ComponentDefinition {
            limit_period: Some(LimitPeriod::Annual),
            limit_amount: Some(5),
            ..definition(*billing_type)
        };
        assert_eq!(check_component(&capped, &[]).is_ok(), *billing_type == B::Limit, "capped {billing_type}");
        let unset = ComponentDefinition { limit_amount: Some(0), ..definition(*billing_type) };
        assert_eq!(check_component(&unset, &[]), Ok(()), "an amount of 0 is none, {billing_type}");
    }
    let message = ["Only components with a limit can have this."];
    let capped =
        ComponentDefinition { limit_period: Some(LimitPeriod::Month), limit_amount: Some(1), ..definition(B::One) };
    let expected = json!({"limit_period": message, "limit_amount": message});
    assert_eq!(found(check_component(&capped, &[])), expected);
    assert_eq!(check_component(&ComponentDefinition { is_prepaid: true, ..capped }, &[]), Ok(()), "it takes a limit");
}

#[test]
fn boolean_components_have_bounds_of_their_own() {
    for (billing_type, period) in [(B::Limit, Some(LimitPeriod::Month)), (B::Usage, None)] {
        let given = ComponentDefinition {
            is_boolean: true,
            min_value: Some(5),
            max_value: Some(9),
            limit_amount: Some(3),
            limit_period: Some(LimitPeriod::Total),
            ..definition(billing_type)
        };
        let stored = given.clone().normalized();
        assert_eq!((stored.min_value, stored.max_value, stored.limit_amount), (Some(0), Some(1), None));
        assert_eq!(stored.limit_period, period);
        assert_eq!(check_component(&stored, &[]), Ok(()));
        let other = ComponentDefinition { is_boolean: false, ..given };
        assert_eq!(other.clone().normalized(), other);
    }
}
