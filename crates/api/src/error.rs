//! Everything that ends a request early, and how it is answered (spec 3.2).

use std::borrow::Cow;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use mercat_app::{Answer, AppError, StoreError};
use mercat_domain::{
    invalid::Invalid,
    order::{Advice, Refusal},
};
use serde::Serialize;

use crate::answer;

/// Who could do what was refused, in plain ASCII.
pub(crate) const WHO: HeaderName = HeaderName::from_static("x-mercat-who");
/// What would unblock what was refused, in plain ASCII.
pub(crate) const UNBLOCKS: HeaderName = HeaderName::from_static("x-mercat-unblocks");

/// Seconds after which a caller may try again when the database had no connection.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a handler stopped. `?` brings it to the caller, whatever it is.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// A use case refused or failed.
    App(AppError),
    /// A status with `{"detail": …}`.
    Detail(StatusCode, Cow<'static, str>),
    /// Who the caller is could not be told.
    Unauthorized(Cow<'static, str>),
    /// No fault: the request was answered before under its idempotency key, and this is that answer.
    Replayed(Answer),
}

/// What happened, in a sentence.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Detail<'a> {
    pub detail: &'a str,
}

impl<E: Into<AppError>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

impl ApiError {
    /// A status with `{"detail": …}`.
    pub fn detail(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Detail(status, text.into())
    }

    /// An object that is not there or not for the caller's eyes; `kind` is Waldur's name for it.
    pub fn missing(kind: &str) -> Self {
        Self::detail(StatusCode::NOT_FOUND, format!("No {kind} matches the given query."))
    }

    /// A body that did not come.
    pub fn unsent() -> Self {
        Self::detail(StatusCode::REQUEST_TIMEOUT, "The request body was not sent in time.")
    }

    /// A path that leads nowhere.
    pub fn no_route() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// A method that the route does not have.
    pub fn method(method: &Method) -> Self {
        Self::detail(StatusCode::METHOD_NOT_ALLOWED, format!("Method \"{method}\" not allowed."))
    }

    /// Replaces the words for a missing order where another kind of object is meant.
    pub fn about(self, kind: &str) -> Self {
        match self {
            Self::App(AppError::NotFound) => Self::missing(kind),
            other => other,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::App(error) => app_error(error),
            Self::Detail(status, text) => detail(status, &text),
            Self::Unauthorized(text) => {
                let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Token"))];
                (challenge, detail(StatusCode::UNAUTHORIZED, &text)).into_response()
            }
            Self::Replayed(stored) => ([("idempotent-replay", "true")], answer::into_response(stored)).into_response(),
        }
    }
}

/// `{"detail": …}` as an answer.
pub(crate) fn detail(status: StatusCode, text: &str) -> Response {
    json(status, &Detail { detail: text })
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, answer::JSON, body).into_response(),
        Err(error) => fault(&error),
    }
}

