//! Texts that are read without a request: what is read is written, and read as the same again.

use std::{fmt::Display, str::FromStr};

use mercat_domain::{
    id::OrderId,
    money::Money,
    offering::parse_limits,
    time::{is_time, parse_date},
};
use serde_json::json;

/// # Errors
/// What is not read as it was written, in words.
pub(super) fn judge(text: &str) -> Result<(), String> {
    same::<Money>(text)?;
    same::<OrderId>(text)?;
    if let Some(date) = parse_date(text)
        && parse_date(&date.to_string()) != Some(date)
    {
        return Err(format!("{text:?} is read as {date}, which is read as something else"));
    }
    // They only have to come back.
    let (_, _) = (is_time(text), parse_limits(&json!({ "cpu": text })));
    Ok(())
}

fn same<T: FromStr + Display + PartialEq>(text: &str) -> Result<(), String> {
    match text.parse::<T>() {
        Ok(value) if value.to_string().parse().ok().as_ref() != Some(&value) => {
            Err(format!("{text:?} is read as {value}, which is read as something else"))
        }
        _ => Ok(()),
    }
}
