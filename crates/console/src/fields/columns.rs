//! What was typed into fields that are columns of a row: read as the API reads them, with its messages.

use mercat_app::collection::Input as Columns;
use mercat_domain::{
    invalid::{FieldErrors, Invalid},
    money::Money,
    time::parse_date,
};
use serde_json::Value;

use super::{Field, Input, Wrong};
use crate::form::Form;

/// The fields with what was typed into them.
pub(crate) fn filled(mut fields: Vec<Field>, form: &Form<'_>) -> Vec<Field> {
    for field in &mut fields {
        field.chosen = form.all(&field.name).into_iter().map(str::to_owned).collect();
        field.value = match field.input {
            Input::Tick => (!field.chosen.is_empty()).to_string(),
            Input::Password => form.text(&field.name).to_owned(),
            _ => form.text(&field.name).trim().to_owned(),
        };
    }
    fields
}

/// The values of the fields, by name.
///
/// # Errors
/// What is wrong with them, by name.
pub(crate) fn columns(fields: &[Field]) -> Result<Columns, Invalid> {
    let (mut columns, mut errors) = (Columns::new(), FieldErrors::new());
    for field in fields {
        match column(field) {
            Ok(value) => _ = columns.insert(field.name.clone(), value),
            Err(message) => errors.push(&field.name, message),
        }
    }
    errors.into_result().map(|()| columns)
}

fn column(field: &Field) -> Result<Value, String> {
    let typed = field.value.as_str();
    if typed.chars().count() > field.longest {
        return Err(format!("Ensure this field has no more than {} characters.", field.longest));
    }
    let is_text = matches!(field.input, Input::Text | Input::Hidden | Input::Lines | Input::Password | Input::Time);
    match &field.input {
        Input::Tick => return Ok((typed == "true").into()),
        Input::Choices(_) => return Ok(field.chosen.clone().into()),
        _ if typed.is_empty() && field.is_required => return Err("This field is required.".to_owned()),
        _ if typed.is_empty() && !is_text => return Ok(Value::Null),
        _ => {}
    }
    match &field.input {
        Input::Number => typed.parse::<i64>().map(Value::from).map_err(|_| "A valid integer is required.".to_owned()),
        Input::Money => match typed.parse::<Money>() {
            Ok(amount) => Ok(amount.to_string().into()),
            Err(_) => Err("A valid number is required.".to_owned()),
        },
        Input::Date => match parse_date(typed) {
            Some(day) => Ok(day.to_string().into()),
            None => Err("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.".to_owned()),
        },
        Input::Json => serde_json::from_str(typed).map_err(|_| "Value must be valid JSON.".to_owned()),
        Input::Choice(choices) if choices.iter().all(|(value, _)| value != typed) => {
            Err(format!("\"{typed}\" is not a valid choice."))
        }
        _ => Ok(typed.into()),
    }
}

/// The fields with what is wrong with them, which is then told.
pub(crate) fn mark(fields: &mut [Field], wrong: &mut Wrong) {
    for field in fields {
        field.wrong = wrong.take(&field.name);
        if field.input == Input::Password {
            field.value.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: Input, typed: &str) -> Result<Value, String> {
        column(&Field::new("x", "X", input).longest(12).with(typed))
    }

    #[test]
    fn fields_are_read_as_the_api_reads_them() {
        let choice = || Input::Choice(vec![("a".to_owned(), "A".to_owned())]);
        for (input, typed, value) in [
            (Input::Text, "", Ok("".into())),
            (Input::Text, "x", Ok("x".into())),
            (Input::Text, "1234567890123", Err("Ensure this field has no more than 12 characters.")),
            (Input::Number, "", Ok(Value::Null)),
            (Input::Number, "-3", Ok((-3).into())),
            (Input::Number, "3.5", Err("A valid integer is required.")),
            (Input::Money, "2.5", Ok("2.5000000000".into())),
            (Input::Money, "much", Err("A valid number is required.")),
            (Input::Date, "2026-01-31", Ok("2026-01-31".into())),
            (Input::Date, "31.1.", Err("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")),
            (Input::Json, "{\"a\":1}", Ok(serde_json::json!({ "a": 1 }))),
            (Input::Json, "{", Err("Value must be valid JSON.")),
            (Input::Tick, "true", Ok(true.into())),
            (Input::Tick, "false", Ok(false.into())),
            (choice(), "a", Ok("a".into())),
            (choice(), "", Ok(Value::Null)),
            (choice(), "b", Err("\"b\" is not a valid choice.")),
        ] {
            assert_eq!(read(input.clone(), typed), value.map_err(str::to_owned), "{input:?} {typed:?}");
        }
        let needed = Field::new("x", "X", Input::Text).required();
        assert_eq!(columns(&[needed]), Err(FieldErrors::single("x", "This field is required.").into()));
    }
}
