//! The order form that a provider writes: `{"order": [..], "options": {name: {..}}}` (spec 2, 7.4).
//!
//! The shape is the contract's. What 7.4 says of values in an order is in [`super::check_options`].

use serde_json::{Map, Value};

use super::value::{
    BLANK, NOT_BOOLEAN, NOT_INTEGER, NOT_STRING, NULL, REQUIRED, integer, is_boolean, not_a_dictionary, text, type_name,
};
use crate::invalid::{FieldErrors, Messages};

/// The types of an option.
pub const OPTION_TYPES: &[&str] = &[
    "boolean",
    "integer",
    "money",
    "string",
    "text",
    "html_text",
    "select_string",
    "select_string_multi",
    "select_openstack_tenant",
    "select_multiple_openstack_tenants",
    "select_openstack_instance",
    "select_multiple_openstack_instances",
    "date",
    "time",
    "conditional_cascade",
    "component_multiplier",
    "single_datacenter_k8s_config",
    "multi_datacenter_k8s_config",
];

/// The types of which one or some of the choices are picked.
const SELECTS: &[&str] = &["select_string", "select_string_multi"];

/// What a value has to look like.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Text or a number, not blank.
    Text,
    /// Text, a number or a boolean: the default of an option of any type.
    Plain,
    Boolean,
    /// A whole number of at least so much.
    Integer(i128),
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// An object of which nothing else is known.
    Free,
    Object(&'static [Field]),
    /// A list of objects.
    Objects(&'static [Field]),
}

#[derive(Debug, Clone, Copy)]
struct Field {
    name: &'static str,
    required: bool,
    shape: Shape,
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, required: true, shape }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, required: false, shape }
}

const OPTION: &[Field] = &[
    required("type", Shape::Choice(OPTION_TYPES)),
    required("label", Shape::Text),
    optional("help_text", Shape::Text),
    optional("required", Shape::Boolean),
    optional("choices", Shape::Texts),
    optional("default", Shape::Plain),
    optional("min", Shape::Integer(i128::MIN)),
    optional("max", Shape::Integer(i128::MIN)),
    optional("cascade_config", Shape::Object(&[required("steps", Shape::Objects(CASCADE_STEP))])),
    optional("component_multiplier_config", Shape::Object(MULTIPLIER)),
    optional("default_configs", Shape::Free),
];

const CASCADE_STEP: &[Field] = &[
    required("name", Shape::Text),
    required("label", Shape::Text),
    required("type", Shape::Choice(SELECTS)),
    optional("depends_on", Shape::Text),
];

const MULTIPLIER: &[Field] = &[
    required("component_type", Shape::Text),
    required("factor", Shape::Integer(1)),
    optional("min_limit", Shape::Integer(0)),
    optional("max_limit", Shape::Integer(0)),
];

/// Whether a value is right, or what is wrong with it.
type Checked = Result<(), Messages>;

