//! Reads a body by its [`Model`], with the framework's words for every mistake; all mistakes are told together
//! (spec 7.2).

use mercat_app::collection::Input;
use mercat_domain::{
    invalid::FieldErrors,
    time::{format, parse_date},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::model::{Field, Kind, Model};
use crate::{
    body::{Form, is_web_address, type_name},
    link,
    query::moment,
};

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const BLANK: &str = "This field may not be blank.";
const NUL: &str = "Null characters are not allowed.";

/// Whether all fields must be there that an object needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// A new object, or one that is replaced.
    Whole,
    /// Only what changes.
    Part,
}

/// What is wrong with a value.
enum Wrong {
    Itself(String),
    Within(FieldErrors),
}

impl From<&str> for Wrong {
    fn from(text: &str) -> Self {
        Self::Itself(text.to_owned())
    }
}

/// The checked values of a body by column. Fields that the model does not take are left out.
///
/// # Errors
/// Everything that is wrong, by field.
pub(crate) fn read(form: &Form, model: &Model, extent: Extent) -> Result<Input, FieldErrors> {
    let given = |name: &str| form.get(name);
    let has_file = |name: &str| form.has_file(name);
    object(&given, &has_file, model, extent, form.is_textual())
}

fn object<'a>(
    given: &dyn Fn(&str) -> Option<&'a Value>,
    has_file: &dyn Fn(&str) -> bool,
    model: &Model,
    extent: Extent,
    textual: bool,
) -> Result<Input, FieldErrors> {
    let mut input = Input::new();
    let mut errors = FieldErrors::new();
    for field in model.taken() {
        match given(field.name) {
            // Its content is looked at where it is stored.
            _ if matches!(field.kind, Kind::File) && has_file(field.name) => {}
            None if field.required && extent == Extent::Whole => errors.push(field.name, REQUIRED),
            None => {}
            Some(value) => match one(field, value, textual) {
                Ok(value) => drop(input.insert(field.column.to_owned(), value)),
                Err(Wrong::Itself(text)) => errors.push(field.name, text),
                Err(Wrong::Within(inner)) => errors.nest(field.name, inner),
            },
        }
    }
    if errors.is_empty() { Ok(input) } else { Err(errors) }
}

fn one(field: &Field, value: &Value, textual: bool) -> Result<Value, Wrong> {
    let is_text = matches!(
        field.kind,
        Kind::Text(_) | Kind::Password | Kind::Email(_) | Kind::Slug | Kind::Url(_) | Kind::Choice(_) | Kind::Country
    );
    match value {
        Value::Null if field.nullable => Ok(Value::Null),
        // In a form nothing tells an empty text from null.
        Value::Null if textual && is_text => {
            if field.blank {
                Ok(json!(""))
            } else {
                Err(BLANK.into())
            }
        }
        Value::Null => Err(NULL.into()),
        Value::String(text) if is_text && text.trim().is_empty() => match (field.blank, field.nullable) {
            (true, _) => Ok(json!("")),
            (false, true) if !matches!(field.kind, Kind::Text(_)) => Ok(Value::Null),
            _ => Err(BLANK.into()),
        },
        Value::String(text) if field.nullable && text.is_empty() => Ok(Value::Null),
        value => of_kind(field.kind, value, textual),
    }
}

fn of_kind(kind: Kind, value: &Value, textual: bool) -> Result<Value, Wrong> {
    match kind {
        Kind::Text(max) => text(value, max).map(Value::String),
        Kind::Password => password(value),
        Kind::Choice(choices) => choice(value, choices),
        Kind::Country => country(value),
        Kind::Email(max) => pattern(value, max, is_email, "Enter a valid email address."),
        Kind::Slug => pattern(value, 50, is_slug, NOT_SLUG),
        Kind::Url(max) => pattern(value, max, is_web_address, "Enter a valid URL."),
        Kind::Uri => text(value, 0).map(Value::String),
        Kind::Uuid => uuid(value),
        Kind::Link(places) => linked(value, places),
        Kind::Time => time(value),
        Kind::Date => date(value),
        Kind::Bool => boolean(value),
        Kind::Int(min, max) => integer(value, min, max),
        Kind::Float | Kind::MaybeFloat => float(value),
        Kind::Decimal(digits, places) => decimal(value, digits, places),
        Kind::Json => json_of(value, textual),
        Kind::Object => match json_of(value, textual)? {
            object @ Value::Object(_) => Ok(object),
            other => Err(no_dictionary(&other)),
        },
        Kind::Map(inner) => map(value, inner, textual),
        Kind::List(inner) => items(value, inner, textual),
        Kind::Of(model) => nested(&json_of(value, textual)?, model),
        Kind::File => Err("The submitted data was not a file. Check the encoding type on the form.".into()),
    }
}

