//! `history/` and `explain/` of an order.

use axum::{
    extract::{FromRequestParts as _, Request, State},
    response::Response,
};
use mercat_app::{
    events::{EventBody, history},
    explain::explain,
    orders::{OrderView, retrieve},
};

use crate::{
    answer,
    error::ApiError,
    orders::OrderTarget,
    rest::{Asked, Gives, Op},
    state::Api,
};

const TAG: &str = "marketplace-orders";

/// The order that is asked about, as the caller sees it.
async fn seen(asked: &Asked, api: &Api, request: Request) -> Result<OrderView, ApiError> {
    let (mut parts, _) = request.into_parts();
    let OrderTarget(target) = OrderTarget::from_request_parts(&mut parts, api).await?;
    Ok(retrieve(&api.app, &asked.actor, &target).await?)
}

async fn past(asked: Asked, State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let order = seen(&asked, &api, request).await?;
    let events = history(&api.app, &order).await?;
    answer::read(&events.iter().map(EventBody::from).collect::<Vec<_>>())
}

async fn why(asked: Asked, State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let order = seen(&asked, &api, request).await?;
    answer::read(&explain(&api.app, &asked.actor, &order).await?)
}

pub(super) fn operations() -> Vec<Op> {
    vec![
        Op::get(TAG, "{uuid}/history/", past).gives(200, Gives::Json).says("What happened to the order, oldest first"),
        Op::get(TAG, "{uuid}/explain/", why)
            .gives(200, Gives::Json)
            .says("Whom the order waits for and since when, what comes next, and what the caller may do and why not"),
    ]
}
