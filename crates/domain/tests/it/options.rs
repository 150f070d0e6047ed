//! Spec 7.4: attributes against the declared options.

use mercat_domain::{invalid::Invalid, offering::check_options};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What is wrong with one attribute under a declaration, as the body of the answer.
fn found(option: Value, value: Value) -> Option<Value> {
    let schema = json!({"order": ["x"], "options": {"x": option}});
    let error = check_options(&schema, &json!({"x": value})).err()?;
    Some(serde_json::to_value(error).expect("serialises")["x"].clone())
}

fn assert_accepts(option: &Value, values: &[Value]) {
    for value in values {
        assert_eq!(found(option.clone(), value.clone()), None, "{option} {value}");
    }
}

fn assert_refuses(option: &Value, values: &[Value], message: &str) {
    for value in values {
        assert_eq!(found(option.clone(), value.clone()), Some(json!([message])), "{option} {value}");
    }
}

#[test]
fn integers() {
    for kind in ["integer", "money", "component_multiplier"] {
        let option = json!({"type": kind, "min": 2, "max": 64});
        assert_accepts(&option, &[json!(2), json!(64), json!("3"), json!(4.0), json!("5.0"), json!(" 6 ")]);
        assert_refuses(
            &option,
            &[json!("many"), json!(2.5), json!("2.5"), json!(true), json!([]), json!({}), json!("")],
            "A valid integer is required.",
        );
        assert_refuses(&option, &[json!(1), json!("-9")], "Ensure this value is greater than or equal to 2.");
        assert_refuses(&option, &[json!(65), json!(100)], "Ensure this value is less than or equal to 64.");
        assert_accepts(&json!({"type": kind}), &[json!(i64::MIN), json!(u64::MAX)]);
    }
    assert_refuses(
        &json!({"type": "integer", "min": 0}),
        &[json!(-1)],
        "Ensure this value is greater than or equal to 0.",
    );
}

#[test]
fn booleans() {
    let option = json!({"type": "boolean"});
    assert_accepts(&option, &[json!(true), json!(false), json!("True"), json!("off"), json!(1), json!(0), json!("y")]);
    assert_refuses(
        &option,
        &[json!("maybe"), json!(2), json!(""), json!([]), json!("tRUE")],
        "Must be a valid boolean.",
    );
}

#[test]
fn days_and_times() {
    let date = json!({"type": "date"});
    assert_accepts(&date, &[json!("2025-11-24")]);
    let message = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
    assert_refuses(&date, &[json!("24.11.2025"), json!(20251124), json!(""), json!(true)], message);
    let time = json!({"type": "time"});
    assert_accepts(&time, &[json!("12:30"), json!("12:30:00.5")]);
    let message = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";
    assert_refuses(&time, &[json!("noon"), json!(12)], message);
}

#[test]
fn choices() {
    let one = json!({"type": "select_string", "choices": ["linux", "bsd", 5]});
    assert_accepts(&one, &[json!("linux"), json!(5), json!("5")]);
    assert_refuses(&one, &[json!("mac")], "\"mac\" is not a valid choice.");
    assert_refuses(&one, &[json!("")], "\"\" is not a valid choice.");
    assert_refuses(&one, &[json!(true)], "\"true\" is not a valid choice.");
    assert_refuses(&json!({"type": "select_string"}), &[json!("x")], "\"x\" is not a valid choice.");
    let many = json!({"type": "select_string_multi", "choices": ["linux", "bsd"]});
    assert_accepts(&many, &[json!([]), json!(["bsd", "linux"])]);
    assert_refuses(&many, &[json!("linux")], "Expected a list of items but got type \"str\".");
    assert_refuses(&many, &[json!(["linux", "mac"])], "\"mac\" is not a valid choice.");
}

#[test]
fn lists_of_backend_objects() {
    for kind in ["select_multiple_openstack_tenants", "select_multiple_openstack_instances"] {
        let option = json!({"type": kind});
        assert_accepts(&option, &[json!([]), json!(["a", 1])]);
        assert_refuses(&option, &[json!({})], "Expected a list of items but got type \"dict\".");
        assert_refuses(&option, &[json!(5)], "Expected a list of items but got type \"int\".");
        let nested = json!({"1": ["Not a valid string."], "2": ["This field may not be blank."], "3": ["This field may not be null."]});
        assert_eq!(found(option, json!(["a", [], " ", null])), Some(nested));
    }
}

