//! Order forms that providers write.

use mercat_domain::offering::{OPTION_TYPES, check_schema};
use serde_json::{Value, json};

/// What is wrong with a form; null when nothing is.
fn found(schema: &Value) -> Value {
    check_schema(schema).map_or_else(|errors| json!(errors), |()| json!(null))
}

/// What is wrong with one option.
fn of(option: Value) -> Value {
    match found(&json!({"order": ["it"], "options": {"it": option}})) {
        Value::Null => Value::Null,
        errors => errors["options"]["it"].clone(),
    }
}

#[test]
fn the_form() {
    let declared = json!({"a": {"type": "string", "label": "A"}, "b": {"type": "date", "label": "B"}});
    let (required, nothing) = (["This field is required."], ["This field may not be null."]);
    let not_object =
        |word: &str| json!({"non_field_errors": [format!("Invalid data. Expected a dictionary, but got {word}.")]});
    let rows = [
        (json!({"order": ["b", "a"], "options": declared}), json!(null)),
        (json!({"order": ["b"], "options": declared}), json!(null)),
        (json!({"order": [], "options": {}}), json!(null)),
        (json!({}), json!({"order": required, "options": required})),
        (json!({"order": null, "options": null}), json!({"order": nothing, "options": nothing})),
        (
            json!({"order": "a", "options": [1]}),
            json!({
                "order": ["Expected a list of items but got type \"str\"."],
                "options": ["Expected a dictionary of items but got type \"list\"."],
            }),
        ),
        (
            json!({"order": ["a", "c", "b", "d"], "options": declared}),
            json!({"order": {"1": ["Option \"c\" is not declared."], "3": ["Option \"d\" is not declared."]}}),
        ),
        (
            json!({"order": ["a", "", true, null], "options": declared}),
            json!({"order": {
                "1": ["This field may not be blank."],
                "2": ["Not a valid string."],
                "3": ["This field may not be null."],
            }}),
        ),
        (json!([]), not_object("list")),
        (json!("x"), not_object("str")),
        (json!(null), not_object("NoneType")),
        (json!({"order": ["a"], "options": {"a": "x"}}), json!({"options": {"a": not_object("str")}})),
    ];
    for (schema, expected) in rows {
        assert_eq!(found(&schema), expected, "{schema}");
    }
}

#[test]
fn every_type_is_known() {
    assert_eq!(OPTION_TYPES.len(), 18);
    for kind in OPTION_TYPES {
        assert_eq!(of(json!({"type": kind, "label": "It", "choices": ["a"]})), json!(null), "{kind}");
    }
    for (kind, shown) in [(json!("String"), "String"), (json!(""), ""), (json!(5), "5"), (json!(["a"]), "[\"a\"]")] {
        let message = format!("\"{shown}\" is not a valid choice.");
        assert_eq!(of(json!({"type": kind, "label": "It"})), json!({"type": [message]}));
    }
}

#[test]
fn the_fields_of_an_option() {
    let (required, text, null) = ("This field is required.", "Not a valid string.", "This field may not be null.");
    let blank = "This field may not be blank.";
    let with = |key: &str, value: Value| {
        let mut option = json!({"type": "string", "label": "It"});
        option[key] = value;
        option
    };
    assert_eq!(of(json!({})), json!({"type": [required], "label": [required]}));
    let rows = [
        ("label", json!(5), None),
        ("label", json!(""), Some(blank)),
        ("label", json!(true), Some(text)),
        ("type", json!(null), Some(null)),
        ("help_text", json!(" "), Some(blank)),
        ("help_text", json!("Read this"), None),
        ("required", json!(true), None),
        ("required", json!("no"), None),
        ("required", json!("maybe"), Some("Must be a valid boolean.")),
        ("default", json!(true), None),
        ("default", json!(5), None),
        ("default", json!("x"), None),
        ("default", json!(""), Some(blank)),
        ("default", json!(["x"]), Some(text)),
        ("min", json!("5"), None),
        ("min", json!(-5), None),
        ("min", json!("five"), Some("A valid integer is required.")),
        ("max", json!(1.5), Some("A valid integer is required.")),
        ("choices", json!([]), None),
        ("choices", json!("a"), Some("Expected a list of items but got type \"str\".")),
        ("unknown", json!({"any": "thing"}), None),
    ];
    for (key, value, message) in rows {
        let expected = message.map_or(json!(null), |message| json!({ key: [message] }));
        assert_eq!(of(with(key, value.clone())), expected, "{key} {value}");
    }
    assert_eq!(of(with("choices", json!(["a", "", {}]))), json!({"choices": {"1": [blank], "2": [text]}}));
}

#[test]
fn selects_need_choices() {
    for kind in ["select_string", "select_string_multi"] {
        let message = json!({"choices": [format!("An option of type {kind} needs choices.")]});
        assert_eq!(of(json!({"type": kind, "label": "It"})), message);
        assert_eq!(of(json!({"type": kind, "label": "It", "choices": []})), message);
        assert_eq!(of(json!({"type": kind, "label": "It", "choices": ["a"]})), json!(null));
    }
    assert_eq!(of(json!({"type": "select_openstack_tenant", "label": "It"})), json!(null), "the backend has them");
}

#[test]
fn the_least_is_not_above_the_most() {
    let of_bounds = |min: i64, max: i64| of(json!({"type": "integer", "label": "It", "min": min, "max": max}));
    assert_eq!(of_bounds(3, 3), json!(null));
    assert_eq!(of_bounds(0, -1), json!({"min": ["0 is more than the maximum -1."]}));
}

#[test]
fn settings_of_special_types() {
    let required = ["This field is required."];
    let cascade = |config: Value| of(json!({"type": "conditional_cascade", "label": "It", "cascade_config": config}));
    let step = json!({"name": "os", "label": "System", "type": "select_string", "depends_on": "arch", "choices": 1});
    assert_eq!(cascade(json!({"steps": [step]})), json!(null));
    assert_eq!(cascade(json!({})), json!({"cascade_config": {"steps": required}}));
    assert_eq!(
        cascade(json!({"steps": [step, {"name": "x", "type": "string"}]})),
        json!({"cascade_config": {"steps": {"1": {"label": required, "type": ["\"string\" is not a valid choice."]}}}})
    );
    let multiplier = |config: Value| {
        of(json!({"type": "component_multiplier", "label": "It", "component_multiplier_config": config}))
    };
    assert_eq!(multiplier(json!({"component_type": "cpu", "factor": 1, "min_limit": 0})), json!(null));
    assert_eq!(
        multiplier(json!({"factor": 0, "max_limit": -1})),
        json!({"component_multiplier_config": {
            "component_type": required,
            "factor": ["Ensure this value is greater than or equal to 1."],
            "max_limit": ["Ensure this value is greater than or equal to 0."],
        }})
    );
    let k8s =
        |config: Value| of(json!({"type": "single_datacenter_k8s_config", "label": "It", "default_configs": config}));
    assert_eq!(k8s(json!({"default_worker_vcpus": 2})), json!(null));
    assert!(k8s(json!([]))["default_configs"]["non_field_errors"].is_array());
}

/// What passes here is what the check of an order reads.
#[test]
fn a_form_that_passes_can_be_ordered_with() {
    use mercat_domain::offering::check_options;
    let schema = json!({"order": ["size"], "options": {
        "size": {"type": "select_string", "label": "Size", "required": true, "choices": ["s", "m"]},
    }});
    assert_eq!(found(&schema), json!(null));
    assert_eq!(check_options(&schema, &json!({"size": "m"})), Ok(()));
    assert!(check_options(&schema, &json!({"size": "xl"})).is_err());
}
