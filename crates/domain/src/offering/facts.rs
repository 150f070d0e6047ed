//! What the rules need to know about offering, organisation and project.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::{BillingType, LimitPeriod, OfferingState, OfferingTypeRules, PluginOptions, rules_of};
use crate::id::{CustomerId, OfferingId, OrganizationGroupId, ProjectId};

/// Quantities by component type, in the component's unit.
pub type Limits = BTreeMap<String, i64>;

/// An offering.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferingFacts {
    /// The offering.
    pub id: OfferingId,
    /// The offering that plans and components come from, when it is a child.
    pub parent: Option<OfferingId>,
    /// Name for people.
    pub name: String,
    /// Name in URLs.
    pub slug: String,
    /// The type's wire name; see [`rules_of`].
    pub offering_type: String,
    /// Its state.
    pub state: OfferingState,
    /// Whether other organisations may order it.
    pub shared: bool,
    /// Whether its resources are invoiced.
    pub billable: bool,
    /// The organisation that provides it (`offering.customer`).
    pub provider: CustomerId,
    /// The only project that may order it, when it is private to one.
    pub project: Option<ProjectId>,
    /// Free JSON; read it through [`OfferingFacts::plugin`].
    pub plugin_options: Value,
    /// The schema of the order form: `{"order": [..], "options": {..}}`.
    pub options: Value,
    /// The schema of the resource's options, same form.
    pub resource_options: Value,
    /// The keys of the secret options; their values never leave the store.
    pub secret_option_keys: Vec<String>,
    /// Whether it has a backend scope.
    pub has_scope: bool,
    /// The organisation groups that it is restricted to; empty means no restriction.
    pub groups: Vec<OrganizationGroupId>,
}

impl OfferingFacts {
    /// The plugin options, typed.
    #[must_use]
    pub const fn plugin(&self) -> PluginOptions<'_> {
        PluginOptions::new(&self.plugin_options)
    }

    /// The rules of its type.
    #[must_use]
    pub fn rules(&self) -> &'static OfferingTypeRules {
        rules_of(&self.offering_type)
    }

    /// The offering whose components and plans count: the parent, when there is one (spec 13.1).
    #[must_use]
    pub fn priced_as(&self) -> OfferingId {
        self.parent.unwrap_or(self.id)
    }

    /// Whether a plan of that offering can be ordered here: its own, or its parent's.
    #[must_use]
    pub fn takes_plans_of(&self, plan_offering: OfferingId) -> bool {
        plan_offering == self.id || Some(plan_offering) == self.parent
    }
}

/// An organisation in its role as consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFacts {
    /// The organisation.
    pub id: CustomerId,
    /// Name for people.
    pub name: String,
    /// Name in URLs.
    pub slug: String,
    /// May not do business.
    pub blocked: bool,
    /// No longer in use.
    pub archived: bool,
    /// The groups that it belongs to.
    pub groups: Vec<OrganizationGroupId>,
}

impl CustomerFacts {
    /// Why the organisation may not do business (spec 3.2).
    ///
    /// Blocked is tested before archived.
    #[must_use]
    pub const fn unavailable(&self) -> Option<&'static str> {
        if self.blocked {
            Some("Blocked organization is not available.")
        } else if self.archived {
            Some("Archived organization is not available.")
        } else {
            None
        }
    }
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFacts {
    /// The project.
    pub id: ProjectId,
    /// Name for people.
    pub name: String,
    /// First day.
    pub start_date: Option<NaiveDate>,
    /// The day on which it is over.
    pub end_date: Option<NaiveDate>,
    /// Deleted, but kept for its history.
    pub is_removed: bool,
}

impl ProjectFacts {
    /// Whether the project is over: the end day itself counts (spec 3.2).
    #[must_use]
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.end_date.is_some_and(|end| end <= today)
    }

    /// Whether the project has yet to begin (spec 9.1).
    #[must_use]
    pub fn starts_later(&self, today: NaiveDate) -> bool {
        self.start_date.is_some_and(|start| start > today)
    }

    /// The refusal for an expired project (spec 3.2).
    #[must_use]
    pub fn expired_message(&self, consumer: &CustomerFacts) -> String {
        format!("Project '{} | {}' is expired.", self.name, consumer.name)
    }
}

/// A measured unit of an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The component's type, the key in limits and prices.
    pub kind: String,
    /// How it is charged.
    pub billing_type: BillingType,
    /// What `limit_amount` counts over.
    pub limit_period: Option<LimitPeriod>,
    /// The most that may be allocated in a period; 0 is no bound.
    pub limit_amount: Option<i64>,
    /// The least of one order; 0 is no bound.
    pub min_value: Option<i64>,
    /// The most of one order; 0 is no bound.
    pub max_value: Option<i64>,
    /// What all resources of the offering together stay below; 0 is no bound.
    pub max_available_limit: Option<i64>,
    /// Paid once, for the whole time until the end date.
    pub is_prepaid: bool,
    /// Limit units per priced unit, such as 1024 for MB sold in GB.
    pub factor: i64,
}

impl Component {
    /// Whether there is only so much of it for all orders together.
    #[must_use]
    pub const fn is_capped(&self) -> bool {
        self.limit_amount.is_some() || self.max_available_limit.is_some()
    }

    /// Whether an order may set a limit for it (spec 7.5 step 2).
    #[must_use]
    pub const fn takes_limit(&self) -> bool {
        matches!(self.billing_type, BillingType::Limit) || self.is_paid_ahead()
    }

    /// Whether it is paid once for the whole time until the end date (spec 8).
    #[must_use]
    pub const fn is_paid_ahead(&self) -> bool {
        matches!(self.billing_type, BillingType::One) && self.is_prepaid
    }
}
