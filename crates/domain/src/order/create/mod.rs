//! The rules for a new order, in the order of their answers (spec 7.3, 7.6, 7.7).

mod body;
mod end_date;

pub use end_date::check_end_date;

use chrono::{Months, NaiveDate};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use self::end_date::EndDate;
use super::{ChangeFacts, OrderType, check_change};
use crate::{
    invalid::Invalid,
    money::Money,
    offering::{
        Component, CustomerFacts, LimitUse, Limits, OfferingFacts, PlanFacts, ProjectFacts, cost, declared_options,
    },
    permission::Actor,
    settings::RuleSettings,
};

/// The people of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamFacts {
    /// How many users have a role in the project.
    pub users: u64,
    /// The names of the roles that they hold there.
    pub roles: Vec<String>,
    /// The names of all roles that exist.
    pub known_roles: Vec<String>,
}

/// A request for a new order, its references resolved.
#[derive(Debug, Clone, Copy)]
pub struct CreateFacts<'a> {
    /// What is asked for; every type makes a new resource here.
    pub order_type: OrderType,
    /// The current day.
    pub today: NaiveDate,
    /// Who asks.
    pub actor: &'a Actor,
    /// What is ordered.
    pub offering: &'a OfferingFacts,
    /// The components of the offering or its parent.
    pub components: &'a [Component],
    /// Where the resource will be.
    pub project: &'a ProjectFacts,
    /// The project's organisation.
    pub consumer: &'a CustomerFacts,
    /// The plan, when one is named.
    pub plan: Option<&'a PlanFacts>,
    /// The attributes as sent.
    pub attributes: &'a Value,
    /// The limits, empty when none are given.
    pub limits: &'a Limits,
    /// What is already allocated, by component type.
    pub usage: &'a BTreeMap<String, LimitUse>,
    /// The people of the project; read only where the offering [asks for them](crate::offering::PluginOptions::asks_for_team).
    pub team: &'a TeamFacts,
    /// Resources of the offering in the project that are not terminated; counted only where they are bounded.
    pub live_resources_in_project: u64,
    /// `accepting_terms_of_service`, when it was sent.
    pub accepts_terms: Option<bool>,
    /// Whether the offering has terms in force.
    pub terms_active: bool,
    /// Whether the actor has consented to them.
    pub has_consent: bool,
    /// When the order should start at the earliest.
    pub start_date: Option<NaiveDate>,
    /// The switches.
    pub settings: &'a RuleSettings,
}

/// What a checked request makes.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOrder {
    /// The order's start date; dropped when start dates are switched off.
    pub start_date: Option<NaiveDate>,
    /// The resource's end date.
    pub end_date: Option<NaiveDate>,
    /// Whether the actor asked for that end date.
    pub end_date_requested: bool,
    /// The order's cost; `None` without a plan.
    pub cost: Option<Money>,
    /// The resource's cost per period; `None` without a plan.
    pub resource_cost: Option<Money>,
    /// The resource's options: the attributes that the offering declares as such.
    pub options: Value,
    /// The resource's name, from the attributes.
    pub name: String,
    /// The resource's description, from the attributes.
    pub description: String,
}

/// Checks a request for a new order and works out what it makes.
///
/// # Errors
/// The first rule that is broken, in the order of spec 7.3, then 7.6 (end date), then 7.7.
pub fn check_create(facts: &CreateFacts<'_>) -> Result<NewOrder, Invalid> {
    let start_date = body::check(facts)?;
    let end_date = end_date::resolve(facts)?;
    check_change(&ChangeFacts {
        order_type: facts.order_type,
        today: facts.today,
        offering: facts.offering,
        project: facts.project,
        consumer: facts.consumer,
        has_open_order: false,
    })?;
    let (cost, resource_cost) = costs(facts, start_date, end_date)?;
    Ok(NewOrder {
        start_date,
        end_date: end_date.day,
        end_date_requested: end_date.requested,
        cost,
        resource_cost,
        options: resource_options(facts),
        name: attribute_text(facts.attributes, "name"),
        description: attribute_text(facts.attributes, "description"),
    })
}

/// The cost of the order and of the resource (spec 7.7 steps 1 and 4).
fn costs(
    facts: &CreateFacts<'_>,
    start_date: Option<NaiveDate>,
    end_date: EndDate,
) -> Result<(Option<Money>, Option<Money>), Invalid> {
    let too_much = || Invalid::field("limits", "The cost of these limits is out of range.");
    let Some(plan) = facts.plan else {
        return Ok((None, None));
    };
    let months = end_date.day.map(|end| months_begun(start_date.unwrap_or(facts.today), end));
    let cost = cost::order_cost(facts.order_type, Some(&plan.prices), facts.limits, months).map_err(|_| too_much())?;
    let resource_cost = cost::estimate(&plan.prices, facts.limits).ok_or_else(too_much)?;
    Ok((cost, Some(resource_cost)))
}

/// The months from a day to another; a month that has begun counts whole.
#[must_use]
pub fn months_begun(start: NaiveDate, end: NaiveDate) -> u32 {
    let ends_by = |months: u32| start.checked_add_months(Months::new(months)).is_none_or(|day| day >= end);
    let years = end.years_since(start).unwrap_or(0);
    (years * 12..=years * 12 + 12).find(|months| ends_by(*months)).unwrap_or(0)
}

/// The attributes that are options of the resource (spec 7.7 step 1), but those that nobody is shown later.
fn resource_options(facts: &CreateFacts<'_>) -> Value {
    let declared = declared_options(&facts.offering.resource_options).into_iter().flat_map(Map::keys);
    let declared = declared.filter(|key| facts.offering.rules().shows(key));
    let given = |key: &String| facts.attributes.get(key).map(|value| (key.clone(), value.clone()));
    Value::Object(declared.filter_map(given).collect())
}

/// An attribute as text; empty when it is missing or neither text nor number.
fn attribute_text(attributes: &Value, key: &str) -> String {
    match attributes.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
