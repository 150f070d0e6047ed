//! What the plans of an offering cost.

use mercat_app::orders::OfferingView;
use mercat_domain::{
    money::Money,
    offering::{BillingType, PlanPrices, PlanUnit, cost},
    order::OrderType,
};

use crate::{order::words, text};

/// The prices of a component, plan by plan.
pub(crate) struct Price {
    pub name: String,
    /// What is counted, and how it is charged.
    pub unit: String,
    /// A cell for each plan; empty where it is not part of it.
    pub cells: Vec<String>,
}

/// All plans side by side.
pub(crate) struct Prices {
    /// The names of the plans and how often they are paid.
    pub plans: Vec<(String, &'static str)>,
    pub rows: Vec<Price>,
}

/// How a component is charged.
pub(crate) const fn charged(billing: BillingType) -> &'static str {
    match billing {
        BillingType::Fixed => "included",
        BillingType::Usage => "by use",
        BillingType::Limit => "by what is ordered",
        BillingType::One => "once at the start",
        BillingType::Few => "at each change of plan",
    }
}

/// The plans that are sold.
pub(crate) fn sold(view: &OfferingView) -> impl Iterator<Item = &mercat_app::orders::PlanDetails> {
    view.details.plans.iter().filter(|plan| !plan.plan.archived)
}

impl Prices {
    pub fn of(view: &OfferingView) -> Self {
        let plans: Vec<_> = sold(view).collect();
        let row = |component: &mercat_app::entity::component::Model| {
            let cell = |plan: &&mercat_app::orders::PlanDetails| {
                let priced = plan.components.iter().find(|(_, of)| of.id == component.id);
                priced.map(|(price, _)| match component.billing_type {
                    BillingType::Fixed => format!("{} × {}", price.amount, text::money(price.price)),
                    _ => text::money(price.price),
                })
            };
            let unit = text::name(&component.measured_unit);
            let charged = charged(component.billing_type);
            Price {
                name: text::name(&component.name),
                unit: if unit.is_empty() { charged.to_owned() } else { format!("{unit}, {charged}") },
                cells: plans.iter().map(|plan| cell(plan).unwrap_or_default()).collect(),
            }
        };
        Self {
            plans: plans.iter().map(|plan| (text::name(&plan.plan.name), words::each(plan.plan.unit))).collect(),
            rows: view.details.components.iter().map(row).collect(),
        }
    }
}

/// `from 14.00 each month`: the least that a plan costs.
pub(crate) fn least(view: &OfferingView) -> String {
    let priced =
        sold(view).filter_map(|plan| Some((cost::minimal_price(&plan.prices)?, paid(&plan.prices, plan.plan.unit)?)));
    match priced.min_by_key(|(price, _)| *price) {
        None => String::new(),
        Some((price, _)) if price == Money::ZERO => "free of charge".to_owned(),
        Some((price, paid)) => format!("from {} {paid}", text::money(price)),
    }
}

/// How the least that a plan costs is paid.
pub(crate) fn paid(prices: &PlanPrices, unit: PlanUnit) -> Option<String> {
    let once = cost::activation_price(OrderType::Create, prices)?;
    Some(words::paid(cost::minimal_price(prices)?, once, unit))
}
