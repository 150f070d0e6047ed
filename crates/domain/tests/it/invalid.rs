//! Spec 3.2: the shapes of error bodies.

use mercat_domain::invalid::{FieldErrors, Invalid};
use serde_json::{Value, json};

fn body(invalid: &Invalid) -> Value {
    serde_json::to_value(invalid).expect("serialises")
}

#[test]
fn three_shapes() {
    assert_eq!(body(&Invalid::field("plan", "m")), json!({"plan": ["m"]}));
    assert_eq!(body(&Invalid::non_field("m")), json!({"non_field_errors": ["m"]}));
    assert_eq!(body(&Invalid::keyed("end_date", "m")), json!({"end_date": "m"}));
    assert_eq!(body(&Invalid::plain("m")), json!(["m"]));
}

#[test]
fn fields_keep_the_order_in_which_they_were_found() {
    let mut errors = FieldErrors::new();
    errors.push("z", "1");
    errors.push("a", "2");
    errors.push("z", "3");
    errors.nest("limits", FieldErrors::single("cpu", "4"));
    errors.nest("empty", FieldErrors::new());
    let text = serde_json::to_string(&errors).expect("serialises");
    assert_eq!(text, r#"{"z":["1","3"],"a":["2"],"limits":{"cpu":["4"]}}"#);
    assert_eq!(errors.to_string(), "z: 1 3; a: 2; limits: cpu: 4");
}

#[test]
fn a_field_can_have_messages_of_both_kinds() {
    let mut errors = FieldErrors::single("limits", "outer");
    errors.nest("limits", FieldErrors::single("cpu", "inner"));
    errors.push("limits", "later");
    let expected = json!({"limits": {"non_field_errors": ["outer", "later"], "cpu": ["inner"]}});
    assert_eq!(body(&errors.into()), expected);
}

#[test]
fn sets_of_errors_join() {
    let mut errors = FieldErrors::single("a", "1");
    let mut other = FieldErrors::single("a", "2");
    other.nest("b", FieldErrors::single("c", "3"));
    errors.extend(other);
    assert_eq!(body(&errors.into()), json!({"a": ["1", "2"], "b": {"c": ["3"]}}));
}

#[test]
fn nothing_wrong_is_ok() {
    assert!(FieldErrors::new().is_empty());
    assert_eq!(FieldErrors::new().into_result(), Ok(()));
    assert_eq!(FieldErrors::single("a", "1").into_result(), Err(Invalid::field("a", "1")));
}
