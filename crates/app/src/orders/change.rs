//! Orders that change or end a resource, made by the resource's own endpoints (spec 14).

use mercat_domain::{
    id::{OrderId, PlanId, ResourceId},
    invalid::Invalid,
    money::Money,
    offering::{Limits, PrepaidBounds, RenewalFacts, check_renewal, cost},
    order::{ChangeFacts, OrderType, ResourceState, check_change, check_limits_change, check_plan_switch},
    permission::{Permission, Scope},
};
use mercat_store::{
    Set,
    assets::OPEN,
    entity::{component, offering, order, resource},
    facts,
    list::{self, Filter},
    order as orders, resource as resources,
};
use serde_json::{Value, json};

use super::{
    attachment::store_sent,
    create::{blank, submit},
    load::Parties,
    usage::limit_use,
};
use crate::{
    AppError, Tx,
    resources::{ProviderResources, Resources, joined_options},
};

/// From whose side a resource is looked at: `marketplace-resources` is the consumer's, and hides it from the provider;
/// `marketplace-provider-resources` is the other way round (spec 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceSide {
    /// Those who see the project.
    Consumer,
    /// Those who see the provider organisation.
    Provider,
}

/// What a change of a resource asks for before its input is looked at.
struct Demand {
    order_type: OrderType,
    permission: Permission,
    by_provider: bool,
    /// Enforced terms of service have to be agreed to (spec 14).
    by_terms: bool,
    states: &'static [ResourceState],
}

const TERMINATE: Demand = Demand {
    order_type: OrderType::Terminate,
    permission: Permission::ResourceTerminate,
    by_provider: true,
    by_terms: false,
    states: &[ResourceState::Ok, ResourceState::Erred],
};
const SWITCH_PLAN: Demand = Demand {
    order_type: OrderType::Update,
    permission: Permission::ResourceSetPlan,
    by_provider: false,
    by_terms: true,
    states: &[ResourceState::Ok],
};
const UPDATE_LIMITS: Demand = Demand { permission: Permission::ResourceSetLimits, ..SWITCH_PLAN };
const RENEW: Demand = Demand { states: &[ResourceState::Ok, ResourceState::Erred], ..UPDATE_LIMITS };
const UPDATE_OPTIONS: Demand = Demand {
    permission: Permission::ResourceUpdateOptions,
    by_provider: true,
    states: ResourceState::ALL,
    ..SWITCH_PLAN
};
const RESTORE: Demand =
    Demand { order_type: OrderType::Restore, states: &[ResourceState::Terminated], by_provider: true, ..TERMINATE };

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

/// What a renewal asks for.
#[derive(Debug, Clone, Default)]
pub struct RenewalRequest {
    /// How many months more.
    pub months: i64,
    /// Other limits, if any.
    pub limits: Option<Limits>,
    /// Words to those who approve.
    pub comment: Option<String>,
}

/// Orders more time for a resource that is paid ahead (spec 14).
///
/// # Errors
/// As [`terminate`].
pub async fn renew(
    tx: &mut Tx,
    side: ResourceSide,
    id: ResourceId,
    input: Result<RenewalRequest, AppError>,
) -> Result<OrderId, AppError> {
    let opened = open(tx, side, id, &RENEW).await?;
    let request = input?;
    let (resource, offering) = (&opened.resource, &opened.parties.offering);
    let components = facts::components(&tx.db, offering.priced_as()).await?;
    let rows = list::all(&tx.db, &[Filter::equals(component::Column::OfferingId, offering.priced_as())], &[]).await?;
    let bounds: Vec<PrepaidBounds<'_>> = rows.iter().map(prepaid_bounds).collect();
    let present = facts::limits_from_json(&resource.limits);
    let asked = request.limits.clone().unwrap_or_else(|| present.clone());
    let usage = limit_use(tx, offering.id, &components, &asked, Some(resource.id)).await?;
    let components: Vec<_> = components.into_iter().map(|(_, component)| component).collect();
    let prices = match resource.plan_id {
        Some(plan) => facts::prices(&tx.db, &[plan]).await?.remove(&plan),
        None => None,
    };
    let renewal = check_renewal(&RenewalFacts {
        today: tx.now.date_naive(),
        offering,
        components: &components,
        bounds: &bounds,
        prices: prices.as_ref(),
        end_date: resource.end_date,
        present: &present,
        wanted: request.limits.as_ref(),
        usage: &usage,
        months: request.months,
    })?;
    let mut order = opened.order(tx, &RENEW).await?;
    order.plan_id = resource.plan_id;
    order.limits = json!(renewal.limits);
    order.attributes = renewal.attributes;
    order.request_comment = request.comment;
    order.new_end_date = Some(renewal.new_end_date);
    order.cost = renewal.cost;
    order.attachment = store_sent(tx, order.id).await?;
    opened.submit_priced(tx, order).await
}

