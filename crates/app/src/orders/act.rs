//! What people and agents do to an order.

use mercat_domain::order::{Action, Decision, OrderState, decide};
use mercat_store::{Set, entity::order, order as orders};
use serde_json::json;

use super::{
    apply::{apply, log},
    load::{Loaded, Target, visible_order},
};
use crate::{AppError, Tx};

/// The state that an approval led to, and what to tell the approver (spec 10.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// The new state.
    pub state: OrderState,
    /// The sentence; empty for what is no approval.
    pub message: &'static str,
}

/// Decides and writes one action that has no input of its own.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Refused`], or the database failed.
pub async fn act(tx: &mut Tx, target: &Target, action: Action) -> Result<Approval, AppError> {
    let loaded = visible_order(tx, target).await?;
    let decision = decision(tx, &loaded, action)?;
    apply(tx, &loaded, action, &decision, order::ActiveModel::default()).await?;
    Ok(Approval { state: decision.to, message: decision.message().unwrap_or_default() })
}

/// What the rules say to the caller's wish.
pub(crate) fn decision(tx: &Tx, loaded: &Loaded, action: Action) -> Result<Decision, AppError> {
    let today = tx.now.date_naive();
    decide(action, &loaded.facts, tx.actor(), today, &tx.app.settings.rules).map_err(|refusal| loaded.refused(refusal))
}

/// An agent reports a failure (spec 10.13): the texts are kept in every state. `input` is asked only when the order
/// may be reported on at all, because a refusal comes before a bad body (spec 3.1).
///
/// # Errors
/// As [`act`], and what `input` says.
pub async fn set_erred(
    tx: &mut Tx,
    target: &Target,
    input: Result<(String, String), AppError>,
) -> Result<(), AppError> {
    let loaded = visible_order(tx, target).await?;
    let decision = decision(tx, &loaded, Action::SetStateErred)?;
    let (message, traceback) = input?;
    let change =
        order::ActiveModel { error_message: Set(message), error_traceback: Set(traceback), ..Default::default() };
    apply(tx, &loaded, Action::SetStateErred, &decision, change).await
}

/// Links the order to the provider's system; `false` when it already was so (spec 10.14).
///
/// # Errors
/// As [`act`], and what `input` says.
pub async fn set_backend_id(tx: &mut Tx, target: &Target, input: Result<String, AppError>) -> Result<bool, AppError> {
    let loaded = visible_order(tx, target).await?;
    let decision = decision(tx, &loaded, Action::SetBackendId)?;
    let backend_id = input?;
    if backend_id == loaded.order.backend_id {
        return Ok(false);
    }
    let change = order::ActiveModel { backend_id: Set(backend_id), ..Default::default() };
    apply(tx, &loaded, Action::SetBackendId, &decision, change).await?;
    Ok(true)
}

/// Deletes a pending order (spec 10.4). The resource that its Create made is terminated, so that no orphan counts.
///
/// # Errors
/// As [`act`].
pub async fn destroy(tx: &mut Tx, target: &Target) -> Result<(), AppError> {
    let loaded = visible_order(tx, target).await?;
    let decision = decision(tx, &loaded, Action::Destroy)?;
    remove(tx, &loaded, Action::Destroy, &decision).await
}

/// Whether the caller may remove orders at all: asked before anything about the order, its filters included (spec 3.1).
///
/// # Errors
/// [`AppError::Forbidden`] for everybody but staff.
pub fn unlink_allowed(tx: &Tx) -> Result<(), AppError> {
    if tx.person()?.is_staff { Ok(()) } else { Err(AppError::Forbidden) }
}

/// Staff removes an order in any state; the resource stays as it is (spec 10.5).
///
/// # Errors
/// As [`unlink_allowed`], even when the order does not exist; [`AppError::NotFound`]; or the database failed.
pub async fn unlink(tx: &mut Tx, target: &Target) -> Result<(), AppError> {
    unlink_allowed(tx)?;
    let loaded = visible_order(tx, target).await?;
    let decision = decision(tx, &loaded, Action::Unlink)?;
    remove(tx, &loaded, Action::Unlink, &decision).await
}

/// Removes an order together with its resource; who may is asked by the caller.
pub(crate) async fn unlink_row(tx: &mut Tx, order: &order::Model) -> Result<(), AppError> {
    let loaded = visible_order(tx, &order.id.into()).await?;
    let decision = decision(tx, &loaded, Action::Unlink)?;
    remove(tx, &loaded, Action::Unlink, &decision).await
}

async fn remove(tx: &mut Tx, loaded: &Loaded, action: Action, decision: &Decision) -> Result<(), AppError> {
    let order = &loaded.order;
    if let Some(state) = decision.resource.state {
        super::apply::set_resource_state(tx, loaded, state).await?;
    }
    if !orders::delete(&tx.db, order.id, order.version).await? {
        return Err(AppError::Conflict);
    }
    super::attachment::forget(tx, order.attachment).await?;
    log(tx, loaded, action, Some(order.state), None, &json!({ "log": decision.log }));
    Ok(())
}
