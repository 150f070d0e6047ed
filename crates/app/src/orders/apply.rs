//! Writes a decision: the guarded row, the resource, the event, the messages and the jobs, in one transaction.

use mercat_domain::{
    id::{ComponentId, ResourceId},
    invalid::Invalid,
    offering::Component,
    order::{Action, Decision, OrderState, OrderType, PENDING_ORDER, ResourceState, Side, has_to_be_processed},
    time::start_of_day,
};
use mercat_store::{
    Set, StoreError,
    assets::open_period,
    entity::{order, plan_period, resource},
    event::NewEvent,
    facts, list, order as orders, resource as resources,
};
use serde_json::{Value, json};

use super::{create::SLUG_TAKEN, load::Loaded};
use crate::{AppError, Tx, ids, jobs::JobKind, notices, outgoing};

/// Carries out `decision`; `change` holds columns beyond those that the decision sets.
pub(crate) async fn apply(
    tx: &mut Tx,
    loaded: &Loaded,
    action: Action,
    decision: &Decision,
    mut change: order::ActiveModel,
) -> Result<(), AppError> {
    let order = &loaded.order;
    stamp(tx, loaded, decision, &mut change);
    if !orders::update(&tx.db, order.id, order.version, change).await.map_err(refused_by_index)? {
        return Err(AppError::Conflict);
    }
    change_resource(tx, loaded, decision).await?;
    follow_plan(tx, loaded, decision).await?;
    log(tx, loaded, action, Some(order.state), Some(decision.to), &json!({ "log": decision.log }));
    follow_up(tx, loaded, decision).await
}

/// The database holds what the rules ask for: one open order a resource, and slugs that differ. An order that comes
/// back into an open state, or one that was made at the same moment, is found out there.
pub(crate) fn refused_by_index(error: StoreError) -> AppError {
    match error {
        StoreError::Duplicate(constraint) if constraint.contains("slug") => Invalid::field("slug", SLUG_TAKEN).into(),
        StoreError::Duplicate(_) => Invalid::plain(PENDING_ORDER).into(),
        other => other.into(),
    }
}

fn stamp(tx: &Tx, loaded: &Loaded, decision: &Decision, change: &mut order::ActiveModel) {
    change.state = Set(decision.to);
    change.modified = Set(tx.now);
    // The service reviews in the name of the creator (spec 9.1).
    let reviewer = tx.actor().map(|actor| actor.id).or(loaded.order.created_by);
    match decision.reviewed {
        Some(Side::Consumer) => {
            change.consumer_reviewed_by = Set(reviewer);
            change.consumer_reviewed_at = Set(Some(tx.now));
        }
        Some(Side::Provider) => {
            change.provider_reviewed_by = Set(reviewer);
            change.provider_reviewed_at = Set(Some(tx.now));
        }
        None => {}
    }
    if decision.completed {
        change.completed_at = Set(Some(tx.now));
    }
}

async fn change_resource(tx: &Tx, loaded: &Loaded, decision: &Decision) -> Result<(), AppError> {
    let resource = &loaded.resource;
    let mut change = resource::ActiveModel { modified: Set(tx.now), ..Default::default() };
    match (decision.resource.state, decision.resource.apply) {
        (None, false) => return Ok(()),
        (state, apply) => {
            if let Some(state) = state {
                change.state = Set(state);
            }
            if apply {
                take_over(tx, loaded, &mut change).await?;
            }
        }
    }
    if !resources::update(&tx.db, resource.id, resource.version, change).await? {
        return Err(AppError::Conflict);
    }
    Ok(())
}

/// Opens and closes the periods in which a resource has a plan (spec 15.4).
async fn follow_plan(tx: &Tx, loaded: &Loaded, decision: &Decision) -> Result<(), AppError> {
    let (order, resource) = (&loaded.order, &loaded.resource);
    let is_done = decision.to == OrderState::Done && order.state != OrderState::Done;
    let ends = decision.resource.state == Some(ResourceState::Terminated);
    let new = order.plan_id.filter(|_| is_done && !ends && order.order_type != OrderType::Terminate);
    if !ends && new.is_none() {
        return Ok(());
    }
    let open = open_period(&tx.db, resource.id).await?;
    if new.is_some() && open.as_ref().map(|period| period.plan_id) == new {
        return Ok(());
    }
    if let Some(period) = open {
        list::replace(&tx.db, plan_period::Model { end: Some(tx.now), ..period }).await?;
    }
    if let Some(plan_id) = new {
        let period =
            plan_period::Model { id: ids::new(tx.now), resource_id: resource.id, plan_id, start: tx.now, end: None };
        mercat_store::insert(&tx.db, period).await?;
    }
    Ok(())
}

