//! Orders that change or end a resource, made by the resource's own endpoints (spec 14).

use mercat_domain::{
    id::{OrderId, PlanId, ResourceId},
    invalid::Invalid,
    money::Money,
    offering::{Limits, cost},
    order::{ChangeFacts, OrderState, OrderType, ResourceState, check_change, check_limits_change, check_plan_switch},
    permission::{Permission, Scope},
};
use mercat_store::{
    entity::{order, resource},
    facts, order as orders, resource as resources,
};
use serde_json::{Value, json};

use super::{
    create::{blank, submit},
    load::Parties,
    usage::limit_use,
};
use crate::{AppError, Tx};

/// From whose side a resource is looked at: `marketplace-resources` is the consumer's, and hides it from the provider;
/// `marketplace-provider-resources` is the other way round (spec 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceSide {
    /// Those who see the project.
    Consumer,
    /// Those who see the provider organisation.
    Provider,
}

/// Orders that block another one on the same resource (spec 7.7 f).
const OPEN: &[OrderState] = &[OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::Executing];

/// What a change of a resource asks for before its input is looked at.
struct Demand {
    order_type: OrderType,
    permission: Permission,
    by_provider: bool,
    states: &'static [ResourceState],
}

const TERMINATE: Demand = Demand {
    order_type: OrderType::Terminate,
    permission: Permission::ResourceTerminate,
    by_provider: true,
    states: &[ResourceState::Ok, ResourceState::Erred],
};
const SWITCH_PLAN: Demand = Demand {
    order_type: OrderType::Update,
    permission: Permission::ResourceSetPlan,
    by_provider: false,
    states: &[ResourceState::Ok],
};
const UPDATE_LIMITS: Demand = Demand { permission: Permission::ResourceSetLimits, ..SWITCH_PLAN };

/// A resource whose change is allowed, and an order that says nothing yet.
struct Opened {
    resource: resource::Model,
    parties: Parties,
}

/// Orders the end of a resource; the attributes go to the provider.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::ResourceState`], what `input` says,
/// [`AppError::Invalid`], or the database failed.
pub async fn terminate(
    tx: &mut Tx,
    side: ResourceSide,
    id: ResourceId,
    input: Result<Value, AppError>,
) -> Result<OrderId, AppError> {
    let opened = open(tx, side, id, &TERMINATE).await?;
    let mut order = opened.order(tx, &TERMINATE).await?;
    order.attributes = input?;
    opened.submit(tx, order).await
}

/// Orders another plan.
///
/// # Errors
/// As [`terminate`].
pub async fn switch_plan(tx: &mut Tx, id: ResourceId, input: Result<PlanId, AppError>) -> Result<OrderId, AppError> {
    let opened = open(tx, ResourceSide::Consumer, id, &SWITCH_PLAN).await?;
    let plan = facts::plan(&tx.db, input?)
        .await?
        .ok_or_else(|| Invalid::field("plan", "Invalid hyperlink - Object does not exist."))?;
    check_plan_switch(&opened.parties.offering, &plan)?;
    let mut order = opened.order(tx, &SWITCH_PLAN).await?;
    order.old_plan_id = opened.resource.plan_id;
    order.plan_id = Some(plan.id);
    order.limits.clone_from(&opened.resource.limits);
    opened.submit(tx, order).await
}

/// Orders other limits.
///
/// # Errors
/// As [`terminate`].
pub async fn update_limits(
    tx: &mut Tx,
    id: ResourceId,
    input: Result<(Limits, Option<String>), AppError>,
) -> Result<OrderId, AppError> {
    let opened = open(tx, ResourceSide::Consumer, id, &UPDATE_LIMITS).await?;
    let (limits, comment) = input?;
    let (resource, offering) = (&opened.resource, &opened.parties.offering);
    let components = facts::components(&tx.db, offering.priced_as()).await?;
    let usage = limit_use(tx, offering.id, &components, &limits, Some(resource.id)).await?;
    let components: Vec<_> = components.into_iter().map(|(_, component)| component).collect();
    let present = facts::limits_from_json(&resource.limits);
    check_limits_change(&offering.offering_type, &components, &present, &limits, &usage)?;
    let mut order = opened.order(tx, &UPDATE_LIMITS).await?;
    order.plan_id = resource.plan_id;
    order.attributes = json!({ "old_limits": resource.limits });
    order.limits = json!(limits);
    order.request_comment = comment;
    opened.submit(tx, order).await
}

async fn open(tx: &Tx, side: ResourceSide, id: ResourceId, demand: &Demand) -> Result<Opened, AppError> {
    let actor = tx.person()?;
    let resource = resources::lock(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    let scopes = actor.scopes();
    let seen = match side {
        ResourceSide::Consumer => {
            scopes.projects.contains(&resource.project_id) || scopes.customers.contains(&resource.customer_id)
        }
        ResourceSide::Provider => scopes.customers.contains(&resource.provider_id),
    };
    if !(seen || actor.sees_all()) {
        return Err(AppError::NotFound);
    }
    let mut paths = vec![Scope::Project(resource.project_id), Scope::Customer(resource.customer_id)];
    if demand.by_provider {
        paths.push(Scope::Customer(resource.provider_id));
    }
    if !actor.has(demand.permission, &paths) {
        return Err(AppError::Forbidden);
    }
    if !demand.states.contains(&resource.state) {
        return Err(AppError::ResourceState(demand.states));
    }
    let missing = || AppError::Internal(format!("resource {id} lacks its project or offering"));
    let (project, consumer) = facts::project(&tx.db, resource.project_id).await?.ok_or_else(missing)?;
    let offering = facts::offering(&tx.db, resource.offering_id).await?.ok_or_else(missing)?;
    facts::lock_offering(&tx.db, offering.priced_as()).await?;
    Ok(Opened { resource, parties: Parties { project, consumer, offering } })
}

impl Opened {
    async fn order(&self, tx: &Tx, demand: &Demand) -> Result<order::Model, AppError> {
        let mut order = blank(tx, &self.parties.consumer, &self.parties.offering, None).await?;
        order.order_type = demand.order_type;
        order.project_id = self.parties.project.id;
        order.resource_id = self.resource.id;
        order.created_by = tx.actor().map(|actor| actor.id);
        Ok(order)
    }

    async fn submit(self, tx: &mut Tx, mut order: order::Model) -> Result<OrderId, AppError> {
        check_change(&ChangeFacts {
            order_type: order.order_type,
            today: tx.now.date_naive(),
            offering: &self.parties.offering,
            project: &self.parties.project,
            consumer: &self.parties.consumer,
            has_open_order: !orders::of_resource(&tx.db, self.resource.id, OPEN).await?.is_empty(),
        })?;
        order.cost = cost_of(tx, &order).await?;
        let creator = tx.person()?.clone();
        submit(tx, order, self.resource, self.parties, creator).await
    }
}

async fn cost_of(tx: &Tx, order: &order::Model) -> Result<Option<Money>, AppError> {
    let Some(plan) = order.plan_id else { return Ok(None) };
    let prices = facts::prices(&tx.db, &[plan]).await?.remove(&plan);
    let limits = facts::limits_from_json(&order.limits);
    cost::order_cost(order.order_type, prices.as_ref(), &limits, None)
        .map_err(|_| Invalid::field("limits", "The cost of these limits is out of range.").into())
}
