//! What the provider's side reports about an order (spec 10.13, 10.14).

use axum::{http::StatusCode, response::Response};
use mercat_app::orders;

use super::OrderTarget;
use crate::{
    answer,
    body::{Call, Deferred, Fields, Form, Text},
    error::ApiError,
    query::UuidPath,
    wire::{OrderBackendIDRequest, OrderSetStateErredRequest, Status},
};

const ERROR: Text = Text { required: false, nullable: false, blank: true, max: None };
const BACKEND_ID: Text = Text { required: true, nullable: false, blank: false, max: Some(255) };

/// Report that an order failed
///
/// The provider's agent gives up and says why. In every state the texts are kept.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_state_erred/", params(UuidPath),
    operation_id = "marketplace_orders_set_state_erred", tag = "marketplace-orders",
    request_body = OrderSetStateErredRequest, responses((status = 200, description = "Done; the answer is empty."))
)]
pub(crate) async fn set_state_erred(OrderTarget(target): OrderTarget, mut call: Call) -> Result<Response, ApiError> {
    let (input, deferred) = Deferred::split(call.form().await.and_then(|form| error_texts(&form)));
    let mut tx = call.begin().await?;
    orders::set_erred(&mut tx, &target, input).await.map_err(|error| deferred.restore(error))?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

fn error_texts(form: &Form) -> Result<(String, String), ApiError> {
    let mut fields = Fields::of(form);
    let mut text = |name| fields.text(name, ERROR).unwrap_or_default();
    let texts = (text("error_message"), text("error_traceback"));
    fields.check()?;
    Ok(texts)
}

/// Note the provider's own id
///
/// Ties the order to its counterpart in the provider's own system. The resource keeps its own backend id.
#[utoipa::path(
    post, path = "/api/marketplace-orders/{uuid}/set_backend_id/", params(UuidPath),
    operation_id = "marketplace_orders_set_backend_id", tag = "marketplace-orders",
    request_body = OrderBackendIDRequest, responses((status = 200, body = Status))
)]
pub(crate) async fn set_backend_id(OrderTarget(target): OrderTarget, mut call: Call) -> Result<Response, ApiError> {
    let (input, deferred) = Deferred::split(call.form().await.and_then(|form| backend_id(&form)));
    let mut tx = call.begin().await?;
    let changed = orders::set_backend_id(&mut tx, &target, input).await.map_err(|error| deferred.restore(error))?;
    let status = if changed { "Order backend_id has been changed." } else { "Order backend_id is not changed." };
    answer::finish(tx, answer::json(StatusCode::OK, &Status { status })?).await
}

fn backend_id(form: &Form) -> Result<String, ApiError> {
    let mut fields = Fields::of(form);
    let id = fields.text("backend_id", BACKEND_ID).unwrap_or_default();
    fields.check()?;
    Ok(id)
}
