//! Answers against the project's own table of fields.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

/// What may be left out: tracebacks for those who are neither staff nor support (spec 12), and the parent of a group
/// without one, because clients crash on null there.
const OPTIONAL: [&str; 3] =
    ["error_traceback", "organization_groups.parent_uuid", "plans.organization_groups.parent_uuid"];

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name of the object.
    pub object: &'static str,
    /// The path from the object, with dots.
    pub path: &'static str,
    /// What its values may be.
    pub form: &'static str,
    /// Whether they may be null.
    pub nullable: bool,
}

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let lines = include_str!("../../../api/tests/data/fields.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(field).collect()
});

/// The table.
#[must_use]
pub fn fields() -> &'static [Field] {
    &FIELDS
}

fn field(line: &'static str) -> Field {
    match line.split(' ').collect::<Vec<_>>()[..] {
        [object, path, form] => Field { object, path, form, nullable: false },
        [object, path, form, "null"] => Field { object, path, form, nullable: true },
        _ => panic!("a line of fields.txt has three or four words: {line}"),
    }
}

/// What is wrong with an object of an answer; `partial` when the caller chose fields.
pub(super) fn violations(object: &str, value: &Value, partial: bool) -> Vec<String> {
    let fields: Vec<&Field> = FIELDS.iter().filter(|field| field.object == object).collect();
    let mut wrong = Vec::new();
    walk(&fields, "", value, partial, &mut wrong);
    wrong
}

/// Compares the keys of an object at `at` and all below.
fn walk(fields: &[&Field], at: &str, value: &Value, partial: bool, wrong: &mut Vec<String>) {
    let Value::Object(entries) = value else {
        wrong.push(format!("{at}: no object but {value}"));
        return;
    };
    let here: Vec<&Field> = fields.iter().copied().filter(|field| parent(field.path) == at).collect();
    let unknown = entries.keys().filter(|key| !here.iter().any(|field| name(field.path) == *key));
    wrong.extend(unknown.map(|key| format!("{at}.{key}: no such field")));
    for field in here {
        match entries.get(name(field.path)) {
            None if (partial && at.is_empty()) || OPTIONAL.contains(&field.path) => {}
            None => wrong.push(format!("{}: missing", field.path)),
            Some(value) => compare(fields, field, value, wrong),
        }
    }
}

fn compare(fields: &[&Field], field: &Field, value: &Value, wrong: &mut Vec<String>) {
    if value.is_null() && field.nullable {
        return;
    }
    if !is(field.form, value) {
        wrong.push(format!("{}: {value} is no {}", field.path, field.form));
        return;
    }
    if fields.iter().any(|other| parent(other.path) == field.path) {
        let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        items.iter().for_each(|item| walk(fields, field.path, item, false, wrong));
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn name(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, name)| name)
}

/// Whether a value, not null, has a form.
fn is(form: &str, value: &Value) -> bool {
    let text = |fits: fn(&str) -> bool| value.as_str().is_some_and(fits);
    let each = |fits: fn(&Value) -> bool| value.as_object().is_some_and(|map: &Map<_, _>| map.values().all(fits));
    match form {
        "any" => !value.is_null(),
        "text" => value.is_string(),
        "uuid" => text(|t| t.len() == 32 && t.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))),
        "uri" => text(is_uri),
        "uri-or-blank" => text(|t| t.is_empty() || is_uri(t)),
        "flag" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "decimal" => text(is_decimal),
        "date" => text(|t| t.len() == 10 && NaiveDate::parse_from_str(t, "%Y-%m-%d").is_ok()),
        "date-time" => text(|t| t.ends_with('Z') && DateTime::parse_from_rfc3339(t).is_ok()),
        "object" => value.is_object(),
        "list" => value.is_array(),
        "map-of-integer" => each(Value::is_i64),
        "map-of-number" => each(Value::is_number),
        "map-of-number-or-null" => each(|v| v.is_number() || v.is_null()),
        _ => match form.strip_prefix("one-of:") {
            Some(choices) => value.as_str().is_some_and(|t| choices.split('|').any(|choice| choice == t)),
            None => panic!("fields.txt has no form {form}"),
        },
    }
}

fn is_uri(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| uri.scheme().is_some() && uri.host().is_some())
}

/// Digits, a point, ten digits.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() == 10)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_take_what_they_say_and_nothing_else() {
        let cases = [
            ("uuid", json!("a1b2c3d4e5f67890abcdef1234567890"), json!("a1b2c3d4-e5f6-7890-abcd-ef1234567890")),
            ("uri", json!("http://h/x/"), json!("/x/")),
            ("uri-or-blank", json!(""), json!("x")),
            ("decimal", json!("12.5000000000"), json!("12.5")),
            ("decimal", json!("-0.0000000001"), json!(12.5)),
            ("number", json!(0.5), json!("0.5")),
            ("integer", json!(-1), json!(1.0)),
            ("date", json!("2025-05-19"), json!("2025-5-19")),
            ("date-time", json!("2025-05-19T12:00:00.000001Z"), json!("2025-05-19T12:00:00+00:00")),
            ("one-of:a|b", json!("b"), json!("c")),
            ("map-of-integer", json!({"cpu": 1}), json!({"cpu": "1"})),
            ("map-of-number-or-null", json!({"cpu": null}), json!({"cpu": "1"})),
            ("flag", json!(false), json!(0)),
            ("any", json!([]), json!(null)),
        ];
        for (form, good, bad) in cases {
            assert!(is(form, &good), "{form} {good}");
            assert!(!is(form, &bad), "{form} {bad}");
        }
    }

    #[test]
    fn keys_too_many_too_few_and_null_are_told() {
        let attachment = |value| violations("OrderAttachment", &value, false);
        assert_eq!(attachment(json!({"attachment": null})), [""; 0]);
        assert_eq!(attachment(json!({"attachment": "x"})), ["attachment: \"x\" is no uri"]);
        assert_eq!(attachment(json!({"other": 1})), [".other: no such field", "attachment: missing"]);
        assert_eq!(violations("Status", &json!({"status": null}), false), ["status: null is no text"]);
        assert_eq!(violations("OrderDetails", &json!({}), true), [""; 0], "the caller chose fields");
        assert_eq!(violations("OrderDetails", &json!({}), false).len(), 73, "all but the restricted one");
        let issue = violations("OrderDetails", &json!({"issue": {"key": "K"}}), true);
        assert_eq!(issue, ["issue.uuid: missing"], "what is below is complete even then");
    }
}