/// A done Update moves the order's plan, limits, options and end date to the resource (spec 15.4). Nothing is taken
/// from the attributes, which anybody who orders can write.
async fn take_over(tx: &Tx, loaded: &Loaded, change: &mut resource::ActiveModel) -> Result<(), AppError> {
    let (order, resource) = (&loaded.order, &loaded.resource);
    let plan = order.plan_id.or(resource.plan_id);
    let has_limits = order.limits.as_object().is_some_and(|limits| !limits.is_empty());
    let limits = if has_limits { &order.limits } else { &resource.limits };
    if order.plan_id.is_some() || has_limits {
        change.plan_id = Set(plan);
        change.limits = Set(limits.clone());
        change.cost = Set(resource_cost(tx, plan, limits).await?);
        let components = facts::components(&tx.db, loaded.facts.offering.priced_as()).await?;
        set_quotas(tx, &components, resource.id, limits).await?;
    }
    if let Some(Value::Object(new)) = &order.new_options {
        let mut options = resource.options.as_object().cloned().unwrap_or_default();
        options.extend(new.clone());
        change.options = Set(Value::Object(options));
    }
    if let Some(end) = order.new_end_date {
        change.end_date = Set(Some(end));
        change.end_date_requested_by = Set(order.created_by);
    }
    Ok(())
}

/// What a resource with these limits costs each period.
pub(crate) async fn resource_cost(
    tx: &Tx,
    plan: Option<mercat_domain::id::PlanId>,
    limits: &Value,
) -> Result<Option<mercat_domain::money::Money>, AppError> {
    let Some(plan) = plan else { return Ok(None) };
    let prices = facts::prices(&tx.db, &[plan]).await?.remove(&plan);
    let limits = facts::limits_from_json(limits);
    Ok(prices.and_then(|prices| mercat_domain::offering::cost::estimate(&prices, &limits)))
}

/// Stores how much of each component the resource may have: what `limit_amount` counts (spec 7.5).
pub(crate) async fn set_quotas(
    tx: &Tx,
    components: &[(ComponentId, Component)],
    resource: ResourceId,
    limits: &Value,
) -> Result<(), AppError> {
    let limits = facts::limits_from_json(limits);
    let quotas = components.iter().filter_map(|(id, component)| {
        let limit = limits.get(&component.kind)?;
        Some(resources::quota(ids::new(tx.now), resource, *id, *limit, tx.now))
    });
    Ok(resources::set_quotas(&tx.db, quotas.collect()).await?)
}

/// Notes a change in the event log.
pub(crate) fn log(
    tx: &mut Tx,
    loaded: &Loaded,
    action: Action,
    from: Option<OrderState>,
    to: Option<OrderState>,
    changes: &Value,
) {
    let order = &loaded.order;
    let (resource, offering) = (&loaded.resource.name, &loaded.facts.offering.name);
    let subject = format!("Order {} ({}) for {resource} from {offering}", order.slug, order.order_type);
    let message = match to {
        Some(to) if Some(to) != from => format!("{subject} {}; it is now {to}.", action.told()),
        _ => format!("{subject} {}.", action.told()),
    };
    let event = NewEvent {
        order: Some(order.id),
        version: if from.is_some() { order.version + 1 } else { order.version },
        action: action.as_str().to_owned(),
        actor: tx.actor().map(|actor| actor.id),
        at: tx.now,
        from,
        to,
        project: Some(order.project_id),
        customer: Some(order.customer_id),
        provider: Some(order.provider_id),
        changes: changes.clone(),
        message,
    };
    tx.log(event);
}

/// What a new state brings with it: callback, mail, and the work that is due now or later.
pub(crate) async fn follow_up(tx: &mut Tx, loaded: &Loaded, decision: &Decision) -> Result<(), AppError> {
    let order = &loaded.order;
    if let (true, Some(url)) = (decision.callback, &order.callback_url) {
        outgoing::queue_callback(tx, order.id, url, decision.to);
    }
    if let Some(notice) = decision.notify {
        notices::queue(tx, loaded, notice).await?;
    }
    let subject = order.id.uuid();
    if decision.process && has_to_be_processed(&loaded.facts) {
        tx.schedule(JobKind::Process, subject, tx.now).await?;
    }
    // What moves nothing, such as a new attachment, queues nothing either.
    match decision.to {
        _ if !decision.callback => {}
        OrderState::PendingConsumer | OrderState::PendingProvider => {
            if let Some(after) = tx.app.settings.remind_after {
                tx.schedule(JobKind::Remind, subject, tx.now + after).await?;
            }
        }
        OrderState::PendingProject => {
            if let Some(start) = loaded.facts.project.start_date {
                tx.schedule(JobKind::Start, subject, start_of_day(start)).await?;
            }
        }
        OrderState::PendingStartDate => {
            if let Some(start) = order.start_date {
                tx.schedule(JobKind::Start, subject, start_of_day(start)).await?;
            }
        }
        OrderState::Executing if loaded.facts.offering.rules().interruptible => {
            tx.schedule(JobKind::Expire, subject, tx.now + super::system::STALE_AFTER).await?;
        }
        _ => {}
    }
    Ok(())
}

/// Sets the state of a resource whose order only waits (spec 15.2).
pub(crate) async fn set_resource_state(tx: &Tx, loaded: &Loaded, state: ResourceState) -> Result<(), AppError> {
    let change = resource::ActiveModel { modified: Set(tx.now), state: Set(state), ..Default::default() };
    if !resources::update(&tx.db, loaded.resource.id, loaded.resource.version, change).await? {
        return Err(AppError::Conflict);
    }
    Ok(())
}
