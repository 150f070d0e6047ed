//! The plugin options that influence orders (spec 13.4).

use chrono::NaiveDate;
use serde_json::Value;

use super::value::integer;
use crate::time::parse_date;

/// A typed view of an offering's free `plugin_options`.
///
/// A value of a wrong type counts as not set.
#[derive(Debug, Clone, Copy)]
pub struct PluginOptions<'a>(&'a Value);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(self) -> bool {
            self.0.get(stringify!($name)) == Some(&Value::Bool(true))
        }
    )+};
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(self) -> Option<u64> {
            self.count(stringify!($name))
        }
    )+};
}

impl<'a> PluginOptions<'a> {
    /// A view of `plugin_options`.
    #[must_use]
    pub const fn new(options: &'a Value) -> Self {
        Self(options)
    }

    flags! {
        /// Orders of a remote offering skip the provider's review (spec 9.2).
        auto_approve_remote_orders
        /// The provider's own projects skip the consumer's review (spec 9.1 rule 4).
        auto_approve_in_service_provider_projects
        /// The consumer's approval needs a purchase order (spec 9.1 rule 1, 10.6).
        require_purchase_order_upload
        /// Resources must have an end date (spec 7.6).
        is_resource_termination_date_required
        /// A change of options makes an order (spec 14).
        create_orders_on_resource_option_change
        /// Terminated resources can be restored (spec 14).
        can_restore_resource
    }

    counts! {
        /// The least number of project users (spec 7.6); at least 1.
        minimal_team_count_for_provisioning
        /// The most live resources of the offering in a project (spec 7.6); at least 1.
        maximal_resource_count_per_project
    }

    /// Script orders skip the provider's review (spec 9.2).
    ///
    /// On unless it is exactly `false`.
    #[must_use]
    pub fn auto_approve_marketplace_script(self) -> bool {
        self.0.get("auto_approve_marketplace_script") != Some(&Value::Bool(false))
    }

    /// The role that somebody in the project must hold (spec 7.6).
    #[must_use]
    pub fn required_team_role_for_provisioning(self) -> Option<&'a str> {
        self.0.get("required_team_role_for_provisioning")?.as_str().filter(|role| !role.is_empty())
    }

    /// Days from today to the end date of resources that ask for none (spec 7.6).
    #[must_use]
    pub fn default_resource_termination_offset_in_days(self) -> Option<u64> {
        self.number("default_resource_termination_offset_in_days")
    }

    /// The most days from today to an end date (spec 7.6).
    #[must_use]
    pub fn max_resource_termination_offset_in_days(self) -> Option<u64> {
        self.number("max_resource_termination_offset_in_days")
    }

    /// The latest end date (spec 7.6).
    #[must_use]
    pub fn latest_date_for_resource_termination(self) -> Option<NaiveDate> {
        parse_date(self.0.get("latest_date_for_resource_termination")?.as_str()?)
    }

    /// Whether the people of a project have to be asked for before an order (spec 7.6).
    #[must_use]
    pub fn asks_for_team(self) -> bool {
        self.minimal_team_count_for_provisioning().is_some() || self.required_team_role_for_provisioning().is_some()
    }

    fn number(self, key: &str) -> Option<u64> {
        integer(self.0.get(key)?)?.try_into().ok()
    }

    fn count(self, key: &str) -> Option<u64> {
        self.number(key).filter(|count| *count > 0)
    }
}
