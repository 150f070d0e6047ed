//! What an order costs (spec 8): exact decimals, rounded half up once, at the end.
//!
//! Every function answers `None` when the amount leaves the range of [`Money`].

use rust_decimal::Decimal;

use super::{BillingType, Limits, PlanPrice, PlanPrices};
use crate::{money::Money, order::OrderType};

/// The cost needs more than twelve digits before the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cost is out of range")]
pub struct CostOutOfRange;

/// The price per period of a plan with these limits.
///
/// The unit price plus the price of each limit; limits that the plan does not price count 0.
#[must_use]
pub fn estimate(prices: &PlanPrices, limits: &Limits) -> Option<Money> {
    exact_estimate(prices, limits).and_then(Money::new)
}

/// The price at creation: components billed once, without prepaid ones.
#[must_use]
pub fn init_price(prices: &PlanPrices) -> Option<Money> {
    exact_init(prices).and_then(Money::new)
}

/// The price of a switch to this plan.
#[must_use]
pub fn switch_price(prices: &PlanPrices) -> Option<Money> {
    exact_switch(prices).and_then(Money::new)
}

/// The price per period of what the plan includes.
#[must_use]
pub fn fixed_price(prices: &PlanPrices) -> Option<Money> {
    sum(prices, is(BillingType::Fixed), |c| c.price.decimal().checked_mul(c.amount.into())).and_then(Money::new)
}

/// The price of prepaid components for some months; the whole cost of a renewal.
#[must_use]
pub fn prepaid_price(prices: &PlanPrices, limits: &Limits, months: u32) -> Option<Money> {
    exact_prepaid(prices, limits, months).and_then(Money::new)
}

/// The one-time part of an order's cost (spec 8, `activation_price`).
#[must_use]
pub fn activation_price(order_type: OrderType, prices: &PlanPrices) -> Option<Money> {
    exact_activation(order_type, prices).and_then(Money::new)
}

/// The least that a plan can cost (spec 13.3).
#[must_use]
pub fn minimal_price(prices: &PlanPrices) -> Option<Money> {
    let least = |c: &PlanPrice| match c.billing_type {
        BillingType::Fixed => c.price.decimal().checked_mul(at_least_one(c.amount)),
        BillingType::Limit | BillingType::One => Some(c.price.decimal()),
        BillingType::Usage | BillingType::Few => Some(Decimal::ZERO),
    };
    sum(prices, |_| true, least).and_then(Money::new)
}

/// The cost of an order: `Ok(None)` without a plan and for terminations.
///
/// `prepaid_months` is the time from start to end of a Create order with prepaid components.
///
/// # Errors
/// [`CostOutOfRange`].
pub fn order_cost(
    order_type: OrderType,
    prices: Option<&PlanPrices>,
    limits: &Limits,
    prepaid_months: Option<u32>,
) -> Result<Option<Money>, CostOutOfRange> {
    let Some(prices) = prices.filter(|_| order_type != OrderType::Terminate) else {
        return Ok(None);
    };
    let months = prepaid_months.filter(|_| order_type == OrderType::Create);
    let prepaid = months.map_or(Some(Decimal::ZERO), |months| exact_prepaid(prices, limits, months));
    let parts = [exact_estimate(prices, limits), exact_activation(order_type, prices), prepaid];
    let cost = parts.into_iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?));
    cost.and_then(Money::new).map(Some).ok_or(CostOutOfRange)
}

/// How the plan is charged, by its components with a price (spec 13.3).
///
/// `None` when nothing has a price.
#[must_use]
pub fn plan_type(prices: &PlanPrices) -> Option<&'static str> {
    let mut kinds = prices.components.iter().filter(|c| !c.price.is_zero()).map(|c| c.billing_type);
    let first = kinds.next()?;
    if kinds.any(|kind| kind != first) {
        return Some("mixed");
    }
    Some(match first {
        BillingType::Fixed => "fixed",
        BillingType::Usage => "usage-based",
        BillingType::Limit => "limit",
        BillingType::One => "one-time",
        BillingType::Few => "on-plan-switch",
    })
}

fn exact_estimate(prices: &PlanPrices, limits: &Limits) -> Option<Decimal> {
    let limited = sum(prices, is(BillingType::Limit), |c| limit_price(c, limits))?;
    prices.unit_price.decimal().checked_add(limited)
}

fn exact_init(prices: &PlanPrices) -> Option<Decimal> {
    let once = |c: &PlanPrice| c.billing_type == BillingType::One && !c.is_prepaid;
    sum(prices, once, |c| c.price.decimal().checked_mul(at_least_one(c.amount)))
}

fn exact_switch(prices: &PlanPrices) -> Option<Decimal> {
    sum(prices, is(BillingType::Few), |c| Some(c.price.decimal()))
}

fn exact_prepaid(prices: &PlanPrices, limits: &Limits, months: u32) -> Option<Decimal> {
    let ahead = |c: &PlanPrice| c.billing_type == BillingType::One && c.is_prepaid;
    sum(prices, ahead, |c| limit_price(c, limits))?.checked_mul(months.into())
}

fn exact_activation(order_type: OrderType, prices: &PlanPrices) -> Option<Decimal> {
    match order_type {
        OrderType::Create => exact_init(prices),
        OrderType::Update => exact_switch(prices),
        OrderType::Terminate | OrderType::Restore => Some(Decimal::ZERO),
    }
}

/// Price × limit ÷ factor; a limit that is not given counts 0.
fn limit_price(component: &PlanPrice, limits: &Limits) -> Option<Decimal> {
    let limit = limits.get(&component.kind).copied().unwrap_or_default();
    component.price.decimal().checked_mul(limit.into())?.checked_div(at_least_one(component.factor))
}

/// Amounts and factors that are not set are stored as 0 and count as 1.
fn at_least_one(number: i64) -> Decimal {
    number.max(1).into()
}

fn is(billing_type: BillingType) -> impl Fn(&PlanPrice) -> bool {
    move |component| component.billing_type == billing_type
}

fn sum(
    prices: &PlanPrices,
    which: impl Fn(&PlanPrice) -> bool,
    price: impl Fn(&PlanPrice) -> Option<Decimal>,
) -> Option<Decimal> {
    prices.components.iter().filter(|c| which(c)).try_fold(Decimal::ZERO, |sum, c| sum.checked_add(price(c)?))
}
