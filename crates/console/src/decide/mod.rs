//! The page behind the link of a mail. Opening it decides nothing, however often and whoever does; its buttons do.

mod facts;
mod form;
mod notice;
mod timeline;
mod view;
mod words;

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use mercat_app::{
    App, AppError,
    decide::{self as links, Decidable, Wish},
};
use mercat_domain::order::Refusal;

use crate::page;
use notice::Notice;

/// Shows the order of a link.
pub(crate) async fn show(State(app): State<App>, token: Result<Path<String>, PathError>) -> Response {
    let Ok(Path(token)) = token else { return page::UNKNOWN.answer() };
    match look(&app, &token).await {
        Ok(found) => shown(&app, StatusCode::OK, &found, notice::standing(&found)).await,
        Err(error) => page::failed(&error),
    }
}

/// Decides, and leads back to the page, which then says so.
pub(crate) async fn decide(
    State(app): State<App>,
    token: Result<Path<String>, PathError>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return page::UNKNOWN.answer() };
    let wish = match form::wish(&headers, body) {
        Ok(wish) => wish,
        Err(message) => return message.answer(),
    };
    match links::decide(&app, &token, wish).await {
        // Relative, because a proxy may have put something before the path.
        Ok(_) => (StatusCode::SEE_OTHER, [(header::LOCATION, "./")]).into_response(),
        Err(error) => not_decided(&app, &token, wish, error).await,
    }
}

type PathError = axum::extract::rejection::PathRejection;

async fn look(app: &App, token: &str) -> Result<Decidable, AppError> {
    let found = links::look(app, token).await?;
    tracing::Span::current().record("user", tracing::field::display(found.actor.id));
    Ok(found)
}

/// The order as it is now, and why nothing was decided.
async fn not_decided(app: &App, token: &str, wish: Wish, error: AppError) -> Response {
    let (status, refused) = match error {
        AppError::Conflict => (StatusCode::CONFLICT, None),
        AppError::Refused { refusal, advice } => {
            (status_of(&refusal), Some(Notice::refused(wish, &refusal.to_string(), Some(&advice))))
        }
        AppError::Forbidden => (StatusCode::FORBIDDEN, Some(Notice::refused(wish, &error.to_string(), None))),
        AppError::Invalid(invalid) => (StatusCode::BAD_REQUEST, Some(Notice::refused(wish, &in_words(&invalid), None))),
        other => return page::failed(&other),
    };
    match look(app, token).await {
        Ok(found) => {
            let notice = refused.or_else(|| Some(notice::conflict(&found)));
            shown(app, status, &found, notice).await
        }
        Err(error) => page::failed(&error),
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Forbidden { .. } => StatusCode::FORBIDDEN,
        Refusal::WrongState { .. } => StatusCode::CONFLICT,
        Refusal::UnsupportedType { .. } | Refusal::Rule(_) => StatusCode::BAD_REQUEST,
    }
}

/// The texts of what is wrong, without the names of the fields.
fn in_words(invalid: &mercat_domain::invalid::Invalid) -> String {
    fn texts(value: &serde_json::Value, all: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => all.push(text.clone()),
            serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, all)),
            serde_json::Value::Object(values) => values.values().for_each(|value| texts(value, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    texts(&serde_json::to_value(invalid).unwrap_or_default(), &mut all);
    all.join(" ")
}

async fn shown(app: &App, status: StatusCode, found: &Decidable, notice: Option<Notice>) -> Response {
    match view::page(app, found, notice).await {
        Ok(view) => page::answer(status, &view),
        Err(error) => page::failed(&error),
    }
}