fn app_error(error: AppError) -> Response {
    const FORBIDDEN: &str = "You do not have permission to perform this action.";
    match error {
        AppError::NotFound => detail(StatusCode::NOT_FOUND, "No Order matches the given query."),
        AppError::NoAttachment => StatusCode::NOT_FOUND.into_response(),
        AppError::Refused { refusal, advice } => (advised(&advice), refused(&refusal)).into_response(),
        AppError::ResourceState(states) => {
            let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
            detail(StatusCode::CONFLICT, &format!("Valid states for operation: {}.", names.join(", ")))
        }
        AppError::Forbidden => detail(StatusCode::FORBIDDEN, FORBIDDEN),
        AppError::Invalid(invalid) => json(StatusCode::BAD_REQUEST, &invalid),
        error @ (AppError::InUse { .. } | AppError::State(_)) => detail(StatusCode::CONFLICT, &error.to_string()),
        AppError::BadCredentials => detail(StatusCode::UNAUTHORIZED, &AppError::BadCredentials.to_string()),
        error @ AppError::Throttled(seconds) => {
            ([(header::RETRY_AFTER, seconds)], detail(StatusCode::TOO_MANY_REQUESTS, &error.to_string()))
                .into_response()
        }
        AppError::Store(StoreError::InUse(reason)) => {
            tracing::info!(%reason, "a deletion was refused by the database");
            detail(StatusCode::CONFLICT, "Cannot delete object with existing related objects")
        }
        AppError::Conflict => {
            detail(StatusCode::CONFLICT, "The object was changed by somebody else meanwhile. Try again.")
        }
        AppError::KeyRunning => detail(StatusCode::CONFLICT, "A request with this Idempotency-Key is still running."),
        AppError::KeyReused => {
            let text = "This Idempotency-Key was already used for another request.";
            detail(StatusCode::UNPROCESSABLE_ENTITY, text)
        }
        AppError::TooLarge(limit) => {
            let text = format!("The submitted file is too large. The maximum size is {limit} bytes.");
            json(StatusCode::BAD_REQUEST, &Invalid::field("attachment", text))
        }
        AppError::BrokenUpload(reason) => {
            detail(StatusCode::BAD_REQUEST, &format!("Multipart form parse error - {reason}"))
        }
        AppError::Store(error) => store_error(&error),
        AppError::Internal(reason) => fault(&reason),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::Forbidden { .. } => StatusCode::FORBIDDEN,
        Refusal::WrongState { .. } => StatusCode::CONFLICT,
        Refusal::UnsupportedType { .. } => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::Rule(message) => return json(StatusCode::BAD_REQUEST, &Invalid::plain(message.as_str())),
    };
    detail(status, &refusal.to_string())
}

/// The advice stands in headers, because the body has to be Waldur's to the letter.
fn advised(advice: &Advice) -> HeaderMap {
    let texts = [(WHO, &advice.who), (UNBLOCKS, &advice.unblocks)];
    texts.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::try_from(ascii(text)).ok()?))).collect()
}

/// Names of projects and offerings may hold any letter; a header may not.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect()
}

fn store_error(error: &StoreError) -> Response {
    if let StoreError::Unavailable(reason) = error {
        tracing::error!(%reason, "the database is not available");
        let text = "The database is not available. Try again later.";
        return ([(header::RETRY_AFTER, RETRY_AFTER)], detail(StatusCode::SERVICE_UNAVAILABLE, text)).into_response();
    }
    if let StoreError::Full(reason) = error {
        tracing::error!(%reason, "nothing can be written");
        let text =
            "The service has no room to write. What is there can be read; changes have to wait for its operators.";
        return detail(StatusCode::INSUFFICIENT_STORAGE, text);
    }
    fault(error)
}

/// A fault of ours: told once to the log, and nothing of it to the caller.
pub(crate) fn fault(error: &impl std::fmt::Display) -> Response {
    tracing::error!(%error, "the request failed");
    detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_fits_into_headers() {
        let advice = Advice { who: "Holders on the project Ångström\n".to_owned(), unblocks: String::new() };
        let headers = advised(&advice);
        assert_eq!(headers[&WHO], "Holders on the project ?ngstr?m?");
        assert_eq!(headers[&UNBLOCKS], "");
    }

    #[test]
    fn statuses() {
        let unavailable = || AppError::Store(StoreError::Unavailable("pool".to_owned()));
        let cases: [(AppError, u16); 12] = [
            (AppError::NotFound, 404),
            (AppError::NoAttachment, 404),
            (AppError::Forbidden, 403),
            (AppError::Conflict, 409),
            (AppError::KeyRunning, 409),
            (AppError::KeyReused, 422),
            (AppError::TooLarge(1), 400),
            (AppError::BrokenUpload(String::new()), 400),
            (Invalid::plain("no").into(), 400),
            (unavailable(), 503),
            (AppError::Store(StoreError::Full("disk".to_owned())), 507),
            (AppError::Internal("secret".to_owned()), 500),
        ];
        for (error, status) in cases {
            let shown = format!("{error:?}");
            assert_eq!(ApiError::App(error).into_response().status(), status, "{shown}");
        }
        assert_eq!(ApiError::App(unavailable()).into_response().headers()[header::RETRY_AFTER], "5");
    }
}
