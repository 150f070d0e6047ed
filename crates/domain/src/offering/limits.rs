//! The rules for limits (spec 7.5).

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Component, LimitPeriod, Limits, rules_of,
    value::{NOT_INTEGER, NULL, integer, not_a_dictionary},
};
use crate::invalid::{FieldErrors, Invalid};

/// What is already allocated of a component, in its unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitUse {
    /// Quotas changed in the current period of the component, without those of −1.
    pub in_period: i64,
    /// Limits of all resources of the offering, terminated ones too.
    ///
    /// Without the resource that is changed.
    pub of_all_resources: i64,
}

/// The component that is counted in pieces; the others are in MB, shown in GB.
const PIECES: &str = "cores";

/// Reads the `limits` of a body: an object of integers.
///
/// `"5"` and `5.0` are integers, `true` is not.
///
/// # Errors
/// What is wrong, keyed `limits` (spec 7.2).
pub fn parse_limits(value: &Value) -> Result<Limits, FieldErrors> {
    let entries = match value {
        Value::Object(entries) => entries,
        Value::Null => return Err(FieldErrors::single("limits", NULL)),
        other => return Err(FieldErrors::single("limits", not_a_dictionary(other))),
    };
    let mut limits = Limits::new();
    let mut errors = FieldErrors::new();
    for (kind, value) in entries {
        match integer(value).and_then(|number| i64::try_from(number).ok()) {
            Some(limit) => drop(limits.insert(kind.clone(), limit)),
            None => errors.push(kind.clone(), if value.is_null() { NULL } else { NOT_INTEGER }),
        }
    }
    if errors.is_empty() {
        return Ok(limits);
    }
    let mut body = FieldErrors::new();
    body.nest("limits", errors);
    Err(body)
}

/// Checks limits against the offering's components.
///
/// `usage` is by component type; absent means nothing is allocated.
///
/// # Errors
/// The first rule that is broken, in the order of spec 7.5; nothing is checked when there are no limits.
pub fn check_limits(
    offering_type: &str,
    components: &[Component],
    limits: &Limits,
    usage: &BTreeMap<String, LimitUse>,
) -> Result<(), Invalid> {
    if limits.is_empty() {
        return Ok(());
    }
    if !rules_of(offering_type).limits_updatable {
        return Err(Invalid::field("limits", "Limits update is not supported for this resource."));
    }
    refuse_unknown(components, limits)?;
    refuse_negative(limits)?;
    for component in components {
        if let Some(limit) = limits.get(&component.kind) {
            let used = usage.get(&component.kind).copied().unwrap_or_default();
            check_limit(component, *limit, used).map_err(Invalid::non_field)?;
        }
    }
    Ok(())
}

fn refuse_unknown(components: &[Component], limits: &Limits) -> Result<(), Invalid> {
    let known = |kind: &str| components.iter().any(|c| c.kind == kind && c.takes_limit());
    let unknown: Vec<&str> = limits.keys().map(String::as_str).filter(|kind| !known(kind)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Invalid::field("limits", format!("Invalid types: {}", unknown.join(", "))))
}

fn refuse_negative(limits: &Limits) -> Result<(), Invalid> {
    let mut errors = FieldErrors::new();
    for (kind, _) in limits.iter().filter(|(_, limit)| **limit < 0) {
        errors.push(kind.clone(), "Ensure this value is greater than or equal to 0.");
    }
    let mut body = FieldErrors::new();
    body.nest("limits", errors);
    body.into_result()
}

/// A bound of 0 is no bound.
fn bound(value: Option<i64>) -> Option<i64> {
    value.filter(|bound| *bound != 0)
}

fn check_limit(component: &Component, limit: i64, used: LimitUse) -> Result<(), String> {
    if let Some(max) = bound(component.max_value).filter(|max| limit > *max) {
        return Err(format!("The limit {limit} value cannot be more than {max}."));
    }
    if let Some(min) = bound(component.min_value).filter(|min| limit < *min) {
        return Err(format!("The limit {limit} value cannot be less than {min}."));
    }
    let total = i128::from(used.in_period) + i128::from(limit);
    if let Some(amount) = bound(component.limit_amount).filter(|amount| total > i128::from(*amount))
        && let Some(period) = component.limit_period
    {
        return Err(format!("{} limit exceeds threshold {amount}.", period_word(period)));
    }
    match bound(component.max_available_limit) {
        Some(max) => check_available(&component.kind, limit, max, used.of_all_resources),
        None => Ok(()),
    }
}

const fn period_word(period: LimitPeriod) -> &'static str {
    match period {
        LimitPeriod::Month => "Monthly",
        LimitPeriod::Quarterly => "Quarterly",
        LimitPeriod::Annual => "Annual",
        LimitPeriod::Total => "Total",
    }
}

fn check_available(kind: &str, limit: i64, max: i64, current: i64) -> Result<(), String> {
    let (max, current) = (i128::from(max), i128::from(current));
    if current + i128::from(limit) < max {
        return Ok(());
    }
    let left = if kind == PIECES { max - current - 1 } else { (max - current).div_euclid(1024) };
    Err(format!(
        "Requested {kind} cannot be provisioned due to offering safety limit. You can allocate up to {left} of {kind}."
    ))
}
