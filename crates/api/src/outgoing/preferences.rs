//! `/api/notification-preferences/`: how the caller wants mail.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use mercat_app::notices;
use serde_json::json;

use super::models::PREFERENCES;
use crate::{
    answer,
    body::Call,
    error::ApiError,
    rest::{Asked, Extent, Gives, Op, input},
};

const TAG: &str = "notification-preferences";

async fn show(asked: Asked) -> Result<Response, ApiError> {
    let mode = notices::preference(&asked.api.app, &asked.actor).await?;
    answer::read(&json!({ "mail": mode }))
}

async fn set(mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &PREFERENCES, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let input = input?;
    let wish = input.get("mail").and_then(|mode| mode.as_str()?.parse().ok());
    let mode = notices::set_preference(&mut tx, wish).await?;
    let answer = answer::json(StatusCode::OK, &json!({ "mail": mode }))?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    vec![
        Op::get(TAG, "", show).gives(200, Gives::One(&PREFERENCES)).says("How the caller wants mail"),
        Op::new(Method::PUT, TAG, "", set)
            .suffix("_update")
            .takes(&PREFERENCES)
            .gives(200, Gives::One(&PREFERENCES))
            .says("Set how the caller wants mail: each as it comes, all of a day in one, or none"),
    ]
}
