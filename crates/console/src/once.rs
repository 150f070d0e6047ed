//! A form that makes something does so once, however often it is sent: each carries a key of its own.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use mercat_app::{Answer, AppError, Begun, IdempotencyKey, Tx};
use sha2::{Digest as _, Sha256};

use crate::{catalogue::plain, fields::Wrong, form::Form, session::Viewer, site::Site};

/// The longest key that is one of ours.
const LONGEST: usize = 128;

/// Does it and leads to the place that it returns; when this very form did so before, just leads there.
///
/// # Errors
/// What `make` says; [`AppError::KeyReused`] when the form was changed after it was sent, [`AppError::KeyRunning`], or
/// the database failed.
pub(crate) async fn made(
    site: &Site,
    viewer: &Viewer,
    form: &Form<'_>,
    make: impl AsyncFnOnce(&mut Tx) -> Result<String, AppError>,
) -> Result<Response, AppError> {
    let place = match site.app.begin(viewer.actor.clone(), key(form)).await? {
        Begun::Replayed(answer) => String::from_utf8(answer.body).unwrap_or_default(),
        Begun::Fresh(mut tx) => {
            let place = make(&mut tx).await?;
            let answer = Answer { status: 303, headers: Vec::new(), body: place.clone().into_bytes() };
            tx.finish(answer).await?;
            place
        }
    };
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, site.to(&place))]).into_response())
}

/// What the form carries against being sent twice.
pub(crate) fn key(form: &Form<'_>) -> Option<IdempotencyKey> {
    let sent = form.text("key");
    (!sent.is_empty() && sent.len() <= LONGEST)
        .then(|| IdempotencyKey { key: format!("form:{sent}"), request_hash: Sha256::digest(form.to_text()).to_vec() })
}

/// What is said of a form of which nothing came, other than what is wrong with its fields.
///
/// # Errors
/// What is no matter of the form.
pub(crate) fn told(error: AppError) -> Result<(StatusCode, Wrong), AppError> {
    let (status, message) = match &error {
        AppError::Forbidden => {
            (StatusCode::FORBIDDEN, "You may not do this. Somebody who manages the project or its organisation can.")
        }
        AppError::KeyReused => (
            StatusCode::CONFLICT,
            "This form was sent before, with something else in it. Send it again if you want both.",
        ),
        AppError::KeyRunning => {
            (StatusCode::CONFLICT, "This form is just being worked on. Look at your orders before you send it again.")
        }
        AppError::Conflict => (
            StatusCode::CONFLICT,
            "Somebody else changed it this very moment. Nothing was done; look at it and send it again.",
        ),
        AppError::ResourceState(states) => {
            let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
            return Ok((
                StatusCode::CONFLICT,
                plain(&format!("The resource has to be in this state: {}.", names.join(" or "))),
            ));
        }
        AppError::Refused { refusal, .. } => return Ok((crate::page::status_of(refusal), plain(&refusal.to_string()))),
        AppError::State(_) | AppError::InUse { .. } => return Ok((StatusCode::CONFLICT, plain(&error.to_string()))),
        AppError::Invalid(invalid) => return Ok((StatusCode::BAD_REQUEST, Wrong::of(invalid))),
        _ => return Err(error),
    };
    Ok((status, plain(message)))
}
