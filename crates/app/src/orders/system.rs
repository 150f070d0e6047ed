//! What the service itself does with an order: process it, start it when its day comes, give it up (spec 15).

use chrono::TimeDelta;
use mercat_domain::{
    id::{IssueId, OrderId},
    order::{Action, OrderState, Processing, ResourceState, process as decide_processing},
};
use mercat_store::{
    Set,
    entity::{issue, order},
};

use super::{
    act::decision,
    apply::{apply, set_resource_state},
    load::{Loaded, any_order},
};
use crate::{AppError, Tx, ids, jobs::JobKind};

/// How long an order may execute whose fulfilment nobody reports (spec 15.1).
pub(crate) const STALE_AFTER: TimeDelta = TimeDelta::hours(2);

/// Processes an executing order once (spec 15.2); an order that moved on meanwhile is left alone.
pub(crate) async fn process(tx: &mut Tx, id: OrderId) -> Result<(), AppError> {
    let Some(loaded) = any_order(tx, id).await? else { return Ok(()) };
    if loaded.order.state != OrderState::Executing {
        return Ok(());
    }
    match decide_processing(&loaded.facts) {
        Processing::Complete => by_service(tx, &loaded, Action::Complete, order::ActiveModel::default()).await,
        Processing::Fail(reason) => {
            let change = order::ActiveModel { error_message: Set(reason), ..Default::default() };
            by_service(tx, &loaded, Action::Fail, change).await
        }
        Processing::Wait { resource } => wait(tx, &loaded, resource).await,
        Processing::OpenIssue { resource } => {
            wait(tx, &loaded, resource).await?;
            open_issue(tx, id).await
        }
    }
}

/// Starts an order whose project or own start date has come; too early or too late it does nothing.
pub(crate) async fn start(tx: &mut Tx, id: OrderId) -> Result<(), AppError> {
    let Some(loaded) = any_order(tx, id).await? else { return Ok(()) };
    let today = tx.now.date_naive();
    let (action, due) = match loaded.order.state {
        OrderState::PendingProject => (Action::ProjectStart, !loaded.facts.project.starts_later(today)),
        OrderState::PendingStartDate => {
            (Action::StartDateReached, loaded.order.start_date.is_none_or(|start| start <= today))
        }
        _ => return Ok(()),
    };
    if due { by_service(tx, &loaded, action, order::ActiveModel::default()).await } else { Ok(()) }
}

/// Gives up an order that has been executing for too long; one that was touched meanwhile gets as long again.
pub(crate) async fn expire(tx: &mut Tx, id: OrderId) -> Result<(), AppError> {
    let Some(loaded) = any_order(tx, id).await? else { return Ok(()) };
    if loaded.order.state != OrderState::Executing {
        return Ok(());
    }
    let due = loaded.order.modified + STALE_AFTER;
    if tx.now < due {
        return tx.schedule(JobKind::Expire, id.uuid(), due).await;
    }
    let change = order::ActiveModel { error_message: Set("Execution has timed out.".to_owned()), ..Default::default() };
    by_service(tx, &loaded, Action::TimeOut, change).await
}

pub(crate) async fn by_service(
    tx: &mut Tx,
    loaded: &Loaded,
    action: Action,
    change: order::ActiveModel,
) -> Result<(), AppError> {
    let decision = decision(tx, loaded, action)?;
    apply(tx, loaded, action, &decision, change).await
}

async fn wait(tx: &Tx, loaded: &Loaded, state: Option<ResourceState>) -> Result<(), AppError> {
    match state {
        Some(state) => set_resource_state(tx, loaded, state).await,
        None => Ok(()),
    }
}

/// Opens the helpdesk issue that a Support order is worked on in. Its key ends in the issue's own random digits.
async fn open_issue(tx: &Tx, order: OrderId) -> Result<(), AppError> {
    let id: IssueId = ids::new(tx.now);
    let digits = id.to_string();
    let key = format!("MERCAT-{}", digits[digits.len() - 8..].to_uppercase());
    Ok(mercat_store::insert(&tx.db, issue::Model { id, order_id: order, key, created: tx.now }).await?)
}
