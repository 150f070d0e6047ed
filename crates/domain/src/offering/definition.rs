//! The components that a provider defines (spec 7.5, 8, 13.2).
//!
//! The document gives the fields and how orders read them; which definitions make no sense is ours.

use super::{BillingType, LimitPeriod, value::BLANK};
use crate::invalid::FieldErrors;

/// The longest component type.
pub const TYPE_LENGTH: usize = 50;

/// A component as a provider writes it; a bound of 0 is no bound (spec 7.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentDefinition {
    /// The component's type, the key in limits and prices.
    pub kind: String,
    /// How it is charged.
    pub billing_type: BillingType,
    /// What `limit_amount` counts over.
    pub limit_period: Option<LimitPeriod>,
    /// The most that may be allocated in a period.
    pub limit_amount: Option<i64>,
    /// The least of one order.
    pub min_value: Option<i64>,
    /// The most of one order.
    pub max_value: Option<i64>,
    /// What the order form proposes.
    pub default_limit: Option<i64>,
    /// Either there or not.
    pub is_boolean: bool,
    /// Paid once, for the whole time until the end date.
    pub is_prepaid: bool,
    /// The least months that are paid ahead.
    pub min_prepaid_duration: Option<i64>,
    /// The most months that are paid ahead.
    pub max_prepaid_duration: Option<i64>,
}

impl ComponentDefinition {
    /// Whether orders set a limit for it (spec 7.5 step 2).
    #[must_use]
    pub fn takes_limit(&self) -> bool {
        self.billing_type == BillingType::Limit || (self.billing_type == BillingType::One && self.is_prepaid)
    }

    /// What is stored: a boolean component has bounds of its own, 0 and 1 a month, no amount (spec 7.5).
    #[must_use]
    pub fn normalized(mut self) -> Self {
        if self.is_boolean {
            self.min_value = Some(0);
            self.max_value = Some(1);
            self.limit_amount = None;
            self.limit_period = self.takes_limit().then_some(LimitPeriod::Month);
        }
        self
    }
}

/// Checks one component; `others` are the types of the offering's other components.
///
/// # Errors
/// Field errors by the names of the contract.
pub fn check_component(component: &ComponentDefinition, others: &[&str]) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    check_type(&mut errors, &component.kind, others);
    check_bounds(&mut errors, component);
    check_billing(&mut errors, component);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Checks all components of an offering.
///
/// # Errors
/// Field errors by the component's place in the list.
pub fn check_components(components: &[ComponentDefinition]) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut earlier: Vec<&str> = Vec::with_capacity(components.len());
    for (at, component) in components.iter().enumerate() {
        if let Err(inner) = check_component(component, &earlier) {
            errors.nest(at.to_string(), inner);
        }
        earlier.push(&component.kind);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The pattern of spec 13.2, `^[a-zA-Z0-9_\-\/:]+$`.
fn fits_pattern(kind: &str) -> bool {
    kind.chars().all(|c| c.is_ascii_alphanumeric() || "_-/:".contains(c))
}

fn check_type(errors: &mut FieldErrors, kind: &str, others: &[&str]) {
    if kind.trim().is_empty() {
        errors.push("type", BLANK);
    } else if !fits_pattern(kind) {
        errors.push("type", "This value does not match the required pattern.");
    }
    if kind.chars().count() > TYPE_LENGTH {
        errors.push("type", format!("Ensure this field has no more than {TYPE_LENGTH} characters."));
    }
    if others.contains(&kind) {
        errors.push("type", "Component types must be unique.");
    }
}

/// A bound of 0 is no bound.
fn bound(value: Option<i64>) -> Option<i64> {
    value.filter(|bound| *bound != 0)
}

fn check_bounds(errors: &mut FieldErrors, component: &ComponentDefinition) {
    let (min, max) = (bound(component.min_value), bound(component.max_value));
    let (min_months, max_months) = (bound(component.min_prepaid_duration), bound(component.max_prepaid_duration));
    for (field, least, most) in [("min_value", min, max), ("min_prepaid_duration", min_months, max_months)] {
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            errors.push(field, format!("{least} is more than the maximum {most}."));
        }
    }
    let Some(default) = component.default_limit else { return };
    if min.is_some_and(|min| default < min) || max.is_some_and(|max| default > max) {
        errors.push("default_limit", "The default must lie between the minimum and the maximum.");
    }
}

/// Fields that would have no effect are refused, so that nobody relies on them.
///
/// Only what is paid once can be paid ahead: spec 7.5 and 8 know prepaid components as `one` and no other.
fn check_billing(errors: &mut FieldErrors, component: &ComponentDefinition) {
    if component.is_prepaid && component.billing_type != BillingType::One {
        errors.push("is_prepaid", "Only one-time components can be prepaid.");
    }
    if component.takes_limit() {
        return;
    }
    let given =
        [("limit_period", component.limit_period.is_some()), ("limit_amount", bound(component.limit_amount).is_some())];
    for (field, _) in given.into_iter().filter(|(_, given)| *given) {
        errors.push(field, "Only components with a limit can have this.");
    }
}
