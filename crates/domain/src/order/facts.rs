//! What a decision about an order needs to know.

use chrono::NaiveDate;
use serde_json::Value;

use super::{OrderState, OrderType, ResourceState};
use crate::{
    id::{OrderId, UserId},
    offering::{CustomerFacts, OfferingFacts, ProjectFacts},
    permission::Actor,
};

/// An order with what surrounds it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFacts {
    /// The order.
    pub id: OrderId,
    /// Its state.
    pub state: OrderState,
    /// What it asks for.
    pub order_type: OrderType,
    /// Who made it; `None` for the service itself and for removed users.
    pub created_by: Option<UserId>,
    /// The creator with present roles; loaded when the decision needs it.
    pub creator: Option<Actor>,
    /// Who approved or rejected it for the consumer.
    pub consumer_reviewed_by: Option<UserId>,
    /// That reviewer with present roles; loaded when the decision needs it.
    pub reviewer: Option<Actor>,
    /// When it should start at the earliest.
    pub start_date: Option<NaiveDate>,
    /// Whether a purchase order is attached.
    pub has_attachment: bool,
    /// The attributes as sent.
    pub attributes: Value,
    /// Its project.
    pub project: ProjectFacts,
    /// The project's organisation (`project.customer`).
    pub consumer: CustomerFacts,
    /// What is ordered.
    pub offering: OfferingFacts,
    /// The state of its resource.
    pub resource_state: ResourceState,
    /// Other executing orders of the same resource and type.
    pub executing_siblings: u64,
}
