//! What portals ask on every page, although nothing of it is kept here, and what newer clients ask of orders.

use axum::{extract::FromRequestParts as _, http::Method, response::Response};
use mercat_app::orders;

use crate::{
    assets,
    error::ApiError,
    orders::OrderTarget,
    rest::{Asked, Gives, Op, PathId},
    state::Api,
};

/// A list without entries.
async fn nothing(asked: Asked) -> Result<Response, ApiError> {
    asked.empty_list()
}

/// An object that is not there.
async fn missing(PathId(_): PathId) -> Result<Response, ApiError> {
    Err(ApiError::missing("RemoteProjectUpdateRequest"))
}

/// The resource of an order that the caller sees, even where the resource itself is hidden from them.
async fn resource_of(
    asked: Asked,
    axum::extract::State(api): axum::extract::State<Api>,
    request: axum::extract::Request,
) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    let OrderTarget(target) = OrderTarget::from_request_parts(&mut parts, &api).await?;
    let order = orders::retrieve(&api.app, &asked.actor, &target).await?;
    assets::shown_resource(&asked, order.row.resource_id).await
}

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    let requests = "marketplace-project-update-requests";
    vec![
        Op::new(Method::GET, requests, "", nothing).suffix("_list").gives(200, Gives::Json),
        Op::new(Method::HEAD, requests, "", nothing).suffix("_count"),
        Op::get(requests, "{uuid}/", missing).gives(200, Gives::Json),
        Op::get("marketplace-orders", "{uuid}/resource/", resource_of).gives(200, Gives::One(&assets::RESOURCE)),
    ]
}