const NOT_SLUG: &str = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";

/// As long as sign-in takes it: hashing a longer one is work that strangers could ask for.
const MAX_PASSWORD: usize = 128;

fn password(value: &Value) -> Result<Value, Wrong> {
    let Value::String(given) = value else { return text(value, MAX_PASSWORD).map(Value::String) };
    // The same words about length and letters that no text may hold.
    text(value, 0)?;
    if given.chars().count() > MAX_PASSWORD {
        return Err(Wrong::Itself(format!("Ensure this field has no more than {MAX_PASSWORD} characters.")));
    }
    Ok(Value::String(given.clone()))
}

fn text(value: &Value, max: usize) -> Result<String, Wrong> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err("Not a valid string.".into()),
    };
    if text.contains('\0') {
        return Err(NUL.into());
    }
    if max > 0 && text.chars().count() > max {
        return Err(Wrong::Itself(format!("Ensure this field has no more than {max} characters.")));
    }
    Ok(text)
}

fn pattern(value: &Value, max: usize, fits: fn(&str) -> bool, message: &str) -> Result<Value, Wrong> {
    let text = text(value, max)?;
    if fits(&text) { Ok(Value::String(text)) } else { Err(message.into()) }
}

fn choice(value: &Value, choices: &[&str]) -> Result<Value, Wrong> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if choices.contains(&text.as_str()) {
        return Ok(Value::String(text));
    }
    Err(Wrong::Itself(format!("\"{text}\" is not a valid choice.")))
}

fn country(value: &Value) -> Result<Value, Wrong> {
    let code = value.as_str().unwrap_or_default();
    match rust_iso3166::from_alpha2(code) {
        Some(country) => Ok(json!(country.alpha2)),
        None => Err(Wrong::Itself(format!("\"{code}\" is not a valid choice."))),
    }
}

/// One `@`, something before it, and a host with a dot behind it.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() < 64
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let dotted = !name.starts_with('.') && !name.ends_with('.') && !name.contains("..");
    !name.is_empty()
        && dotted
        && name.chars().all(plain)
        && (host == "localhost" || (host.contains('.') && host.split('.').all(label)))
}

fn is_slug(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn uuid(value: &Value) -> Result<Value, Wrong> {
    let id = value.as_str().and_then(|text| Uuid::try_parse(text.trim()).ok());
    match id {
        Some(id) => Ok(json!(id.simple().to_string())),
        None => Err("Must be a valid UUID.".into()),
    }
}

fn linked(value: &Value, places: &[link::Place]) -> Result<Value, Wrong> {
    let Some(text) = value.as_str() else {
        let kind = type_name(value);
        return Err(Wrong::Itself(format!("Incorrect type. Expected URL string, received {kind}.")));
    };
    match link::resolve(text, places) {
        Ok(id) => Ok(json!(id.simple().to_string())),
        Err(bad) => Err(bad.message().into()),
    }
}

fn time(value: &Value) -> Result<Value, Wrong> {
    const FORMS: &str = "Datetime has wrong format. Use one of these formats instead: \
                         YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    match value.as_str().and_then(moment::parse) {
        Some(time) => Ok(Value::String(format(time))),
        None => Err(FORMS.into()),
    }
}

fn date(value: &Value) -> Result<Value, Wrong> {
    match value.as_str().and_then(parse_date) {
        Some(day) => Ok(Value::String(day.to_string())),
        None => Err("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.".into()),
    }
}

fn boolean(value: &Value) -> Result<Value, Wrong> {
    crate::body::parse_boolean(value).map(Value::Bool).ok_or_else(|| "Must be a valid boolean.".into())
}

