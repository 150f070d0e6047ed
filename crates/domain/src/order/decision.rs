//! What a decision says: the new state, the stamps and every effect.

use super::{OrderState, ResourceState};
use crate::names::names;

names! {
    /// A side of the market.
    Side {
        /// The one that orders.
        Consumer = "consumer",
        /// The one that provides.
        Provider = "provider",
    }
}

names! {
    /// A mail to send, by the name of its template (spec 15.6).
    Notice {
        /// To everybody who may approve for the consumer.
        PendingConsumer = "notify_consumer_about_pending_order",
        /// To everybody who may approve for the provider.
        PendingProvider = "notify_provider_about_pending_order",
        /// To the creator.
        Rejected = "notification_to_user_that_order_been_rejected",
        /// To the project's users: a plan or options changed.
        UpdateSucceeded = "marketplace_resource_update_succeeded",
        /// To the project's users: limits changed.
        LimitsSucceeded = "marketplace_resource_update_limits_succeeded",
    }
}

/// What happens to the order's resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResourceEffect {
    /// The new state; `None` when it stays.
    pub state: Option<ResourceState>,
    /// Take over the order's plan, limits, options and end date (spec 15.4).
    pub apply: bool,
}

/// What to write when an action is allowed; one commit carries all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The new state; the present one when the action does not move the order.
    pub to: OrderState,
    /// Stamp that side's reviewer and time; for Submit the reviewer is the creator.
    pub reviewed: Option<Side>,
    /// Set `completed_at` to now.
    pub completed: bool,
    /// What happens to the resource.
    pub resource: ResourceEffect,
    /// Start processing after the commit.
    pub process: bool,
    /// Events of the log, upstream's names (spec 15.5).
    pub log: Vec<&'static str>,
    /// The mail to send.
    pub notify: Option<Notice>,
    /// Call the order's callback URL: its state changed, or it is new.
    pub callback: bool,
}

impl Decision {
    /// The answer to an approval (spec 10.6); `None` where an approval cannot lead.
    #[must_use]
    pub const fn message(&self) -> Option<&'static str> {
        match self.to {
            OrderState::Executing => Some("Order has been approved and is being processed."),
            OrderState::PendingProject => Some("Order is pending project activation."),
            OrderState::PendingProvider => Some("Order is pending provider approval."),
            OrderState::PendingStartDate => Some("Order is pending start date."),
            _ => None,
        }
    }
}
