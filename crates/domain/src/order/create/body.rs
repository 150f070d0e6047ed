//! Validation across the fields of a request (spec 7.3, rules 1 to 10).

use chrono::NaiveDate;
use serde_json::Value;

use super::{CreateFacts, attribute_text, end_date::requested_day};
use crate::{
    invalid::Invalid,
    offering::{check_limits, check_options},
};

/// The most characters of a resource's name.
const NAME_LENGTH: usize = 150;

type Checked = Result<(), Invalid>;

/// All rules in order; the order's start date.
pub(super) fn check(facts: &CreateFacts<'_>) -> Result<Option<NaiveDate>, Invalid> {
    check_attributes(facts.attributes)?;
    check_plan(facts)?;
    check_options(&facts.offering.options, facts.attributes)?;
    check_limits(&facts.offering.offering_type, facts.components, facts.limits, facts.usage)?;
    check_name(facts.attributes)?;
    check_terms(facts)?;
    check_team(facts)?;
    check_plan_required(facts)?;
    check_prepaid(facts)?;
    start_date(facts)
}

/// No NUL characters, which no database text can hold (spec 18 row 38).
fn check_attributes(attributes: &Value) -> Checked {
    if has_nul(attributes) {
        return Err(Invalid::field("attributes", "Null characters are not allowed."));
    }
    Ok(())
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(entries) => entries.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn check_plan(facts: &CreateFacts<'_>) -> Checked {
    match facts.plan {
        Some(plan) if !facts.offering.takes_plans_of(plan.offering) => {
            Err(Invalid::field("plan", "This plan is not available for selected offering."))
        }
        Some(plan) if plan.is_full() => {
            Err(Invalid::field("plan", "Plan is not available because limit has been reached."))
        }
        _ => Ok(()),
    }
}

fn check_name(attributes: &Value) -> Checked {
    if attribute_text(attributes, "name").chars().count() <= NAME_LENGTH {
        return Ok(());
    }
    let message = format!("Name is too long. Maximum number of symbols is {NAME_LENGTH}");
    Err(Invalid::field("attributes.name", message))
}

fn check_terms(facts: &CreateFacts<'_>) -> Checked {
    let asked = facts.settings.enforce_terms && facts.terms_active && !facts.actor.sees_all();
    if !asked || facts.has_consent || facts.accepts_terms == Some(true) {
        return Ok(());
    }
    let name = &facts.offering.name;
    Err(Invalid::non_field(format!("Terms of service for offering '{name}' have not been accepted.")))
}

fn check_team(facts: &CreateFacts<'_>) -> Checked {
    let (options, team, project) = (facts.offering.plugin(), facts.team, &facts.project.name);
    if let Some(least) = options.minimal_team_count_for_provisioning().filter(|least| team.users < *least) {
        return Err(Invalid::non_field(format!(
            "Project '{project}' does not meet the minimal team size required by this offering. \
             Required: {least}, Actual: {}.",
            team.users
        )));
    }
    if let Some(role) = options.required_team_role_for_provisioning() {
        let named = |names: &[String]| names.iter().any(|name| name == role);
        if !named(&team.known_roles) {
            let message = format!("Configuration Error: The required project role '{role}' does not exist.");
            return Err(Invalid::non_field(message));
        }
        if !named(&team.roles) {
            return Err(Invalid::non_field(format!(
                "Project '{project}' must have at least one user with the role '{role}' to provision this offering."
            )));
        }
    }
    let most = options.maximal_resource_count_per_project();
    match most.filter(|most| facts.live_resources_in_project >= *most) {
        Some(most) => Err(Invalid::non_field(format!(
            "Project '{project}' has reached the maximum number of resources ({most}) allowed for this offering."
        ))),
        None => Ok(()),
    }
}

fn check_plan_required(facts: &CreateFacts<'_>) -> Checked {
    if facts.settings.plan_required && facts.offering.shared && facts.plan.is_none() {
        return Err(Invalid::field("plan", "Plan is required when creating resources."));
    }
    Ok(())
}

/// What is paid ahead needs a day until which it is paid (spec 7.3 rule 9).
fn check_prepaid(facts: &CreateFacts<'_>) -> Checked {
    let ordered = |kind: &str| facts.limits.get(kind).is_some_and(|limit| *limit > 0);
    if !facts.components.iter().any(|c| c.is_paid_ahead() && ordered(&c.kind)) {
        return Ok(());
    }
    let begin = facts.start_date.filter(|_| facts.settings.order_start_date).unwrap_or(facts.today);
    let message = match requested_day(facts.attributes) {
        Ok(None) => "This field is required.",
        Err(_) => "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
        Ok(Some(end)) if end <= begin => "End date must be later than the start date.",
        Ok(Some(_)) => return Ok(()),
    };
    Err(Invalid::field("attributes.end_date", message))
}

fn start_date(facts: &CreateFacts<'_>) -> Result<Option<NaiveDate>, Invalid> {
    let Some(day) = facts.start_date.filter(|_| facts.settings.order_start_date) else {
        return Ok(None);
    };
    let refuse = |message: String| Err(Invalid::field("start_date", message));
    if day < facts.today {
        return refuse("Start date cannot be in the past.".to_owned());
    }
    if let Some(start) = facts.project.start_date.filter(|start| day < *start) {
        return refuse(format!("Order start date cannot be earlier than the project start date ({start})."));
    }
    if let Some(end) = facts.project.end_date.filter(|end| day > *end) {
        return refuse(format!("Order start date cannot be later than the project end date ({end})."));
    }
    Ok(Some(day))
}
