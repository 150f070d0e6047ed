//! Orders that change or end a resource (spec 14).

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use mercat_app::{
    AppError, Tx,
    orders::{self, ResourceSide},
};
use mercat_domain::{
    id::{OrderId, PlanId, ResourceId},
    invalid::FieldErrors,
    offering::Limits,
};
use serde_json::{Value, json};

use crate::{
    answer,
    body::{Call, Deferred, Fields, Form, Text},
    error::ApiError,
    link,
    orders::path_id,
    query::UuidPath,
    state::Api,
    wire::{OrderUUID, ResourceSwitchPlanRequest, ResourceTerminateRequest, ResourceUpdateLimitsRequest},
};

const COMMENT: Text = Text { required: false, nullable: true, blank: true, max: Some(255) };

/// The resource of the path.
pub(crate) struct Resource(ResourceId);

impl FromRequestParts<Api> for Resource {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Self::Rejection> {
        Ok(Self(path_id(parts, api).await))
    }
}

/// Order the end of a resource
///
/// Makes an order that ends the resource once it is approved and done.
#[utoipa::path(
    post, path = "/api/marketplace-resources/{uuid}/terminate/", params(UuidPath),
    operation_id = "marketplace_resources_terminate", tag = "marketplace-resources",
    request_body = ResourceTerminateRequest, responses((status = 200, body = OrderUUID))
)]
pub(crate) async fn terminate(resource: Resource, call: Call) -> Result<Response, ApiError> {
    terminate_from(ResourceSide::Consumer, resource, call).await
}

/// Order the end of a resource
///
/// Makes an order that ends the resource once it is approved and done.
#[utoipa::path(
    post, path = "/api/marketplace-provider-resources/{uuid}/terminate/", params(UuidPath),
    operation_id = "marketplace_provider_resources_terminate", tag = "marketplace-provider-resources",
    request_body = ResourceTerminateRequest, responses((status = 200, body = OrderUUID))
)]
pub(crate) async fn terminate_as_provider(resource: Resource, call: Call) -> Result<Response, ApiError> {
    terminate_from(ResourceSide::Provider, resource, call).await
}

async fn terminate_from(side: ResourceSide, resource: Resource, mut call: Call) -> Result<Response, ApiError> {
    let (input, deferred) = Deferred::split(call.form().await.and_then(|form| attributes(&form)));
    let mut tx = call.begin().await?;
    let order = orders::terminate(&mut tx, side, resource.0, input).await;
    answered(tx, order, deferred).await
}

fn attributes(form: &Form) -> Result<Value, ApiError> {
    let mut fields = Fields::of(form);
    let attributes = fields.object("attributes").unwrap_or_else(|| json!({}));
    fields.check()?;
    Ok(attributes)
}

/// Order another plan
///
/// Makes an order that moves the resource to another plan of its offering once it is approved and done.
#[utoipa::path(
    post, path = "/api/marketplace-resources/{uuid}/switch_plan/", params(UuidPath),
    operation_id = "marketplace_resources_switch_plan", tag = "marketplace-resources",
    request_body = ResourceSwitchPlanRequest, responses((status = 200, body = OrderUUID))
)]
pub(crate) async fn switch_plan(resource: Resource, mut call: Call) -> Result<Response, ApiError> {
    let (input, deferred) = Deferred::split(call.form().await.and_then(|form| plan(&form)));
    let mut tx = call.begin().await?;
    let order = orders::switch_plan(&mut tx, resource.0, input).await;
    answered(tx, order, deferred).await
}

fn plan(form: &Form) -> Result<PlanId, ApiError> {
    let mut fields = Fields::of(form);
    let plan = fields.link("plan", link::PLANS, true);
    fields.check()?;
    Ok(plan.unwrap_or_default().into())
}

/// Order other limits
///
/// Makes an order that gives the resource other limits once it is approved and done.
#[utoipa::path(
    post, path = "/api/marketplace-resources/{uuid}/update_limits/", params(UuidPath),
    operation_id = "marketplace_resources_update_limits", tag = "marketplace-resources",
    request_body = ResourceUpdateLimitsRequest, responses((status = 200, body = OrderUUID))
)]
pub(crate) async fn update_limits(resource: Resource, mut call: Call) -> Result<Response, ApiError> {
    let (input, deferred) = Deferred::split(call.form().await.and_then(|form| limits(&form)));
    let mut tx = call.begin().await?;
    let order = orders::update_limits(&mut tx, resource.0, input).await;
    answered(tx, order, deferred).await
}

fn limits(form: &Form) -> Result<(Limits, Option<String>), ApiError> {
    let mut fields = Fields::of(form);
    let limits = fields.limits("limits", true).unwrap_or_default();
    fields.nest("limits", negative(&limits));
    let comment = fields.text("request_comment", COMMENT);
    fields.check()?;
    Ok((limits, comment))
}

/// Here, unlike in a new order, a limit below zero is a mistake of its own.
fn negative(limits: &Limits) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (kind, _) in limits.iter().filter(|(_, limit)| **limit < 0) {
        errors.push(kind.as_str(), "Ensure this value is greater than or equal to 0.");
    }
    errors
}

async fn answered(tx: Tx, order: Result<OrderId, AppError>, deferred: Deferred) -> Result<Response, ApiError> {
    let id = order.map_err(|error| deferred.restore(error).about("Resource"))?;
    let body = OrderUUID { order_uuid: id.into(), uuid: id.into() };
    answer::finish(tx, answer::json(StatusCode::OK, &body)?).await
}

#[cfg(test)]
mod tests {
    use mercat_domain::invalid::Invalid;

    use super::*;

    #[test]
    fn limits_below_zero() {
        let limits: Limits = [("cpu".to_owned(), -1), ("ram".to_owned(), 0)].into();
        let invalid: Invalid = {
            let mut errors = FieldErrors::new();
            errors.nest("limits", negative(&limits));
            errors.into()
        };
        let body = serde_json::to_value(invalid).unwrap();
        assert_eq!(body, json!({"limits": {"cpu": ["Ensure this value is greater than or equal to 0."]}}));
    }
}
