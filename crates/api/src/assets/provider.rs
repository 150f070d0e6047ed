//! What providers and their agents report of resources.

use axum::{http::StatusCode, response::Response};
use mercat_app::resources::{self, Report};
use serde_json::json;

use super::{
    consumer::{about, status},
    models::{
        RESOURCE_BACKEND_ID_REQUEST, RESOURCE_BACKEND_METADATA_REQUEST, RESOURCE_ENDPOINTS_REQUEST,
        RESOURCE_OPTIONS_REQUEST, RESOURCE_REPORT_REQUEST, RESOURCE_RESPONSE_STATUS, RESOURCE_SET_LIMITS_REQUEST,
        RESOURCE_SET_STATE_ERRED_REQUEST,
    },
    resources::ShownProviderResources,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    rest::{Exposed, Extent, Gives, Op, PathId, input},
};

async fn set_backend_id(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_BACKEND_ID_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let changed = resources::set_backend_id::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    let told = if changed { "Resource backend_id has been changed." } else { "Resource backend_id is not changed." };
    answer::finish(tx, status(told)?).await
}

async fn set_backend_metadata(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_BACKEND_METADATA_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_backend_metadata::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, status("Resource backend metadata has been changed.")?).await
}

async fn set_limits(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_SET_LIMITS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_limits::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, status("Resource limits have been changed.")?).await
}

async fn set_endpoints(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_ENDPOINTS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_endpoints::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, status("Resource endpoints have been changed.")?).await
}

async fn set_as_ok(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    resources::set_state::<ApiError>(&mut tx, id, Report::Ok, Ok(mercat_app::collection::Input::new()))
        .await
        .map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn set_as_erred(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_SET_STATE_ERRED_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_state::<ApiError>(&mut tx, id, Report::Erred, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn refresh_last_sync(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    resources::refresh_last_sync(&mut tx, id).await.map_err(|error| about(error.into()))?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn submit_report(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_REPORT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::submit_report::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, status("Report is submitted")?).await
}

async fn set_options(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_OPTIONS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_options::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, status("Resource options are submitted")?).await
}

/// Some backends report how far they are with each member; nothing is kept of it.
async fn sync_statuses(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    resources::refresh_last_sync(&mut tx, id).await.map_err(|error| about(error.into()))?;
    let answer = answer::json(StatusCode::OK, &json!({ "status": "Statuses have been noted." }))?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownProviderResources::NAME;
    let at = |rest: &str| format!("{{uuid}}/{rest}/");
    let told = Gives::One(&RESOURCE_RESPONSE_STATUS);
    vec![
        Op::post(tag, &at("set_backend_id"), set_backend_id).takes(&RESOURCE_BACKEND_ID_REQUEST).gives(200, told),
        Op::post(tag, &at("set_backend_metadata"), set_backend_metadata)
            .takes(&RESOURCE_BACKEND_METADATA_REQUEST)
            .gives(200, told),
        Op::post(tag, &at("set_limits"), set_limits).takes(&RESOURCE_SET_LIMITS_REQUEST).gives(200, told),
        Op::post(tag, &at("set_endpoints"), set_endpoints).takes(&RESOURCE_ENDPOINTS_REQUEST).gives(200, told),
        Op::post(tag, &at("set_as_ok"), set_as_ok),
        Op::post(tag, &at("set_as_erred"), set_as_erred).takes(&RESOURCE_SET_STATE_ERRED_REQUEST),
        Op::post(tag, &at("refresh_last_sync"), refresh_last_sync),
        Op::post(tag, &at("submit_report"), submit_report).takes(&RESOURCE_REPORT_REQUEST).gives(200, told),
        Op::post(tag, &at("update_options_direct"), set_options).takes(&RESOURCE_OPTIONS_REQUEST).gives(200, told),
        Op::post(tag, &at("set_membership_sync_statuses"), sync_statuses).gives(200, told),
    ]
}
