//! The words of each letter about an order.

use serde::{Deserialize, Serialize};

use super::{OrderNotice, parts::short};

/// Which letter about an order; stored under the names that Waldur gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// To those who approve for the project.
    NotifyConsumerAboutPendingOrder,
    /// To those who approve for the provider.
    NotifyProviderAboutPendingOrder,
    /// To those who were asked and have not decided.
    ReminderOfPendingOrder,
    /// To the creator.
    NotificationToUserThatOrderBeenRejected,
    /// To the users of the project.
    MarketplaceResourceUpdateSucceeded,
    /// To the users of the project.
    MarketplaceResourceUpdateLimitsSucceeded,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NotifyConsumerAboutPendingOrder,
        Self::NotifyProviderAboutPendingOrder,
        Self::ReminderOfPendingOrder,
        Self::NotificationToUserThatOrderBeenRejected,
        Self::MarketplaceResourceUpdateSucceeded,
        Self::MarketplaceResourceUpdateLimitsSucceeded,
    ];

    /// Whether its reader is asked to decide.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(
            self,
            Self::NotifyConsumerAboutPendingOrder
                | Self::NotifyProviderAboutPendingOrder
                | Self::ReminderOfPendingOrder
        )
    }

    /// The first sentences.
    pub(super) fn lead(self) -> &'static str {
        match self {
            Self::NotifyConsumerAboutPendingOrder => {
                "An order in your project waits for your approval. It goes to the provider only when you or a \
                 colleague approve it."
            }
            Self::NotifyProviderAboutPendingOrder => {
                "An order for your offering waits for your approval. It is carried out only when you or a colleague \
                 approve it."
            }
            Self::ReminderOfPendingOrder => "This order is still waiting for your decision.",
            Self::NotificationToUserThatOrderBeenRejected => "Your order has been rejected. Nothing was changed by it.",
            Self::MarketplaceResourceUpdateSucceeded => "The resource has been changed as ordered.",
            Self::MarketplaceResourceUpdateLimitsSucceeded => {
                "The limits of the resource have been changed as ordered."
            }
        }
    }
}

/// What it is about and whom it waits for: the subject, and the heading in a digest.
pub(super) fn headline(notice: &OrderNotice) -> String {
    let slug = short(&notice.order_slug);
    let resource = short(&notice.resource_name);
    let asked = format!("{} {resource}", short(&notice.order_type));
    match notice.template {
        Template::NotifyConsumerAboutPendingOrder => {
            format!("Waiting for your approval: {asked} in {} (order {slug})", short(&notice.project_name))
        }
        Template::NotifyProviderAboutPendingOrder => {
            format!("Waiting for you as provider: {asked} for {} (order {slug})", short(&notice.customer_name))
        }
        Template::ReminderOfPendingOrder => format!("Still waiting for your decision: {asked} (order {slug})"),
        Template::NotificationToUserThatOrderBeenRejected => format!("Rejected: {asked} (order {slug})"),
        Template::MarketplaceResourceUpdateSucceeded => format!("Changed: {resource} (order {slug})"),
        Template::MarketplaceResourceUpdateLimitsSucceeded => format!("Limits changed: {resource} (order {slug})"),
    }
}
