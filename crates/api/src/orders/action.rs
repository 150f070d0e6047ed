//! Actions without input of their own: each is one decision, and an answer of its own shape (spec 10).

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    Answer,
    orders::{self, Approval},
};
use mercat_domain::order::Action;

use super::OrderTarget;
use crate::{answer, body::Call, error::ApiError, query::UuidPath};

/// Approve an order (consumer)
///
/// Approves a pending order from the consumer's side (e.g., project manager, customer owner). This transitions the
/// order to the next state, which could be pending provider approval or executing.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/approve_by_consumer/", params(UuidPath),
    operation_id = "marketplace_orders_approve_by_consumer", tag = "marketplace-orders",
    responses((status = 200, body = crate::error::Detail<'static>))
)]
pub(crate) async fn approve_by_consumer(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::ApproveByConsumer, approved).await
}

/// Approve an order (provider)
///
/// Approves a pending order from the provider's side. This typically transitions the order to the executing state.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/approve_by_provider/", params(UuidPath),
    operation_id = "marketplace_orders_approve_by_provider", tag = "marketplace-orders",
    responses((status = 200, body = crate::error::Detail<'static>))
)]
pub(crate) async fn approve_by_provider(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::ApproveByProvider, approved).await
}

/// Cancel an order
///
/// Cancels an order. This is typically only possible for certain offering types (e.g., basic support) and in specific
/// states (pending or executing).
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/cancel/", params(UuidPath),
    operation_id = "marketplace_orders_cancel", tag = "marketplace-orders",
    responses((status = 202, description = "No response body"))
)]
pub(crate) async fn cancel(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::Cancel, |_| Ok(answer::empty(StatusCode::ACCEPTED))).await
}

/// Reject an order (consumer)
///
/// Rejects a pending order from the consumer's side. This moves the order to the 'rejected' state.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/reject_by_consumer/", params(UuidPath),
    operation_id = "marketplace_orders_reject_by_consumer", tag = "marketplace-orders",
    responses((status = 200, description = "No response body"))
)]
pub(crate) async fn reject_by_consumer(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::RejectByConsumer, done).await
}

/// Reject an order (provider)
///
/// Rejects a pending order from the provider's side. This moves the order to the 'rejected' state.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/reject_by_provider/", params(UuidPath),
    operation_id = "marketplace_orders_reject_by_provider", tag = "marketplace-orders",
    responses((status = 200, description = "No response body"))
)]
pub(crate) async fn reject_by_provider(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::RejectByProvider, done).await
}

/// Set order state to executing (agent)
///
/// Used by external agents (e.g., site agent) to manually transition the order state to 'executing'. This is only
/// applicable for specific offering types.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_state_executing/", params(UuidPath),
    operation_id = "marketplace_orders_set_state_executing", tag = "marketplace-orders",
    responses((status = 200, description = "No response body"))
)]
pub(crate) async fn set_state_executing(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::SetStateExecuting, done).await
}

/// Set order state to done (agent)
///
/// Used by external agents (e.g., site agent) to manually transition the order state to 'done'. This is only
/// applicable for specific offering types.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_state_done/", params(UuidPath),
    operation_id = "marketplace_orders_set_state_done", tag = "marketplace-orders",
    responses((status = 200, description = "No response body"))
)]
pub(crate) async fn set_state_done(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::SetStateDone, done).await
}

/// Delete a pending order
///
/// Deletes an order that is still in a pending state (e.g., `pending-consumer` or `pending-provider`). Executing or
/// completed orders cannot be deleted.
#[utoipa::path(
    delete, path = "/api/marketplace-orders/{uuid}/", params(UuidPath),
    operation_id = "marketplace_orders_destroy", tag = "marketplace-orders",
    responses((status = 204, description = "No response body"))
)]
pub(crate) async fn destroy(OrderTarget(target): OrderTarget, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    orders::destroy(&mut tx, &target).await?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

/// Unlink an order (staff only)
///
/// Forcefully deletes an order from the database without affecting the backend resource. This is a staff-only
/// administrative action used to clean up stuck or invalid orders.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/unlink/", params(UuidPath),
    operation_id = "marketplace_orders_unlink", tag = "marketplace-orders",
    responses((status = 204, description = "No response body"), (status = 403, description = "No response body"))
)]
pub(crate) async fn unlink(OrderTarget(target): OrderTarget, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    orders::unlink(&mut tx, &target).await?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

async fn act(
    OrderTarget(target): OrderTarget,
    call: Call,
    action: Action,
    shape: fn(Approval) -> Result<Answer, ApiError>,
) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let answer = shape(orders::act(&mut tx, &target, action).await?)?;
    answer::finish(tx, answer).await
}

fn approved(approval: Approval) -> Result<Answer, ApiError> {
    answer::detail(approval.message)
}

#[expect(clippy::unnecessary_wraps, reason = "has the signature of every shape")]
fn done(_: Approval) -> Result<Answer, ApiError> {
    Ok(answer::empty(StatusCode::OK))
}