fn prepaid_bounds(row: &component::Model) -> PrepaidBounds<'_> {
    PrepaidBounds { kind: &row.kind, min_months: row.min_prepaid_duration, max_months: row.max_prepaid_duration }
}

/// What became of a change of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionsChange {
    /// It is done.
    Done,
    /// It was ordered.
    Ordered(OrderId),
}

/// Changes the options of a resource: at once, or by an order where the offering says so (spec 14).
///
/// # Errors
/// As [`terminate`].
pub async fn update_options(
    tx: &mut Tx,
    side: ResourceSide,
    id: ResourceId,
    input: Result<Value, AppError>,
) -> Result<OptionsChange, AppError> {
    let opened = open(tx, side, id, &UPDATE_OPTIONS).await?;
    let new = input?;
    let resource = &opened.resource;
    let offering = list::find::<offering::Entity>(&tx.db, resource.offering_id).await?.ok_or(AppError::NotFound)?;
    let options = joined_options(&offering, &resource.options, &new)?;
    if offering.plugin_options.get("create_orders_on_resource_option_change") != Some(&Value::Bool(true)) {
        let change = resource::ActiveModel { modified: Set(tx.now), options: Set(options), ..Default::default() };
        if !resources::update(&tx.db, resource.id, resource.version, change).await? {
            return Err(AppError::Conflict);
        }
        return Ok(OptionsChange::Done);
    }
    let mut order = opened.order(tx, &UPDATE_OPTIONS).await?;
    order.plan_id = resource.plan_id;
    order.attributes = json!({ "old_options": resource.options, "new_options": new });
    order.new_options = Some(new);
    opened.submit(tx, order).await.map(OptionsChange::Ordered)
}

/// Orders that a terminated resource comes back, where the offering allows it (spec 14).
///
/// # Errors
/// As [`terminate`].
pub async fn restore(tx: &mut Tx, side: ResourceSide, id: ResourceId) -> Result<OrderId, AppError> {
    let opened = open(tx, side, id, &RESTORE).await?;
    let resource = &opened.resource;
    let offering = list::find::<offering::Entity>(&tx.db, resource.offering_id).await?.ok_or(AppError::NotFound)?;
    if offering.plugin_options.get("can_restore_resource") != Some(&Value::Bool(true)) {
        return Err(Invalid::plain("Restoring resources is not allowed for this offering.").into());
    }
    let mut order = opened.order(tx, &RESTORE).await?;
    order.plan_id = resource.plan_id;
    order.limits.clone_from(&resource.limits);
    order.attributes.clone_from(&resource.attributes);
    let change =
        resource::ActiveModel { modified: Set(tx.now), state: Set(ResourceState::Creating), ..Default::default() };
    if !resources::update(&tx.db, resource.id, resource.version, change).await? {
        return Err(AppError::Conflict);
    }
    let resource = resources::lock(&tx.db, resource.id).await?.ok_or(AppError::NotFound)?;
    Opened { resource, ..opened }.submit(tx, order).await
}

async fn open(tx: &Tx, side: ResourceSide, id: ResourceId, demand: &Demand) -> Result<Opened, AppError> {
    let actor = tx.person()?;
    let resource = match side {
        ResourceSide::Consumer => tx.visible::<Resources>(id.uuid()).await?,
        ResourceSide::Provider => tx.visible::<ProviderResources>(id.uuid()).await?,
    };
    let mut paths = vec![Scope::Project(resource.project_id), Scope::Customer(resource.customer_id)];
    if demand.by_provider {
        paths.push(Scope::Customer(resource.provider_id));
    }
    if !actor.has(demand.permission, &paths) {
        return Err(AppError::Forbidden);
    }
    if demand.by_terms && tx.app.settings.rules.enforce_terms && !actor.sees_all() {
        let (in_force, agreed) = facts::terms(&tx.db, resource.offering_id, actor.id).await?;
        if in_force && !agreed {
            return Err(AppError::Forbidden);
        }
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
        order.cost = cost_of(tx, &order).await?;
        self.submit_priced(tx, order).await
    }

    /// Submits an order whose cost is known.
    async fn submit_priced(self, tx: &mut Tx, order: order::Model) -> Result<OrderId, AppError> {
        check_change(&ChangeFacts {
            order_type: order.order_type,
            today: tx.now.date_naive(),
            offering: &self.parties.offering,
            project: &self.parties.project,
            consumer: &self.parties.consumer,
            has_open_order: !orders::of_resource(&tx.db, self.resource.id, &OPEN).await?.is_empty(),
        })?;
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
