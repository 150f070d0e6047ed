//! An event with the names of those whom it is about.

use std::collections::HashMap;

use mercat_domain::{
    id::{OfferingId, OrderId, ResourceId, UserId},
    time,
};
use mercat_store::{
    ConnectionTrait,
    entity::{event, order, user},
    list,
};
use serde::Serialize;
use serde_json::Value;

use crate::AppError;

/// An event, who did it, and the order as it is now if it is still there.
#[derive(Debug, Clone)]
pub struct EventView {
    /// The event.
    pub row: event::Model,
    /// Who did it; `None` is the service itself.
    pub actor: Option<user::Model>,
    /// Which offering and resource the order is about.
    pub order: Option<(OfferingId, ResourceId, String)>,
}

/// The events with what belongs to them, one statement a table.
///
/// # Errors
/// The database failed.
pub async fn views(conn: &impl ConnectionTrait, rows: Vec<event::Model>) -> Result<Vec<EventView>, AppError> {
    let people = list::by_ids::<user::Entity, UserId>(conn, rows.iter().filter_map(|row| row.actor_id)).await?;
    let orders: HashMap<OrderId, order::Model> =
        list::by_ids::<order::Entity, OrderId>(conn, rows.iter().filter_map(|row| row.order_id)).await?;
    let view = |row: event::Model| EventView {
        actor: row.actor_id.and_then(|id| people.get(&id).cloned()),
        order: row
            .order_id
            .and_then(|id| orders.get(&id))
            .map(|order| (order.offering_id, order.resource_id, order.slug.clone())),
        row,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// What happened, with the kind of object before it: `order.approve_by_consumer`, `user_role.granted`.
#[must_use]
pub fn kind_of(row: &event::Model) -> String {
    if row.order_id.is_some() { format!("order.{}", row.action) } else { row.action.clone() }
}

/// The names under which upstream logs it (spec 15.5).
#[must_use]
pub fn names_of(row: &event::Model) -> Vec<&str> {
    row.changes["log"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// An event as it leaves: in the feed, in webhooks, in an order's history.
#[derive(Debug, Clone, Serialize)]
pub struct EventBody {
    /// Its number in the log: what a reader continues after.
    pub seq: i64,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub created: String,
    /// A sentence for people.
    pub message: String,
    /// Upstream's names for it.
    pub event_types: Vec<String>,
    /// The order.
    pub order_uuid: Option<String>,
    /// Its readable name.
    pub order_slug: Option<String>,
    /// Its version after the event.
    pub version: i64,
    /// The order's state before.
    pub from_state: Option<String>,
    /// The order's state after.
    pub to_state: Option<String>,
    /// What was ordered.
    pub offering_uuid: Option<String>,
    /// The resource.
    pub resource_uuid: Option<String>,
    /// Where.
    pub project_uuid: Option<String>,
    /// For whom.
    pub customer_uuid: Option<String>,
    /// By whom it is provided.
    pub provider_uuid: Option<String>,
    /// Who did it; null is the service itself.
    pub user_uuid: Option<String>,
    /// That person's sign-in name.
    pub user_username: Option<String>,
    /// That person's name.
    pub user_full_name: Option<String>,
    /// What else there is to know.
    pub changes: Value,
}

impl From<&EventView> for EventBody {
    fn from(view: &EventView) -> Self {
        let EventView { row, actor, order } = view;
        let text = |id: Option<uuid::Uuid>| id.map(|id| id.simple().to_string());
        let of = |name: &str| row.changes[name].as_str().map(str::to_owned);
        Self {
            seq: row.seq,
            kind: kind_of(row),
            created: time::format(row.at),
            message: row.message.clone(),
            event_types: names_of(row).into_iter().map(str::to_owned).collect(),
            order_uuid: text(row.order_id.map(|id| id.0)),
            order_slug: order.as_ref().map(|order| order.2.clone()),
            version: row.version,
            from_state: row.from_state.map(|state| state.to_string()),
            to_state: row.to_state.map(|state| state.to_string()),
            offering_uuid: text(order.as_ref().map(|order| order.0.0)).or_else(|| of("offering_uuid")),
            resource_uuid: text(order.as_ref().map(|order| order.1.0)).or_else(|| of("resource_uuid")),
            project_uuid: text(row.project_id.map(|id| id.0)),
            customer_uuid: text(row.customer_id.map(|id| id.0)),
            provider_uuid: text(row.provider_id.map(|id| id.0)),
            user_uuid: text(row.actor_id.map(|id| id.0)),
            user_username: actor.as_ref().map(|user| user.username.clone()),
            user_full_name: actor.as_ref().map(|user| user.full_name.clone()),
            changes: row.changes.clone(),
        }
    }
}

/// The id by which an event is called where ids are UUIDs: its number, so that it can be found again.
#[must_use]
pub fn waldur_id(seq: i64) -> String {
    uuid::Uuid::from_u128(u128::from(seq.unsigned_abs())).simple().to_string()
}

/// The number of the event that is called so; `None` when none can be.
#[must_use]
pub fn number_of(id: &str) -> Option<i64> {
    i64::try_from(uuid::Uuid::try_parse(id).ok()?.as_u128()).ok()
}