#[test]
fn cascades() {
    let option = json!({"type": "conditional_cascade"});
    assert_accepts(&option, &[json!({}), json!({"a": 1})]);
    assert_refuses(&option, &[json!("x")], "Expected a dictionary of items but got type \"str\".");
}

#[test]
fn everything_else_is_text() {
    for kind in ["string", "text", "html_text", "select_openstack_tenant", "select_openstack_instance", "of_later"] {
        let option = json!({"type": kind});
        assert_accepts(&option, &[json!("x"), json!(5), json!(5.5)]);
        assert_refuses(&option, &[json!(true), json!([]), json!({})], "Not a valid string.");
        assert_refuses(&option, &[json!(""), json!(" \t")], "This field may not be blank.");
    }
    assert_refuses(&json!({}), &[json!(false)], "Not a valid string.");
    assert_refuses(&json!("no object"), &[json!(false)], "Not a valid string.");
}

#[test]
fn null_is_never_a_value() {
    for kind in ["integer", "boolean", "date", "select_string", "select_string_multi", "string", "conditional_cascade"]
    {
        assert_refuses(&json!({"type": kind}), &[json!(null)], "This field may not be null.");
    }
}

#[test]
fn required_options() {
    let check = |option: Value| check_options(&json!({"options": {"x": option}}), &json!({"other": 1}));
    let missing = Err(Invalid::field("x", "This field is required."));
    assert_eq!(check(json!({"type": "string", "required": true})), missing);
    assert_eq!(check(json!({"type": "string", "required": true, "default": ""})), missing, "an empty default is none");
    assert_eq!(check(json!({"type": "string", "required": true, "default": "a"})), Ok(()));
    assert_eq!(check(json!({"type": "string", "required": false})), Ok(()));
    assert_eq!(check(json!({"type": "string"})), Ok(()));
}

#[test]
fn all_options_answer_in_the_order_of_the_form() {
    let schema = json!({
        "order": ["z", "ghost", "m"],
        "options": {"a": {"required": true}, "m": {"type": "integer"}, "z": {"required": true}},
    });
    let error = check_options(&schema, &json!({"m": "x"})).expect_err("refused");
    let text = serde_json::to_string(&error).expect("serialises");
    let required = r#"["This field is required."]"#;
    assert_eq!(text, format!(r#"{{"z":{required},"m":["A valid integer is required."],"a":{required}}}"#));
}

#[test]
fn attributes_must_be_an_object() {
    let schema = json!({"options": {"x": {"type": "string"}}});
    for (value, kind) in [(json!("x"), "str"), (json!(1), "int"), (json!([]), "list"), (json!(1.5), "float")] {
        let message = format!("Invalid data. Expected a dictionary, but got {kind}.");
        assert_eq!(check_options(&schema, &value), Err(Invalid::non_field(message.clone())));
        assert_eq!(check_options(&json!({}), &value), Err(Invalid::non_field(message)), "with no options too");
    }
}

#[test]
fn no_declared_options_no_check() {
    for schema in
        [json!({}), json!(null), json!([]), json!({"options": {}}), json!({"options": []}), json!({"order": ["x"]})]
    {
        assert_eq!(check_options(&schema, &json!({"x": null})), Ok(()), "{schema}");
    }
}

/// Any JSON value, three levels deep.
pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[-+]?[0-9]{1,40}(\\.0*)?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_option() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec![
        "integer",
        "money",
        "boolean",
        "date",
        "time",
        "select_string",
        "select_string_multi",
        "conditional_cascade",
        "select_multiple_openstack_tenants",
        "string",
        "component_multiplier",
    ]);
    let parts = (kinds, any_json(), any_json(), any_json(), any_json());
    parts.prop_map(|(kind, min, choices, required, default)| {
        json!({"type": kind, "min": min, "max": min, "choices": choices, "required": required, "default": default})
    })
}

proptest! {
    #[test]
    fn no_schema_and_no_attributes_panic(schema in any_json(), attributes in any_json()) {
        let _ = check_options(&schema, &attributes);
    }

    #[test]
    fn no_declaration_and_no_value_panic(option in any_option(), value in any_json()) {
        let _ = found(option, value);
    }
}
