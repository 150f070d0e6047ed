//! How loosely typed JSON is read (spec 7.4, trap 35).
//!
//! The same leniency for options, limits and plugin options.

use serde_json::{Number, Value};

/// The message about anything that is no integer.
pub(super) const NOT_INTEGER: &str = "A valid integer is required.";

/// The message about an explicit null.
pub(super) const NULL: &str = "This field may not be null.";

/// The message about what must be there.
pub(super) const REQUIRED: &str = "This field is required.";

/// The message about text of nothing but white space.
pub(super) const BLANK: &str = "This field may not be blank.";

/// The message about anything that is no text.
pub(super) const NOT_STRING: &str = "Not a valid string.";

/// The message about anything that is no boolean.
pub(super) const NOT_BOOLEAN: &str = "Must be a valid boolean.";

/// The texts that count as a boolean.
const BOOLEANS: &[&str] = &[
    "t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1", "f", "F", "n", "N", "no",
    "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0",
];

/// Floats from here on are written with an exponent, which is no integer.
const EXACT_FLOAT: f64 = 1e16;

/// An integer, a whole float or the text of either; not a boolean.
pub(super) fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => whole(number),
        Value::String(text) => integer_text(text),
        _ => None,
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)).or_else(|| {
        let float = number.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 1e16, so the cast is exact")]
        (float.fract() == 0.0 && float.abs() < EXACT_FLOAT).then_some(float as i128)
    })
}

/// `5`, `-5`, `+5`, `5.` and `5.00`, with white space around.
fn integer_text(text: &str) -> Option<i128> {
    let text = text.trim();
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|b| b == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits.parse().ok()
}

/// A boolean, 0 or 1, or one of the usual words.
pub(super) fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_f64(), Some(0.0 | 1.0)),
        Value::String(text) => BOOLEANS.contains(&text.as_str()),
        _ => false,
    }
}

/// The text of a string or number; `None` for everything else.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The word for a value's type in messages about a wrong type.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// `Expected a dictionary of items but got type "str".`
pub(super) fn not_a_dictionary(value: &Value) -> String {
    format!("Expected a dictionary of items but got type \"{}\".", type_name(value))
}
