//! A request that changes something: who asks, what was sent, and under which idempotency key.

use std::collections::HashMap;

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, request::Parts},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use mercat_app::{App, Begun, IdempotencyKey, Picture, Tx, auth::Identity};
use sha2::{Digest as _, Sha256};

use super::Form;
use crate::{error::ApiError, state::Api};

/// The header with the key.
pub(crate) const KEY: &str = "idempotency-key";
const MAX_KEY: usize = 255;

/// Whoever sent the request; put into its extensions by the guard in front of every route.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub std::sync::Arc<Identity>);

impl FromRequestParts<Api> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| ApiError::Unauthorized("Authentication credentials were not provided.".into()))
    }
}

/// The start of a change: everything but its content.
pub(crate) struct Start {
    app: App,
    caller: Caller,
    key: Option<String>,
    hash: Sha256,
}

impl Start {
    /// Reads who, how and under which key.
    pub fn of(parts: &Parts, api: &Api, caller: Caller) -> Result<Self, ApiError> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let hash = Sha256::new().chain_update(parts.method.as_str()).chain_update("\n").chain_update(path);
        Ok(Self { app: api.app.clone(), caller, key: key(&parts.headers)?, hash: hash.chain_update("\n") })
    }

    /// Opens the change. A request that was answered before under its key ends here with that answer.
    ///
    /// # Errors
    /// [`ApiError::Replayed`], or as [`App::begin`].
    pub async fn begin(self, content: &[u8]) -> Result<Tx, ApiError> {
        let request_hash = self.hash.chain_update(content).finalize().to_vec();
        let key = self.key.map(|key| IdempotencyKey { key, request_hash });
        match self.app.begin(self.caller.0.actor.clone(), key).await? {
            Begun::Fresh(tx) => Ok(tx.impersonated_by(self.caller.0.impersonator)),
            Begun::Replayed(answer) => Err(ApiError::Replayed(answer)),
        }
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    match value.to_str().map(str::trim) {
        Ok(text) if (1..=MAX_KEY).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => {
            let text = format!("The Idempotency-Key header must have 1 to {MAX_KEY} visible ASCII characters.");
            Err(ApiError::detail(StatusCode::BAD_REQUEST, text))
        }
    }
}

/// A request with its body read, but not yet looked into: what is wrong with the body matters only after the checks
/// that come before it (spec 3.1).
pub(crate) struct Call {
    start: Start,
    parts: Parts,
    content: Bytes,
    unreadable: Option<ApiError>,
    pictures: HashMap<String, Picture>,
}

impl FromRequest<Api> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Api) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, api).await?;
        let start = Start::of(&parts, api, caller)?;
        let (content, unreadable) = match collect(body, api.config.max_body_bytes).await {
            Ok(content) => (content, None),
            Err(error) => (Bytes::new(), Some(error)),
        };
        Ok(Self { start, parts, content, unreadable, pictures: HashMap::new() })
    }
}

impl Call {
    /// The fields of the body.
    ///
    /// # Errors
    /// Too large, broken off, of an unknown type, or malformed.
    pub async fn form(&mut self) -> Result<Form, ApiError> {
        match self.unreadable.take() {
            Some(error) => Err(error),
            None => Form::read(&self.parts, self.content.clone()).await,
        }
    }

    /// Keeps the pictures of the body, by the column that each is for, for the change that it asks for.
    pub fn bring(&mut self, pictures: HashMap<String, Picture>) {
        self.pictures = pictures;
    }

    /// What is left when the body has been dealt with.
    pub(super) fn into_start(self) -> Start {
        self.start
    }

    /// Opens the change; see [`Start::begin`].
    pub async fn begin(self) -> Result<Tx, ApiError> {
        let mut tx = self.start.begin(&self.content).await?;
        tx.bring(self.pictures);
        Ok(tx)
    }
}

/// The fields of a request that changes nothing and is not repeated.
///
/// # Errors
/// As [`Call::form`].
pub(crate) async fn read_form(request: Request, limit: usize) -> Result<Form, ApiError> {
    let (parts, body) = request.into_parts();
    Form::read(&parts, collect(body, limit).await?).await
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let text = format!("The request body is larger than {limit} bytes.");
            Err(ApiError::detail(StatusCode::PAYLOAD_TOO_LARGE, text))
        }
        Err(error) => {
            tracing::debug!(%error, "a body was not sent to its end");
            Err(ApiError::unsent())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let long = "k".repeat(256);
        let cases = [
            (None, Some(None)),
            (Some("a"), Some(Some("a"))),
            (Some(&long[..255]), Some(Some(&long[..255]))),
            (Some(""), None),
            (Some("  "), None),
            (Some(&long[..]), None),
        ];
        for (value, expected) in cases {
            let headers =
                value.iter().map(|v| (axum::http::HeaderName::from_static(KEY), v.parse().unwrap())).collect();
            assert_eq!(key(&headers).ok().as_ref().map(Option::as_deref), expected, "{value:?}");
        }
    }
}
