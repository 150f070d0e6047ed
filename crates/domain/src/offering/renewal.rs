//! The renewal of a prepaid resource (spec 14 `renew`, priced by spec 8).
//!
//! The document gives the body, the new end date and the order; the other bounds are ours.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};

use super::{Component, LimitUse, Limits, OfferingFacts, PlanPrices, check_limits, cost};
use crate::{
    invalid::{FieldErrors, Invalid},
    money::Money,
    time::parse_date,
};

/// The most months that one renewal adds.
pub const MOST_MONTHS: i64 = 60;

const FIELD: &str = "extension_months";
const RENEW: &str = "renew";

/// For how many months a component can be paid ahead at once; 0 is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepaidBounds<'a> {
    /// The component's type.
    pub kind: &'a str,
    /// `min_prepaid_duration`.
    pub min_months: Option<i64>,
    /// `max_prepaid_duration`.
    pub max_months: Option<i64>,
}

/// A renewal about to be ordered.
#[derive(Debug, Clone, Copy)]
pub struct RenewalFacts<'a> {
    /// The current day.
    pub today: NaiveDate,
    /// The resource's offering.
    pub offering: &'a OfferingFacts,
    /// The components of the offering or its parent.
    pub components: &'a [Component],
    /// For how long they can be paid ahead.
    pub bounds: &'a [PrepaidBounds<'a>],
    /// The prices of the resource's plan, when it has one.
    pub prices: Option<&'a PlanPrices>,
    /// When the resource ends now.
    pub end_date: Option<NaiveDate>,
    /// The resource's limits.
    pub present: &'a Limits,
    /// The limits that are asked for, when some are.
    pub wanted: Option<&'a Limits>,
    /// What is already allocated, by component type, without the resource.
    pub usage: &'a BTreeMap<String, LimitUse>,
    /// `extension_months` as sent.
    pub months: i64,
}

/// What a renewal order says.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewal {
    /// When the resource ends afterwards.
    pub new_end_date: NaiveDate,
    /// The resource's limits afterwards.
    pub limits: Limits,
    /// The cost of the order: the renewal only; `None` without a plan.
    pub cost: Option<Money>,
    /// The order's attributes.
    pub attributes: Value,
}

/// Checks a renewal and works out its order.
///
/// A component that is not named keeps its limit.
///
/// # Errors
/// The first of: the months, the limits (spec 7.5), nothing is paid ahead, the new end date, the cost.
pub fn check_renewal(facts: &RenewalFacts<'_>) -> Result<Renewal, Invalid> {
    let months = check_months(facts.months)?;
    let limits = check_wanted(facts)?;
    check_paid_ahead(facts, &limits)?;
    let new_end_date = end_after(facts, months)?;
    let price =
        |prices| cost::prepaid_price(prices, &limits, months).ok_or_else(|| refuse("The cost is out of range."));
    let cost = facts.prices.map(price).transpose()?;
    let attributes = json!({
        "action": RENEW,
        "old_limits": facts.present,
        "old_end_date": facts.end_date,
        "new_end_date": new_end_date,
        "extension_months": months,
        "renewal_cost": cost,
    });
    Ok(Renewal { new_end_date, limits, cost, attributes })
}

/// The end date that a finished renewal gives its resource; `None` when the order is no renewal.
///
/// Only for attributes that [`check_renewal`] wrote: those of `POST` are the client's, whatever the order's type.
#[must_use]
pub fn renewed_end_date(attributes: &Value) -> Option<NaiveDate> {
    attributes.get("action").filter(|action| *action == RENEW)?;
    parse_date(attributes.get("new_end_date")?.as_str()?)
}

/// The day that lies some months after the later of today and the present end (spec 14).
///
/// At the end of a shorter month it is that month's last day.
#[must_use]
pub fn extended(today: NaiveDate, end_date: Option<NaiveDate>, months: u32) -> Option<NaiveDate> {
    end_date.map_or(today, |end| end.max(today)).checked_add_months(Months::new(months))
}

fn refuse(message: impl Into<String>) -> Invalid {
    Invalid::field(FIELD, message)
}

fn check_months(months: i64) -> Result<u32, Invalid> {
    if months < 1 {
        return Err(refuse("Ensure this value is greater than or equal to 1."));
    }
    u32::try_from(months)
        .ok()
        .filter(|_| months <= MOST_MONTHS)
        .ok_or_else(|| refuse(format!("Ensure this value is less than or equal to {MOST_MONTHS}.")))
}

/// The limits afterwards: a renewal may raise them, not lower them.
fn check_wanted(facts: &RenewalFacts<'_>) -> Result<Limits, Invalid> {
    let mut limits = facts.present.clone();
    let Some(wanted) = facts.wanted else {
        return Ok(limits);
    };
    check_limits(&facts.offering.offering_type, facts.components, wanted, facts.usage)?;
    let mut errors = FieldErrors::new();
    for (kind, limit) in wanted {
        let present = limits.insert(kind.clone(), *limit).unwrap_or_default();
        if *limit < present {
            errors.push(kind.clone(), format!("A renewal cannot lower the limit of {present}."));
        }
    }
    let mut body = FieldErrors::new();
    body.nest("limits", errors);
    body.into_result().map(|()| limits)
}

/// Something must be paid ahead, and for as long as it may be.
///
/// A component of which there is nothing is not paid, and bounds nothing.
fn check_paid_ahead(facts: &RenewalFacts<'_>, limits: &Limits) -> Result<(), Invalid> {
    let bought = |kind: &str| limits.get(kind).is_some_and(|limit| *limit > 0);
    let paid = |kind: &str| bought(kind) && facts.components.iter().any(|c| c.kind == kind && c.is_paid_ahead());
    if !limits.keys().any(|kind| paid(kind)) {
        return Err(Invalid::plain("Only prepaid resources can be renewed."));
    }
    let mut errors = FieldErrors::new();
    for PrepaidBounds { kind, min_months, max_months } in facts.bounds.iter().filter(|bounds| paid(bounds.kind)) {
        if let Some(min) = min_months.filter(|min| *min > 0 && facts.months < *min) {
            errors.push(FIELD, format!("{kind} is paid ahead for at least {min} months."));
        }
        if let Some(max) = max_months.filter(|max| *max > 0 && facts.months > *max) {
            errors.push(FIELD, format!("{kind} is paid ahead for at most {max} months."));
        }
    }
    errors.into_result()
}

/// No resource of the offering outlives its last day (spec 7.6).
fn end_after(facts: &RenewalFacts<'_>, months: u32) -> Result<NaiveDate, Invalid> {
    let last = facts.offering.plugin().latest_date_for_resource_termination();
    extended(facts.today, facts.end_date, months)
        .filter(|end| last.is_none_or(|last| *end <= last))
        .ok_or_else(|| refuse("End date exceeds global termination limit."))
}
