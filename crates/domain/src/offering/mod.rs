//! Offerings: types, components, plans, options, limits, cost.

pub mod cost;
mod definition;
mod facts;
mod kind;
mod limits;
mod options;
mod plugin;
mod price;
pub mod renewal;
mod schema;
pub mod state;
mod types;
pub mod user;
mod value;

pub use definition::{ComponentDefinition, check_component, check_components};
pub use facts::{Component, CustomerFacts, Limits, OfferingFacts, ProjectFacts};
pub use kind::{BillingType, LimitPeriod, OfferingState, PlanUnit};
pub use limits::{LimitUse, check_limits, parse_limits};
pub use options::{check_options, declared_options};
pub use plugin::PluginOptions;
pub use price::{PlanFacts, PlanPrice, PlanPrices};
pub use renewal::{PrepaidBounds, Renewal, RenewalFacts, check_renewal, renewed_end_date};
pub use schema::{OPTION_TYPES, check_schema};
pub use state::{OFFERING_TRANSITIONS, OfferingAction, OfferingTransition, StateError};
pub use types::{OFFERING_TYPES, OfferingTypeRules, Prerequisite, Processor, ProviderReview, rules_of};
pub use user::{OFFERING_USER_TRANSITIONS, OfferingUserAction, OfferingUserState, OfferingUserTransition};
