//! The rules for every order as it is made (spec 7.7 a–g, 14).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::OrderType;
use crate::{
    invalid::Invalid,
    offering::{
        Component, CustomerFacts, LimitUse, Limits, OfferingFacts, OfferingState, PlanFacts, Prerequisite,
        ProjectFacts, check_limits, check_options, declared_options,
    },
};

/// An order about to be made.
#[derive(Debug, Clone, Copy)]
pub struct ChangeFacts<'a> {
    /// What it asks for.
    pub order_type: OrderType,
    /// The current day.
    pub today: NaiveDate,
    /// What is ordered.
    pub offering: &'a OfferingFacts,
    /// Where the resource is.
    pub project: &'a ProjectFacts,
    /// The project's organisation.
    pub consumer: &'a CustomerFacts,
    /// Whether the resource has an open order.
    ///
    /// One in pending-consumer, pending-provider or executing.
    pub has_open_order: bool,
}

/// Checks the business rules a to g of spec 7.7.
///
/// Terminations are free of b and c (spec 14).
///
/// # Errors
/// The first rule that is broken, as a bare list.
pub fn check_change(facts: &ChangeFacts<'_>) -> Result<(), Invalid> {
    let rules = [available, project_open, offering_open, groups_shared, sharing_allowed, no_open_order, prerequisite];
    match rules.iter().find_map(|rule| rule(facts)) {
        Some(message) => Err(Invalid::plain(message)),
        None => Ok(()),
    }
}

/// Rule a.
fn available(facts: &ChangeFacts<'_>) -> Option<String> {
    facts.consumer.unavailable().map(str::to_owned)
}

/// Rule b.
fn project_open(facts: &ChangeFacts<'_>) -> Option<String> {
    let applies = facts.order_type != OrderType::Terminate && facts.project.is_expired(facts.today);
    applies.then(|| facts.project.expired_message(facts.consumer))
}

/// Rule c.
fn offering_open(facts: &ChangeFacts<'_>) -> Option<String> {
    let open = matches!(facts.offering.state, OfferingState::Active | OfferingState::Paused);
    let applies = facts.order_type != OrderType::Terminate && !open;
    applies.then(|| "Offering is not available.".to_owned())
}

/// Rule d.
fn groups_shared(facts: &ChangeFacts<'_>) -> Option<String> {
    let (offering, consumer) = (facts.offering, facts.consumer);
    let restricted = offering.shared && !offering.groups.is_empty();
    let member = offering.groups.iter().any(|group| consumer.groups.contains(group));
    (restricted && !member).then(|| "This offering is not available for ordering.".to_owned())
}

/// Rule e.
fn sharing_allowed(facts: &ChangeFacts<'_>) -> Option<String> {
    let (offering, consumer) = (facts.offering, facts.consumer);
    let allowed = offering.shared || offering.provider == consumer.id || offering.project == Some(facts.project.id);
    let message = || format!("Offering \"{}\" is not allowed in organization \"{}\".", offering.name, consumer.name);
    (!allowed).then(message)
}

/// What a second open order of a resource is answered (spec 7.7 f).
pub const PENDING_ORDER: &str = "Pending order for resource already exists.";

/// Rule f.
fn no_open_order(facts: &ChangeFacts<'_>) -> Option<String> {
    facts.has_open_order.then(|| PENDING_ORDER.to_owned())
}

/// Rule g.
fn prerequisite(facts: &ChangeFacts<'_>) -> Option<String> {
    let script = facts.order_type.as_str().to_ascii_lowercase();
    match facts.offering.rules().prerequisite {
        Prerequisite::Script if !facts.offering.secret_option_keys.contains(&script) => {
            Some("Script is not defined.".to_owned())
        }
        Prerequisite::Scope if !facts.offering.has_scope => {
            Some("Offering is invalid: it does not have a scope.".to_owned())
        }
        _ => None,
    }
}

/// Checks the plan of a plan switch (spec 14).
///
/// # Errors
/// The plan belongs to another offering, or it is full.
pub fn check_plan_switch(offering: &OfferingFacts, plan: &PlanFacts) -> Result<(), Invalid> {
    if !offering.takes_plans_of(plan.offering) {
        return Err(Invalid::field("plan", "Plan is not available for this offering."));
    }
    if plan.is_full() {
        return Err(Invalid::field("plan", "Plan is not available because limit has been reached."));
    }
    Ok(())
}

/// Checks the new limits of a resource (spec 14).
///
/// `usage` leaves the resource itself out.
///
/// # Errors
/// They are the present ones, or a rule of spec 7.5 is broken.
pub fn check_limits_change(
    offering_type: &str,
    components: &[Component],
    present: &Limits,
    new: &Limits,
    usage: &BTreeMap<String, LimitUse>,
) -> Result<(), Invalid> {
    check_limits(offering_type, components, new, usage)?;
    if present == new {
        return Err(Invalid::plain("Impossible to create update orders with limits set to exactly the same."));
    }
    Ok(())
}

/// Checks a resource's new options against `resource_options` (spec 14).
///
/// # Errors
/// The offering declares none, or an option is wrong.
pub fn check_new_options(offering: &OfferingFacts, options: &Value) -> Result<(), Invalid> {
    if declared_options(&offering.resource_options).is_none() {
        return Err(Invalid::field("options", "Metadata for resource options is not defined."));
    }
    check_options(&offering.resource_options, options)
}
