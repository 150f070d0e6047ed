//! `history/` and `explain/` of an order.

use axum::{
    extract::{FromRequestParts as _, Request, State},
    response::Response,
};
use mercat_app::{
    events::{EventBody, history},
    explain,
};

use crate::{
    answer,
    error::ApiError,
    orders::OrderTarget,
    rest::{Asked, Gives, Op},
    state::Api,
};

const TAG: &str = "marketplace-orders";

async fn target(api: &Api, request: Request) -> Result<mercat_app::orders::Target, ApiError> {
    let (mut parts, _) = request.into_parts();
    let OrderTarget(target) = OrderTarget::from_request_parts(&mut parts, api).await?;
    Ok(target)
}

async fn past(asked: Asked, State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let target = target(&api, request).await?;
    let events = history(&api.app, &asked.actor, &target).await?;
    answer::read(&events.iter().map(EventBody::from).collect::<Vec<_>>())
}

async fn why(asked: Asked, State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let target = target(&api, request).await?;
    answer::read(&explain::explain(&api.app, &asked.actor, &target).await?)
}

pub(super) fn operations() -> Vec<Op> {
    vec![
        Op::get(TAG, "{uuid}/history/", past).gives(200, Gives::Json).says("What happened to the order, oldest first"),
        Op::get(TAG, "{uuid}/explain/", why)
            .gives(200, Gives::Json)
            .says("Whom the order waits for and since when, what comes next, and what the caller may do and why not"),
    ]
}