/// Checks an order form, or the form of a resource's options.
///
/// Keys that are not known pass: they are stored as they are.
///
/// # Errors
/// Field errors under `order` and `options`, there by option and key.
pub fn check_schema(schema: &Value) -> Result<(), FieldErrors> {
    let Value::Object(schema) = schema else {
        return Err(FieldErrors::non_field(not_an_object(schema)));
    };
    let mut errors = FieldErrors::new();
    add(&mut errors, "order", check_value(schema.get("order"), true, Shape::Texts));
    add(&mut errors, "options", check_all(schema.get("options")));
    if errors.is_empty() {
        add(&mut errors, "order", check_order(schema));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Every name of the order must be declared; a declared option may be missing from it.
fn check_order(schema: &Map<String, Value>) -> Checked {
    let names = schema.get("order").and_then(Value::as_array).into_iter().flatten();
    let mut errors = FieldErrors::new();
    for (at, name) in names.enumerate().filter_map(|(at, name)| Some((at, text(name)?))) {
        if schema.get("options").is_none_or(|options| options.get(&name).is_none()) {
            errors.push(at.to_string(), format!("Option \"{name}\" is not declared."));
        }
    }
    nested(errors)
}

fn check_all(options: Option<&Value>) -> Checked {
    let options = match options {
        None => return wrong(REQUIRED),
        Some(Value::Null) => return wrong(NULL),
        Some(Value::Object(options)) => options,
        Some(other) => return wrong(not_a_dictionary(other)),
    };
    let mut errors = FieldErrors::new();
    for (name, option) in options {
        add(&mut errors, name, check_option(option));
    }
    nested(errors)
}

fn check_option(option: &Value) -> Checked {
    check_shape(option, Shape::Object(OPTION))?;
    let kind = option.get("type").and_then(Value::as_str).unwrap_or_default();
    let has_choices = option.get("choices").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let mut errors = FieldErrors::new();
    if SELECTS.contains(&kind) && !has_choices {
        errors.push("choices", format!("An option of type {kind} needs choices."));
    }
    let bound = |key| option.get(key).and_then(integer);
    if let (Some(min), Some(max)) = (bound("min"), bound("max"))
        && min > max
    {
        errors.push("min", format!("{min} is more than the maximum {max}."));
    }
    nested(errors)
}

fn check_fields(fields: &[Field], object: &Map<String, Value>) -> Checked {
    let mut errors = FieldErrors::new();
    for field in fields {
        add(&mut errors, field.name, check_value(object.get(field.name), field.required, field.shape));
    }
    nested(errors)
}

fn check_value(value: Option<&Value>, required: bool, shape: Shape) -> Checked {
    match value {
        None if required => wrong(REQUIRED),
        None => Ok(()),
        Some(value) => check_shape(value, shape),
    }
}

fn check_shape(value: &Value, shape: Shape) -> Checked {
    if value.is_null() {
        return wrong(NULL);
    }
    match (shape, value) {
        (Shape::Plain, Value::Bool(_)) => Ok(()),
        (Shape::Text | Shape::Plain, _) => check_text(value),
        (Shape::Boolean, _) => ensure(is_boolean(value), NOT_BOOLEAN),
        (Shape::Integer(least), _) => check_integer(value, least),
        (Shape::Choice(choices), _) => check_choice(value, choices),
        (Shape::Texts, Value::Array(items)) => check_items(items, Shape::Text),
        (Shape::Objects(fields), Value::Array(items)) => check_items(items, Shape::Object(fields)),
        (Shape::Texts | Shape::Objects(_), _) => {
            wrong(format!("Expected a list of items but got type \"{}\".", type_name(value)))
        }
        (Shape::Free, Value::Object(_)) => Ok(()),
        (Shape::Object(fields), Value::Object(object)) => check_fields(fields, object),
        (Shape::Free | Shape::Object(_), _) => Err(Messages::Nested(FieldErrors::non_field(not_an_object(value)))),
    }
}

fn check_items(items: &[Value], shape: Shape) -> Checked {
    let mut errors = FieldErrors::new();
    for (at, item) in items.iter().enumerate() {
        add(&mut errors, &at.to_string(), check_shape(item, shape));
    }
    nested(errors)
}

fn check_text(value: &Value) -> Checked {
    match text(value) {
        Some(text) => ensure(!text.trim().is_empty(), BLANK),
        None => wrong(NOT_STRING),
    }
}

fn check_integer(value: &Value, least: i128) -> Checked {
    match integer(value) {
        Some(number) if number >= least => Ok(()),
        Some(_) => wrong(format!("Ensure this value is greater than or equal to {least}.")),
        None => wrong(NOT_INTEGER),
    }
}

fn check_choice(value: &Value, choices: &[&str]) -> Checked {
    if value.as_str().is_some_and(|given| choices.contains(&given)) {
        return Ok(());
    }
    wrong(format!("\"{}\" is not a valid choice.", text(value).unwrap_or_else(|| value.to_string())))
}

fn not_an_object(value: &Value) -> String {
    format!("Invalid data. Expected a dictionary, but got {}.", type_name(value))
}

fn ensure(holds: bool, message: &str) -> Checked {
    if holds { Ok(()) } else { wrong(message) }
}

fn wrong(message: impl Into<String>) -> Checked {
    Err(Messages::List(vec![message.into()]))
}

fn nested(errors: FieldErrors) -> Checked {
    if errors.is_empty() { Ok(()) } else { Err(Messages::Nested(errors)) }
}

fn add(errors: &mut FieldErrors, field: &str, checked: Checked) {
    match checked {
        Ok(()) => {}
        Err(Messages::List(list)) => list.into_iter().for_each(|message| errors.push(field, message)),
        Err(Messages::Nested(inner)) => errors.nest(field, inner),
    }
}
