//! Answers: those that are stored under an idempotency key, and plain ones for reads.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mercat_app::{Answer, AppError, Tx};
use serde::Serialize;

use crate::error::{ApiError, Detail};

/// The header of a JSON body.
pub(crate) const JSON: [(HeaderName, HeaderValue); 1] =
    [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];

/// A read's answer: the value as JSON, status 200.
pub(crate) fn read(value: &impl Serialize) -> Result<Response, ApiError> {
    Ok((JSON, bytes(value)?).into_response())
}

/// A value as JSON.
pub(crate) fn bytes(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(|e| AppError::Internal(format!("an answer could not be written: {e}")).into())
}

/// A change's answer with a JSON body.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Result<Answer, ApiError> {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Ok(Answer { status: status.as_u16(), headers, body: bytes(value)? })
}

/// A change's answer `{"detail": …}`.
pub(crate) fn detail(text: &str) -> Result<Answer, ApiError> {
    json(StatusCode::OK, &Detail { detail: text })
}

/// A change's answer of zero bytes.
pub(crate) fn empty(status: StatusCode) -> Answer {
    Answer { status: status.as_u16(), headers: Vec::new(), body: Vec::new() }
}

/// Commits the change and answers.
pub(crate) async fn finish(tx: Tx, answer: Answer) -> Result<Response, ApiError> {
    Ok(into_response(tx.finish(answer).await?))
}

/// Commits the change and answers with a secret, which is kept nowhere.
pub(crate) async fn finish_secret(tx: Tx, answer: Answer) -> Result<Response, ApiError> {
    Ok(into_response(tx.finish_secret(answer).await?))
}

/// The stored form as an answer; headers that are none are left out.
pub(crate) fn into_response(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    let pairs = answer.headers.into_iter();
    let pairs = pairs.filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, value.try_into().ok()?)));
    response.headers_mut().extend::<Vec<(HeaderName, HeaderValue)>>(pairs.collect());
    response
}
