//! What was ordered and delivered: resources as consumers and as providers see them, what providers report of them,
//! and their usage.

mod collection;
mod report;
mod settings;
mod usage;
mod user_usage;

pub use collection::{Period, ProviderResources, ResourceView, Resources, TeamMember, UpdateRight, plan_periods, team};
/// Filters that reach over more than one table.
pub use mercat_store::assets as filters;
pub use report::{
    Report, refresh_last_sync, set_backend_id, set_backend_metadata, set_endpoints, set_limits, set_state,
    submit_report,
};
pub use settings::{ResourceSetting, move_to, set, set_end_date, set_options, suggest_name, unlink};
pub(crate) use settings::{joined_options, store};
pub use usage::{UsageView, Usages, set_usage};
pub use user_usage::{UsageLimitView, UsageLimits, UserUsageView, UserUsages, set_user_usage};
