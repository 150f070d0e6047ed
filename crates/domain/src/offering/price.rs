//! A plan and its prices.

use super::BillingType;
use crate::{
    id::{OfferingId, PlanId},
    money::Money,
};

/// The price of one component in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPrice {
    /// The component's type, the key in limits.
    pub kind: String,
    /// How the component is charged.
    pub billing_type: BillingType,
    /// Paid once, for the whole time until the end date.
    pub is_prepaid: bool,
    /// Per unit.
    pub price: Money,
    /// Units that the plan includes; for components of fixed price.
    pub amount: i64,
    /// Limit units per priced unit, such as 1024 for MB sold in GB.
    ///
    /// Below 1 counts as 1.
    pub factor: i64,
}

/// The prices of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPrices {
    /// The stored price per period of what is included.
    pub unit_price: Money,
    /// The prices by component.
    pub components: Vec<PlanPrice>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFacts {
    /// The plan.
    pub id: PlanId,
    /// The offering that it belongs to; a parent's plans serve its children.
    pub offering: OfferingId,
    /// The most resources that may use it.
    pub max_amount: Option<i64>,
    /// The resources that use it now: all that are not terminated.
    pub used: u64,
    /// Its prices.
    pub prices: PlanPrices,
}

impl PlanFacts {
    /// Whether no further resource may use it (spec 7.3 rule 2).
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.max_amount.is_some_and(|most| i128::from(self.used) >= i128::from(most))
    }
}
