//! The rules for attributes that an offering declares as options (spec 7.4).

use serde_json::{Map, Value};

use super::value::{
    BLANK, NOT_BOOLEAN, NOT_INTEGER, NOT_STRING, NULL, REQUIRED, integer, is_boolean, not_a_dictionary, text, type_name,
};
use crate::{
    invalid::{FieldErrors, Invalid, Messages},
    time::{is_time, parse_date},
};

const NOT_DATE: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
const NOT_TIME: &str = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";

/// Whether a value is right, or what is wrong with it.
type Checked = Result<(), Messages>;

/// Checks attributes against `offering.options`, `{"order": .., "options": ..}`.
///
/// Attributes that are not declared pass; nothing is changed or filled in.
///
/// # Errors
/// The attributes are no object; else field errors by option name, of all options, in the order of the form.
pub fn check_options(schema: &Value, attributes: &Value) -> Result<(), Invalid> {
    let Value::Object(attributes) = attributes else {
        let got = type_name(attributes);
        return Err(Invalid::non_field(format!("Invalid data. Expected a dictionary, but got {got}.")));
    };
    let Some(options) = declared_options(schema) else {
        return Ok(());
    };
    let mut errors = FieldErrors::new();
    for name in form_order(schema, options) {
        match options.get(name).map(|option| check_option(option, attributes.get(name))) {
            Some(Err(Messages::List(list))) => list.into_iter().for_each(|message| errors.push(name, message)),
            Some(Err(Messages::Nested(inner))) => errors.nest(name, inner),
            Some(Ok(())) | None => {}
        }
    }
    errors.into_result()
}

/// The declared options of a schema, `None` when there are none.
#[must_use]
pub fn declared_options(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("options")?.as_object().filter(|options| !options.is_empty())
}

/// The names as the form lists them, then those that it leaves out.
fn form_order<'a>(schema: &'a Value, options: &'a Map<String, Value>) -> Vec<&'a str> {
    let listed = schema.get("order").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut names = Vec::with_capacity(options.len());
    for name in listed.chain(options.keys().map(String::as_str)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn wrong(message: impl Into<String>) -> Messages {
    Messages::List(vec![message.into()])
}

fn check_option(option: &Value, value: Option<&Value>) -> Checked {
    match value {
        None if is_truthy(option.get("required")) && !is_truthy(option.get("default")) => Err(wrong(REQUIRED)),
        None => Ok(()),
        Some(Value::Null) => Err(wrong(NULL)),
        Some(value) => check_value(option, value),
    }
}

fn is_truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
    }
}

fn check_value(option: &Value, value: &Value) -> Checked {
    let kind = option.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "integer" | "money" | "component_multiplier" => check_integer(option, value),
        "boolean" => ensure(is_boolean(value), NOT_BOOLEAN),
        "date" => ensure(value.as_str().is_some_and(|text| parse_date(text).is_some()), NOT_DATE),
        "time" => ensure(value.as_str().is_some_and(is_time), NOT_TIME),
        "select_string" => check_choice(option, value),
        "select_string_multi" => list(value)?.iter().try_for_each(|item| check_choice(option, item)),
        "conditional_cascade" => ensure(value.is_object(), not_a_dictionary(value)),
        kind if kind.starts_with("select_multiple_openstack_") => check_texts(list(value)?),
        _ => check_text(value),
    }
}

fn ensure(holds: bool, message: impl Into<String>) -> Checked {
    if holds { Ok(()) } else { Err(wrong(message)) }
}

fn check_integer(option: &Value, value: &Value) -> Checked {
    let number = integer(value).ok_or_else(|| wrong(NOT_INTEGER))?;
    let bound = |key| option.get(key).and_then(integer);
    if let Some(min) = bound("min").filter(|min| number < *min) {
        return Err(wrong(format!("Ensure this value is greater than or equal to {min}.")));
    }
    if let Some(max) = bound("max").filter(|max| number > *max) {
        return Err(wrong(format!("Ensure this value is less than or equal to {max}.")));
    }
    Ok(())
}

fn check_choice(option: &Value, value: &Value) -> Checked {
    let choices = option.get("choices").and_then(Value::as_array).into_iter().flatten();
    let given = text(value);
    let found =
        given.is_some() && choices.map(|choice| choice.get("value").unwrap_or(choice)).any(|c| text(c) == given);
    ensure(found, format!("\"{}\" is not a valid choice.", given.unwrap_or_else(|| value.to_string())))
}

fn list(value: &Value) -> Result<&Vec<Value>, Messages> {
    let message = || format!("Expected a list of items but got type \"{}\".", type_name(value));
    value.as_array().ok_or_else(|| wrong(message()))
}

fn check_texts(items: &[Value]) -> Checked {
    let mut errors = FieldErrors::new();
    for (at, item) in items.iter().enumerate() {
        if let Err(Messages::List(list)) = check_text(item) {
            list.into_iter().for_each(|message| errors.push(at.to_string(), message));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Messages::Nested(errors)) }
}

fn check_text(value: &Value) -> Checked {
    if value.is_null() {
        return Err(wrong(NULL));
    }
    let text = text(value).ok_or_else(|| wrong(NOT_STRING))?;
    ensure(!text.trim().is_empty(), BLANK)
}
