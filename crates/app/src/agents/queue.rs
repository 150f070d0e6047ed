//! What waits for a consumer: the log from its place on, as the messages that agents understand (clients 6.5).

use std::collections::{HashMap, HashSet};

use mercat_domain::{
    agent::ObservableType,
    id::{OfferingId, OrderId, ProjectId, ResourceId},
    order::OrderState,
    permission::{Actor, Scope},
};
use mercat_store::{
    ConnectionTrait,
    entity::{event, event_queue, offering, order, project, resource},
    event as log,
    list::{self, Filter},
};
use serde_json::{Value, json};

use crate::{App, AppError};

/// How many events are looked at in one go.
const BATCH: u64 = 200;

/// A message for an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueMessage {
    /// The event that it tells of.
    pub seq: i64,
    /// What the agent reads.
    pub body: Value,
}

/// The queue of this name, if it is the actor's and the actor still works at its offering.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn open_queue(app: &App, actor: &Actor, name: &str) -> Result<event_queue::Model, AppError> {
    let conn = app.db.read();
    let named = [Filter::equals(event_queue::Column::Name, name)];
    let queue = list::first::<event_queue::Entity>(conn, &named).await?.ok_or(AppError::NotFound)?;
    let offering = list::find::<offering::Entity>(conn, queue.offering_id).await?.ok_or(AppError::NotFound)?;
    let works = actor.reaches(&[Some(Scope::Offering(offering.id)), Some(Scope::Customer(offering.customer_id))]);
    if queue.user_id != actor.id || !(works || actor.is_staff) {
        return Err(AppError::NotFound);
    }
    Ok(queue)
}

/// The messages after `after`, and the number up to which everything has been looked at.
///
/// # Errors
/// The database failed.
pub async fn backlog(app: &App, queue: &event_queue::Model, after: i64) -> Result<(Vec<QueueMessage>, i64), AppError> {
    let conn = app.db.read();
    let rows = log::after(conn, after, BATCH).await?;
    let Some(last) = rows.last().map(|row| row.seq) else { return Ok((Vec::new(), after)) };
    let facts = Facts::of(conn, queue.offering_id, &rows).await?;
    let wanted: Vec<ObservableType> = serde_json::from_value(queue.object_types.clone()).unwrap_or_default();
    // Older agents know the type from the queue's name, and have it nowhere else.
    let named = queue.subscription_id.is_none();
    let message = |row: &event::Model| {
        let (kind, mut body) = facts.message(row)?;
        if named {
            body["object_type"] = json!(kind);
        }
        wanted.contains(&kind).then_some(QueueMessage { seq: row.seq, body })
    };
    Ok((rows.iter().filter_map(message).collect(), last))
}

/// Notes that the consumer has everything up to a number. It never goes back.
///
/// # Errors
/// The database failed.
pub async fn advance(app: &App, queue: &event_queue::Model, seq: i64) -> Result<(), AppError> {
    let tx = app.db.write().await?;
    mercat_store::agents::advance(&tx, queue.id, seq, app.now()).await?;
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(())
}

/// What the messages of a batch need to know, one statement a table.
struct Facts {
    offering: OfferingId,
    orders: HashMap<OrderId, order::Model>,
    resources: HashMap<ResourceId, resource::Model>,
    projects: HashMap<ProjectId, project::Model>,
    /// Projects of the batch that have a resource of the offering.
    served: HashSet<ProjectId>,
}

impl Facts {
    async fn of(conn: &impl ConnectionTrait, offering: OfferingId, rows: &[event::Model]) -> Result<Self, AppError> {
        let ids = rows.iter().filter_map(|row| row.order_id);
        let mut orders = list::by_ids::<order::Entity, OrderId>(conn, ids).await?;
        orders.retain(|_, order| order.offering_id == offering);
        let ids = orders.values().map(|order| order.resource_id);
        let resources = list::by_ids::<resource::Entity, ResourceId>(conn, ids).await?;
        let ids = rows.iter().filter_map(|row| row.project_id);
        let projects = list::by_ids::<project::Entity, ProjectId>(conn, ids).await?;
        let roles = rows.iter().filter(|row| row.action.starts_with("user_role.")).filter_map(|row| row.project_id);
        let here = [
            Filter::equals(resource::Column::OfferingId, offering),
            Filter::any_of(resource::Column::ProjectId, roles),
        ];
        let served = list::all::<resource::Entity>(conn, &here, &[]).await?;
        let served = served.into_iter().map(|row| row.project_id).collect();
        Ok(Self { offering, orders, resources, projects, served })
    }

    fn message(&self, row: &event::Model) -> Option<(ObservableType, Value)> {
        if let Some(id) = row.order_id {
            return self.order(row, id).map(|body| (ObservableType::Order, body));
        }
        let ours = row.changes["offering_uuid"] == self.offering.to_string();
        match row.action.split('.').next()? {
            "user_role" => self.role(row).map(|body| (ObservableType::UserRole, body)),
            "resource" if ours => {
                Some((ObservableType::Resource, json!({ "resource_uuid": row.changes["resource_uuid"] })))
            }
            "offering_user" if ours => Some((ObservableType::OfferingUser, account(row))),
            _ => None,
        }
    }

    /// Told when an order comes to wait for the provider, is to be carried out, or is done.
    fn order(&self, row: &event::Model, id: OrderId) -> Option<Value> {
        let told = [OrderState::PendingProvider, OrderState::Executing, OrderState::Done];
        let state = row.to_state.filter(|to| told.contains(to) && row.from_state != Some(*to))?;
        let order = self.orders.get(&id)?;
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
            "attributes": order.attributes,
            "limits": order.limits,
            "plan_uuid": order.plan_id,
        }))
    }

    fn role(&self, row: &event::Model) -> Option<Value> {
        let project = row.project_id.filter(|id| self.served.contains(id))?;
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
