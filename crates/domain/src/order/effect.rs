//! What an order's outcome does to its resource (spec 6.3, 15.4).
//!
//! And the events and mails that tell of it (spec 15.5, 15.6).

use super::{
    Action, Notice, OrderFacts,
    OrderState::{self, Canceled, Done, Erred, Rejected},
    OrderType, Outcome,
    ResourceState::{self, Ok, Terminated},
    order_subtype,
};

/// The resource's state after an outcome, by type as in [`OrderType::ALL`].
///
/// A Restore that comes to nothing leaves the resource as ended as it was: spec 6.3 has OK here, which would bring it
/// back without the provider; spec 15.4 has Terminated.
const SETTLED: &[(OrderState, [ResourceState; 4])] = &[
    (Rejected, [Terminated, Ok, Ok, Terminated]),
    (Canceled, [Terminated, Ok, Ok, Terminated]),
    (Done, [Ok, Ok, Terminated, Ok]),
    (Erred, [ResourceState::Erred, ResourceState::Erred, Ok, ResourceState::Erred]),
];

/// The events of a resource: requested, succeeded, failed, canceled.
///
/// By order type; Restore has none.
const RESOURCE_EVENTS: &[(OrderType, [&str; 4])] = &[
    (
        OrderType::Create,
        [
            "marketplace_resource_create_requested",
            "marketplace_resource_create_succeeded",
            "marketplace_resource_create_failed",
            "marketplace_resource_create_canceled",
        ],
    ),
    (
        OrderType::Update,
        [
            "marketplace_resource_update_requested",
            "marketplace_resource_update_succeeded",
            "marketplace_resource_update_failed",
            "marketplace_resource_update_canceled",
        ],
    ),
    (
        OrderType::Terminate,
        [
            "marketplace_resource_terminate_requested",
            "marketplace_resource_terminate_succeeded",
            "marketplace_resource_terminate_failed",
            "marketplace_resource_terminate_canceled",
        ],
    ),
];

/// The part of the story that an event tells, by column of [`RESOURCE_EVENTS`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chapter {
    Requested,
    Succeeded,
    Failed,
    Canceled,
}

/// The resource's new state; `None` when it stays.
///
/// A terminated resource comes back only by an order that was meant to make it (spec 10.18).
pub(super) fn resource_state(outcome: Outcome, order: &OrderFacts) -> Option<ResourceState> {
    let revived = outcome == Outcome::As(Done) && matches!(order.order_type, OrderType::Create | OrderType::Restore);
    if order.resource_state == Terminated && !revived {
        return None;
    }
    let state = match outcome {
        Outcome::None => None,
        Outcome::As(state) => settled(state, order.order_type),
        Outcome::Broken if is_forced_end(order) => Some(Terminated),
        Outcome::Broken => Some(ResourceState::Erred),
    };
    state.filter(|state| *state != order.resource_state)
}

fn settled(outcome: OrderState, order_type: OrderType) -> Option<ResourceState> {
    let (_, by_type) = SETTLED.iter().find(|(state, _)| *state == outcome)?;
    Some(by_type[order_type as usize])
}

/// Staff gives a resource up whatever the backend says (spec 15.2).
fn is_forced_end(order: &OrderFacts) -> bool {
    order.order_type == OrderType::Terminate
        && order.attributes.get("action").is_some_and(|action| action == "force_destroy")
        && order.creator.as_ref().is_some_and(|creator| creator.is_staff)
}

/// The event of an order that comes into a state (spec 15.5).
pub(super) const fn order_event(to: OrderState) -> Option<&'static str> {
    match to {
        OrderState::Executing => Some("marketplace_order_approved"),
        Rejected => Some("marketplace_order_rejected"),
        Done => Some("marketplace_order_completed"),
        Canceled => Some("marketplace_order_terminated"),
        Erred => Some("marketplace_order_failed"),
        _ => None,
    }
}

/// The resource's events of an action with this outcome (spec 6.2, 15.4, 15.5).
pub(super) fn resource_events(action: Action, outcome: Outcome, order: &OrderFacts) -> Vec<&'static str> {
    let chapter = match (action, outcome) {
        (Action::Submit, _) => Chapter::Requested,
        (_, Outcome::As(Done)) => Chapter::Succeeded,
        (_, Outcome::As(Erred) | Outcome::Broken) => Chapter::Failed,
        (Action::IssueRejected, Outcome::As(Canceled)) => Chapter::Canceled,
        _ => return Vec::new(),
    };
    let subtype = order_subtype(order.order_type, &order.attributes);
    match (subtype, chapter) {
        (Some("update_limits"), Chapter::Succeeded) => vec!["marketplace_resource_update_limits_succeeded"],
        (Some("update_limits"), Chapter::Failed) => vec!["marketplace_resource_update_limits_failed"],
        (Some("renew"), Chapter::Succeeded) => {
            vec!["marketplace_resource_update_succeeded", "marketplace_resource_update_end_date_succeeded"]
        }
        _ => RESOURCE_EVENTS
            .iter()
            .filter(|(order_type, _)| *order_type == order.order_type)
            .map(|(_, chapters)| chapters[chapter as usize])
            .collect(),
    }
}

/// The mail about an order that comes into a state, or is new in it (spec 15.6).
pub(super) fn notice(to: OrderState, order: &OrderFacts) -> Option<Notice> {
    match to {
        OrderState::PendingConsumer => Some(Notice::PendingConsumer),
        OrderState::PendingProvider => Some(Notice::PendingProvider),
        Rejected => Some(Notice::Rejected),
        Done => match order_subtype(order.order_type, &order.attributes)? {
            "update_limits" => Some(Notice::LimitsSucceeded),
            _ => Some(Notice::UpdateSucceeded),
        },
        _ => None,
    }
}
