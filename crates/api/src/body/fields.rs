//! Fields one by one, with the framework's words for every mistake; all mistakes are told together (spec 7.2).

use chrono::NaiveDate;
use mercat_domain::{
    invalid::{FieldErrors, Invalid},
    offering::{Limits, parse_limits},
    time::parse_date,
};
use serde_json::Value;
use uuid::Uuid;

use super::form::{Form, type_name};
use crate::link::{self, Place};

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";
const BLANK: &str = "This field may not be blank.";
const NOT_TEXT: &str = "Not a valid string.";
const NUL: &str = "Null characters are not allowed.";
const NOT_BOOLEAN: &str = "Must be a valid boolean.";
const NOT_DATE: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
const NOT_URL: &str = "Enter a valid URL.";
const NOT_JSON: &str = "Value must be valid JSON.";

/// What a text field accepts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Text {
    /// Must be there.
    pub required: bool,
    /// May be null; then nothing is given.
    pub nullable: bool,
    /// May be empty.
    pub blank: bool,
    /// Most characters.
    pub max: Option<usize>,
}

/// Reads the fields of a form and collects what is wrong with them.
pub(crate) struct Fields<'a> {
    form: &'a Form,
    errors: FieldErrors,
}

impl<'a> Fields<'a> {
    /// Nothing is read yet.
    pub const fn of(form: &'a Form) -> Self {
        Self { form, errors: FieldErrors::new() }
    }

    /// What was wrong so far.
    pub fn into_errors(self) -> FieldErrors {
        self.errors
    }

    /// `Ok` when nothing was wrong.
    ///
    /// # Errors
    /// Everything that was.
    pub fn check(self) -> Result<(), Invalid> {
        self.errors.into_result()
    }

    fn wrong<T>(&mut self, name: &str, message: impl Into<String>) -> Option<T> {
        self.errors.push(name, message);
        None
    }

    /// A field that is there and not null; without `nullable` an explicit null is wrong.
    fn value(&mut self, name: &str, nullable: bool) -> Option<&'a Value> {
        match self.form.get(name) {
            Some(Value::Null) if !nullable => self.wrong(name, NULL),
            Some(Value::Null) | None => None,
            value => value,
        }
    }

    /// A link to an object on one of the routes; empty counts as null.
    pub fn link(&mut self, name: &str, places: &[Place], required: bool) -> Option<Uuid> {
        let value = match self.form.get(name) {
            None if required => return self.wrong(name, REQUIRED),
            Some(Value::String(text)) if text.is_empty() => return self.wrong(name, NULL),
            _ => self.value(name, false)?,
        };
        let Some(text) = value.as_str() else {
            let kind = type_name(value);
            return self.wrong(name, format!("Incorrect type. Expected URL string, received {kind}."));
        };
        match link::resolve(text, places) {
            Ok(id) => Some(id),
            Err(bad) => self.wrong(name, bad.message()),
        }
    }

    /// A text without the space around it; numbers are taken as text.
    pub fn text(&mut self, name: &str, rule: Text) -> Option<String> {
        if rule.required && self.form.get(name).is_none() {
            return self.wrong(name, REQUIRED);
        }
        // In a form nothing tells an empty text from null: where empty is fine, it is meant.
        if rule.blank && !rule.nullable && self.form.is_textual() && self.form.get(name) == Some(&Value::Null) {
            return Some(String::new());
        }
        let text = match self.value(name, rule.nullable)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return self.wrong(name, NOT_TEXT),
        };
        let length = text.chars().count();
        match rule.max {
            _ if text.is_empty() && !rule.blank => self.wrong(name, BLANK),
            _ if text.contains('\0') => self.wrong(name, NUL),
            Some(max) if length > max => {
                self.wrong(name, format!("Ensure this field has no more than {max} characters."))
            }
            _ => Some(text),
        }
    }

    /// An address of a web server, at most `max` characters; null and empty are none.
    pub fn url(&mut self, name: &str, max: usize) -> Option<String> {
        let text = self.text(name, Text { nullable: true, blank: true, max: Some(max), ..Text::default() })?;
        match text.as_str() {
            "" => None,
            text if is_web_address(text) => Some(text.to_owned()),
            _ => self.wrong(name, NOT_URL),
        }
    }

    /// A boolean in one of its many spellings.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name, false)?;
        parse_boolean(value).or_else(|| self.wrong(name, NOT_BOOLEAN))
    }

    /// A day; null is none.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        match self.value(name, true)?.as_str().and_then(parse_date) {
            Some(day) => Some(day),
            None => self.wrong(name, NOT_DATE),
        }
    }

    /// A name of an enumeration.
    pub fn choice<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        let value = self.value(name, false)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match text.parse() {
            Ok(choice) => Some(choice),
            Err(_) => self.wrong(name, format!("\"{text}\" is not a valid choice.")),
        }
    }

    /// Any JSON that a database can hold; in a form its text.
    pub fn json(&mut self, name: &str) -> Option<Value> {
        let value = match self.value(name, false)? {
            Value::String(text) if self.form.is_textual() => match serde_json::from_str(text) {
                Ok(Value::Null) => return self.wrong(name, NULL),
                Ok(value) => value,
                Err(_) => return self.wrong(name, NOT_JSON),
            },
            value => value.clone(),
        };
        if has_nul(&value) { self.wrong(name, NUL) } else { Some(value) }
    }

    /// A JSON object.
    pub fn object(&mut self, name: &str) -> Option<Value> {
        let value = self.json(name)?;
        if value.is_object() {
            return Some(value);
        }
        let kind = super::type_name(&value);
        self.wrong(name, format!("Expected a dictionary of items but got type \"{kind}\"."))
    }

    /// Quantities by component.
    pub fn limits(&mut self, name: &str, required: bool) -> Option<Limits> {
        if required && self.form.get(name).is_none() {
            return self.wrong(name, REQUIRED);
        }
        let value = self.json(name)?;
        match parse_limits(&value) {
            Ok(limits) => Some(limits),
            Err(errors) => {
                self.errors.extend(errors);
                None
            }
        }
    }

    /// Adds errors that were found elsewhere.
    pub fn nest(&mut self, name: &str, errors: FieldErrors) {
        self.errors.nest(name, errors);
    }
}

/// A boolean in one of its many spellings.
pub(crate) fn parse_boolean(value: &Value) -> Option<bool> {
    const TRUE: [&str; 9] = ["t", "T", "y", "Y", "yes", "true", "True", "on", "1"];
    const FALSE: [&str; 9] = ["f", "F", "n", "N", "no", "false", "False", "off", "0"];
    let text = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
    let lower = text.to_ascii_lowercase();
    let is = |words: &[&str]| words.contains(&text.as_str()) || words.contains(&lower.as_str());
    match (is(&TRUE), is(&FALSE)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// Whether any text in the value has a NUL; the parser has bounded how deep it can be.
pub(crate) fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(entries) => entries.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `http` or `https`, a host, and nothing that no URL holds. Credentials in it would be shown to whoever sees the address,
/// and the service would never call it.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c));
    let uri = text.parse::<axum::http::Uri>().ok().filter(|_| clean);
    uri.is_some_and(|uri| {
        let is_open = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        is_open && matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(is_host)
    })
}

fn is_host(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    !host.is_empty() && host.chars().all(plain) && host.chars().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
