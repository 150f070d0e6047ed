//! Events as the messages that agents understand (clients 6.5).

use std::collections::{HashMap, HashSet};

use mercat_domain::{
    agent::ObservableType,
    id::{OfferingId, OrderId, ProjectId, ResourceId},
    offering::rules_of,
    order::OrderState,
    time::Timestamp,
};
use mercat_store::{
    ConnectionTrait,
    entity::{event, event_queue, offering, order, project, resource},
    list::{self, Filter},
};
use serde_json::{Value, json};

use crate::AppError;

/// A message for an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueMessage {
    /// The event that it tells of.
    pub seq: i64,
    /// When that happened.
    pub at: Timestamp,
    /// What the agent reads.
    pub body: Value,
}

/// What the messages of a batch need to know, one statement a table.
pub(super) struct Facts {
    orders: HashMap<OrderId, order::Model>,
    /// The types of their offerings.
    types: HashMap<OfferingId, String>,
    resources: HashMap<ResourceId, resource::Model>,
    projects: HashMap<ProjectId, project::Model>,
    /// Projects of the batch that have a resource of an offering.
    served: HashSet<(OfferingId, ProjectId)>,
}

impl Facts {
    /// What is needed for the queues of these offerings.
    pub async fn of(
        conn: &impl ConnectionTrait,
        offerings: &[OfferingId],
        rows: &[event::Model],
    ) -> Result<Self, AppError> {
        let ids = rows.iter().filter_map(|row| row.order_id);
        let mut orders = list::by_ids::<order::Entity, OrderId>(conn, ids).await?;
        orders.retain(|_, order| offerings.contains(&order.offering_id));
        let ids = orders.values().map(|order| order.offering_id);
        let types = list::by_ids::<offering::Entity, OfferingId>(conn, ids).await?;
        let types = types.into_iter().map(|(id, row)| (id, row.offering_type)).collect();
        let ids = orders.values().map(|order| order.resource_id);
        let resources = list::by_ids::<resource::Entity, ResourceId>(conn, ids).await?;
        let ids = rows.iter().filter_map(|row| row.project_id);
        let projects = list::by_ids::<project::Entity, ProjectId>(conn, ids).await?;
        let roles = rows.iter().filter(|row| row.action.starts_with("user_role.")).filter_map(|row| row.project_id);
        let here = [
            Filter::any_of(resource::Column::OfferingId, offerings.iter().copied()),
            Filter::any_of(resource::Column::ProjectId, roles),
        ];
        let served = list::all::<resource::Entity>(conn, &here, &[]).await?;
        let served = served.into_iter().map(|row| (row.offering_id, row.project_id)).collect();
        Ok(Self { orders, types, resources, projects, served })
    }

    /// What a queue is told of an event, if it wants to know.
    pub fn message(&self, queue: &event_queue::Model, row: &event::Model) -> Option<QueueMessage> {
        let (kind, mut body) = self.body(queue.offering_id, row)?;
        let is_wanted = queue.object_types.as_array()?.iter().any(|wanted| *wanted == json!(kind));
        // Older agents know the type from the queue's name, and have it nowhere else.
        if queue.subscription_id.is_none() {
            body["object_type"] = json!(kind);
        }
        is_wanted.then_some(QueueMessage { seq: row.seq, at: row.at, body })
    }

    fn body(&self, offering: OfferingId, row: &event::Model) -> Option<(ObservableType, Value)> {
        if let Some(id) = row.order_id {
            let order = self.orders.get(&id).filter(|order| order.offering_id == offering)?;
            return self.order(row, order).map(|body| (ObservableType::Order, body));
        }
        let ours = row.changes["offering_uuid"] == offering.to_string();
        match row.action.split('.').next()? {
            "user_role" => self.role(offering, row).map(|body| (ObservableType::UserRole, body)),
            "resource" if ours => {
                Some((ObservableType::Resource, json!({ "resource_uuid": row.changes["resource_uuid"] })))
            }
            "offering_user" if ours => Some((ObservableType::OfferingUser, account(row))),
            _ => None,
        }
    }

    /// Told when an order comes to wait for its consumer or its provider, is to be carried out, or is done.
    fn order(&self, row: &event::Model, order: &order::Model) -> Option<Value> {
        use OrderState::{Done, Executing, PendingConsumer, PendingProvider};
        let told = [PendingConsumer, PendingProvider, Executing, Done];
        let state = row.to_state.filter(|to| told.contains(to) && row.from_state != Some(*to))?;
        let resource = self.resources.get(&order.resource_id)?;
        let project = self.projects.get(&order.project_id);
        Some(json!({
            "order_uuid": order.id,
            "order_state": state,
            "order_type": order.order_type,
            "resource_uuid": resource.id,
            "resource_backend_id": resource.backend_id,
            "resource_name": resource.name,
            "project_uuid": order.project_id,
            "project_name": project.map(|project| &project.name),
            "attributes": rules_of(self.types.get(&order.offering_id)?).shown(&order.attributes),
            "limits": order.limits,
            "plan_uuid": order.plan_id,
        }))
    }

    fn role(&self, offering: OfferingId, row: &event::Model) -> Option<Value> {
        let project = row.project_id.filter(|id| self.served.contains(&(offering, *id)))?;
        let changes = &row.changes;
        Some(json!({
            "user_uuid": changes["user_uuid"],
            "user_username": changes["user_username"],
            "project_uuid": project,
            "project_name": self.projects.get(&project).map(|project| &project.name),
            "role_name": changes["role_name"],
            "granted": changes["granted"],
        }))
    }
}

fn account(row: &event::Model) -> Value {
    let changes = &row.changes;
    json!({
        "username": changes["username"],
        "offering_user_uuid": changes["offering_user_uuid"],
        "user_uuid": changes["user_uuid"],
        "state": changes["state"],
        "action": changes["action"],
        "resource_backend_ids": [],
    })
}