fn integer(value: &Value, min: i64, max: i64) -> Result<Value, Wrong> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        None => Err("A valid integer is required.".into()),
        Some(number) if number < min => {
            Err(Wrong::Itself(format!("Ensure this value is greater than or equal to {min}.")))
        }
        Some(number) if number > max => {
            Err(Wrong::Itself(format!("Ensure this value is less than or equal to {max}.")))
        }
        Some(number) => Ok(json!(number)),
    }
}

/// `4.0` is a whole number, too.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn float(value: &Value) -> Result<Value, Wrong> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    match number.filter(|number: &f64| number.is_finite()) {
        Some(number) => Ok(json!(number)),
        None => Err("A valid number is required.".into()),
    }
}

fn decimal(value: &Value, digits: u32, places: u32) -> Result<Value, Wrong> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => String::new(),
    };
    let number = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text));
    let Ok(number) = number else { return Err("A valid number is required.".into()) };
    let number = number.normalize();
    if number.scale() > places {
        let text = format!("Ensure that there are no more than {places} decimal places.");
        return Err(Wrong::Itself(text));
    }
    let before = number.trunc().abs();
    if before >= Decimal::from_i128_with_scale(10_i128.pow(digits - places), 0) {
        let text = format!("Ensure that there are no more than {} digits before the decimal point.", digits - places);
        return Err(Wrong::Itself(text));
    }
    let mut number = number;
    number.rescale(places);
    Ok(Value::String(number.to_string()))
}

fn json_of(value: &Value, textual: bool) -> Result<Value, Wrong> {
    let value = match value {
        Value::String(text) if textual => {
            serde_json::from_str(text).map_err(|_| Wrong::from("Value must be valid JSON."))?
        }
        value => value.clone(),
    };
    if crate::body::has_nul(&value) { Err(NUL.into()) } else { Ok(value) }
}

fn no_dictionary(value: &Value) -> Wrong {
    Wrong::Itself(format!("Expected a dictionary of items but got type \"{}\".", type_name(value)))
}

fn map(value: &Value, inner: &Kind, textual: bool) -> Result<Value, Wrong> {
    let value = json_of(value, textual)?;
    let Value::Object(entries) = &value else { return Err(no_dictionary(&value)) };
    let mut checked = Map::new();
    let mut errors = FieldErrors::new();
    for (name, value) in entries {
        collect(name, of_kind(*inner, value, false), &mut errors, |value| drop(checked.insert(name.clone(), value)));
    }
    if errors.is_empty() { Ok(Value::Object(checked)) } else { Err(Wrong::Within(errors)) }
}

fn items(value: &Value, inner: &Kind, textual: bool) -> Result<Value, Wrong> {
    let value = json_of(value, textual)?;
    let Value::Array(list) = &value else {
        let text = format!("Expected a list of items but got type \"{}\".", type_name(&value));
        return Err(Wrong::Itself(text));
    };
    let mut checked = Vec::with_capacity(list.len());
    let mut errors = FieldErrors::new();
    for (at, value) in list.iter().enumerate() {
        collect(&at.to_string(), of_kind(*inner, value, false), &mut errors, |value| checked.push(value));
    }
    if errors.is_empty() { Ok(Value::Array(checked)) } else { Err(Wrong::Within(errors)) }
}

fn collect(name: &str, checked: Result<Value, Wrong>, errors: &mut FieldErrors, keep: impl FnOnce(Value)) {
    match checked {
        Ok(value) => keep(value),
        Err(Wrong::Itself(text)) => errors.push(name, text),
        Err(Wrong::Within(inner)) => errors.nest(name, inner),
    }
}

fn nested(value: &Value, model: &Model) -> Result<Value, Wrong> {
    let Value::Object(entries) = value else {
        let text = format!("Invalid data. Expected a dictionary, but got {}.", type_name(value));
        return Err(Wrong::Within(FieldErrors::non_field(text)));
    };
    let given = |name: &str| entries.get(name);
    object(&given, &|_| false, model, Extent::Whole, false).map(Value::Object).map_err(Wrong::Within)
}
