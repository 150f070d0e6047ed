//! Actions without input of their own: each is one decision, and an answer of its own shape (spec 10).

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    Answer,
    orders::{self, Approval},
};
use mercat_domain::order::Action;

use super::OrderTarget;
use crate::{answer, body::Call, error::ApiError, query::UuidPath};

/// Approve for the consumer
///
/// The consumer's side agrees. The order goes on to the provider, to its start date, or into execution.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/approve_by_consumer/", params(UuidPath),
    operation_id = "marketplace_orders_approve_by_consumer", tag = "marketplace-orders",
    responses((status = 200, body = crate::error::Detail<'static>))
)]
pub(crate) async fn approve_by_consumer(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::ApproveByConsumer, approved).await
}

/// Approve for the provider
///
/// The provider's side agrees. The order is executed, or waits for its start date.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/approve_by_provider/", params(UuidPath),
    operation_id = "marketplace_orders_approve_by_provider", tag = "marketplace-orders",
    responses((status = 200, body = crate::error::Detail<'static>))
)]
pub(crate) async fn approve_by_provider(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::ApproveByProvider, approved).await
}

/// Withdraw an order
///
/// Calls an order off that is not finished; only for offerings that people fulfil by hand.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/cancel/", params(UuidPath),
    operation_id = "marketplace_orders_cancel", tag = "marketplace-orders",
    responses((status = 202, description = "Done; the answer is empty."))
)]
pub(crate) async fn cancel(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::Cancel, |_| Ok(answer::empty(StatusCode::ACCEPTED))).await
}

/// Refuse for the consumer
///
/// The consumer's side says no; the order is over.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/reject_by_consumer/", params(UuidPath),
    operation_id = "marketplace_orders_reject_by_consumer", tag = "marketplace-orders",
    responses((status = 200, description = "Done; the answer is empty."))
)]
pub(crate) async fn reject_by_consumer(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::RejectByConsumer, done).await
}

/// Refuse for the provider
///
/// The provider's side says no; the order is over.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/reject_by_provider/", params(UuidPath),
    operation_id = "marketplace_orders_reject_by_provider", tag = "marketplace-orders",
    responses((status = 200, description = "Done; the answer is empty."))
)]
pub(crate) async fn reject_by_provider(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::RejectByProvider, done).await
}

/// Take an order up
///
/// The provider's agent begins, or begins again after a failure. Approvals that are missing are passed over.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_state_executing/", params(UuidPath),
    operation_id = "marketplace_orders_set_state_executing", tag = "marketplace-orders",
    responses((status = 200, description = "Done; the answer is empty."))
)]
pub(crate) async fn set_state_executing(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::SetStateExecuting, done).await
}

/// Report that an order is fulfilled
///
/// The provider's agent, or the provider by hand, says that the work is done; the resource follows.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_state_done/", params(UuidPath),
    operation_id = "marketplace_orders_set_state_done", tag = "marketplace-orders",
    responses((status = 200, description = "Done; the answer is empty."))
)]
pub(crate) async fn set_state_done(target: OrderTarget, call: Call) -> Result<Response, ApiError> {
    act(target, call, Action::SetStateDone, done).await
}

/// Delete an undecided order
///
/// Takes an order away that still waits for one of the two approvals.
#[utoipa::path(
    delete, path = "/api/marketplace-orders/{uuid}/", params(UuidPath),
    operation_id = "marketplace_orders_destroy", tag = "marketplace-orders",
    responses((status = 204, description = "Done; the answer is empty."))
)]
pub(crate) async fn destroy(OrderTarget(target): OrderTarget, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    orders::destroy(&mut tx, &target).await?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

/// Take a record away (staff)
///
/// Staff takes the record of an order away, whatever its state; the resource stays as it is.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/unlink/", params(UuidPath),
    operation_id = "marketplace_orders_unlink", tag = "marketplace-orders",
    responses((status = 204, description = "Done; the answer is empty."), (status = 403, description = "Done; the answer is empty."))
)]
pub(crate) async fn unlink(target: Result<OrderTarget, ApiError>, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    orders::unlink_allowed(&tx)?;
    let OrderTarget(target) = target?;
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
