//! Loads an order with all that its rules need to know, locked for the rest of the transaction.

use mercat_domain::{
    id::{OrderId, UserId},
    offering::{CustomerFacts, OfferingFacts, ProjectFacts},
    order::{OrderFacts, OrderType, Refusal, visible},
    permission::Actor,
    time::Timestamp,
};
use mercat_store::{
    ConnectionTrait,
    entity::{order, resource},
    facts,
    order::{self as orders, OrderFilter},
    people,
};

use crate::{AppError, Tx};

/// Which order is meant. The list's filters count on single orders too (spec 3.1).
#[derive(Debug, Clone)]
pub struct Target {
    /// The order.
    pub id: OrderId,
    /// Filters of the request's query string.
    pub filters: Vec<OrderFilter>,
}

impl Target {
    /// The filters that leave this order, or none.
    pub(crate) fn only(&self) -> Vec<OrderFilter> {
        let mut filters = self.filters.clone();
        filters.push(OrderFilter::Id(self.id));
        filters
    }
}

impl From<OrderId> for Target {
    fn from(id: OrderId) -> Self {
        Self { id, filters: Vec::new() }
    }
}

/// Whom an order is between, and what is ordered.
pub(crate) struct Parties {
    pub project: ProjectFacts,
    pub consumer: CustomerFacts,
    pub offering: OfferingFacts,
}

/// The facts about an order that its creator is just making.
pub(crate) fn new_order_facts(
    order: &order::Model,
    resource: &resource::Model,
    parties: Parties,
    creator: Actor,
) -> OrderFacts {
    OrderFacts {
        id: order.id,
        state: order.state,
        order_type: order.order_type,
        created_by: order.created_by,
        reviewer: Some(creator.clone()),
        creator: Some(creator),
        consumer_reviewed_by: None,
        start_date: order.start_date,
        has_attachment: false,
        attributes: order.attributes.clone(),
        project: parties.project,
        consumer: parties.consumer,
        offering: parties.offering,
        resource_state: resource.state,
        executing_siblings: 0,
    }
}

/// An order, its resource and the facts about both.
pub(crate) struct Loaded {
    pub order: order::Model,
    pub resource: resource::Model,
    pub facts: OrderFacts,
}

impl Loaded {
    /// A refusal with its explanation for this order.
    pub fn refused(&self, refusal: Refusal) -> AppError {
        AppError::Refused { advice: Box::new(refusal.advice(&self.facts)), refusal }
    }
}

/// The order if the caller may see it and the filters leave it in.
pub(crate) async fn visible_order(tx: &Tx, target: &Target) -> Result<Loaded, AppError> {
    let actor = tx.person()?;
    let (order, resource) = orders::lock_with_resource(&tx.db, target.id).await?.ok_or(AppError::NotFound)?;
    if !visible(actor, order.project_id, order.customer_id, order.provider_id) {
        return Err(AppError::NotFound);
    }
    if !target.filters.is_empty() && orders::count(&tx.db, &target.only()).await? == 0 {
        return Err(AppError::NotFound);
    }
    gather(&tx.db, tx.now, order, resource).await
}

/// An order, whoever may see it; `None` when it is gone.
pub(crate) async fn any_order(tx: &Tx, id: OrderId) -> Result<Option<Loaded>, AppError> {
    match orders::lock_with_resource(&tx.db, id).await? {
        Some((order, resource)) => gather(&tx.db, tx.now, order, resource).await.map(Some),
        None => Ok(None),
    }
}

/// Reads what the rules need about an order and its resource.
pub(crate) async fn gather(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    order: order::Model,
    resource: resource::Model,
) -> Result<Loaded, AppError> {
    let missing = || AppError::Internal(format!("order {} lacks its project or offering", order.id));
    let (project, consumer) = facts::project(conn, order.project_id).await?.ok_or_else(missing)?;
    let offering = facts::offering(conn, order.offering_id).await?.ok_or_else(missing)?;
    // With its Create order a resource begins: it has no other.
    let executing_siblings = match order.order_type {
        OrderType::Create => 0,
        _ => orders::executing_siblings(conn, &order).await?,
    };
    let creator = person(conn, now, order.created_by).await?;
    // Mostly the same: who may approve approves with the order.
    let reviewer = match order.consumer_reviewed_by {
        Some(id) if Some(id) != order.created_by => person(conn, now, Some(id)).await?,
        _ => creator.clone(),
    };
    let facts = OrderFacts {
        id: order.id,
        state: order.state,
        order_type: order.order_type,
        created_by: order.created_by,
        creator,
        consumer_reviewed_by: order.consumer_reviewed_by,
        reviewer,
        start_date: order.start_date,
        has_attachment: order.attachment.is_some(),
        attributes: order.attributes.clone(),
        project,
        consumer,
        offering,
        resource_state: resource.state,
        executing_siblings,
    };
    Ok(Loaded { order, resource, facts })
}

async fn person(conn: &impl ConnectionTrait, now: Timestamp, id: Option<UserId>) -> Result<Option<Actor>, AppError> {
    let Some(id) = id else { return Ok(None) };
    Ok(people::active_actor(conn, id, now).await?)
}
