//! The end date of a new resource (spec 7.6).
//!
//! Refusals are keyed, with a bare string.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::CreateFacts;
use crate::{invalid::Invalid, offering::PluginOptions, time::parse_date};

/// When the resource ends, and whether somebody asked for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndDate {
    pub day: Option<NaiveDate>,
    pub requested: bool,
}

/// `attributes.end_date`; null and blank count as not sent.
pub(super) fn requested_day(attributes: &Value) -> Result<Option<NaiveDate>, Invalid> {
    match attributes.get("end_date") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(value) => match value.as_str().and_then(parse_date) {
            Some(day) => Ok(Some(day)),
            None => Err(refusal("Invalid date format. Use YYYY-MM-DD.")),
        },
    }
}

/// The end date that is asked for or that the offering sets.
pub(super) fn resolve(facts: &CreateFacts<'_>) -> Result<EndDate, Invalid> {
    let day = match requested_day(facts.attributes)? {
        Some(day) => return check_requested(facts, day).map(|()| EndDate { day: Some(day), requested: true }),
        None if facts.offering.plugin().is_resource_termination_date_required() => Some(default_day(facts)?),
        None => None,
    };
    Ok(EndDate { day, requested: false })
}

fn check_requested(facts: &CreateFacts<'_>, day: NaiveDate) -> Result<(), Invalid> {
    check_end_date(facts.offering.plugin(), facts.today, day)
}

/// Checks the day on which a resource is to end.
///
/// # Errors
/// It is past, or later than the offering allows.
pub fn check_end_date(options: PluginOptions<'_>, today: NaiveDate, day: NaiveDate) -> Result<(), Invalid> {
    let furthest = options
        .max_resource_termination_offset_in_days()
        .filter(|_| options.is_resource_termination_date_required())
        .and_then(|offset| later(today, offset));
    if furthest.is_some_and(|furthest| day > furthest) {
        return Err(refusal("End date exceeds maximum allowed offset."));
    }
    if options.latest_date_for_resource_termination().is_some_and(|latest| day > latest) {
        return Err(refusal("End date exceeds global termination limit."));
    }
    if day < today {
        return Err(refusal("Cannot be earlier than the current date."));
    }
    Ok(())
}

fn default_day(facts: &CreateFacts<'_>) -> Result<NaiveDate, Invalid> {
    let options = facts.offering.plugin();
    let offset = options.default_resource_termination_offset_in_days();
    let day = offset
        .and_then(|offset| later(facts.today, offset))
        .ok_or_else(|| refusal("Missing default termination offset configuration."))?;
    Ok(options.latest_date_for_resource_termination().map_or(day, |latest| day.min(latest)))
}

fn later(today: NaiveDate, days: u64) -> Option<NaiveDate> {
    today.checked_add_days(Days::new(days))
}

fn refusal(message: &str) -> Invalid {
    Invalid::keyed("end_date", message)
}
