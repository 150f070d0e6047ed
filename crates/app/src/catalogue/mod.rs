//! What is offered: categories, providers, offerings with components and plans, terms of service.

mod categories;
mod components;
mod exhibits;
mod offerings;
mod plans;
mod providers;
mod publish;
mod terms;

pub use categories::{Categories, CategoryGroups, CategoryView, used_categories};
pub use components::{add_component, change_component, remove_component};
pub use exhibits::{Exhibit, OfferingFiles, Screenshots};
/// Filters that reach over more than one table.
pub use mercat_store::catalogue as filters;
pub(crate) use offerings::check_address;
pub use offerings::{
    OfferingColumns, ProviderOfferings, PublicOfferings, act, add_endpoint, is_unique_backend_id, move_to,
    offering_statistics, offerings_by_provider, remove_endpoint, set_columns, set_groups,
};
pub use plans::{Plans, archive, set_discounts, set_plan_groups, set_prices, set_quotas};
pub(crate) use plans::{plans_with_next_prices, take_next_prices};
pub use providers::{ProviderView, Providers, new_secret_code, provider_statistics};
pub use terms::{ConsentView, Consents, Terms, TermsView, revoke};
