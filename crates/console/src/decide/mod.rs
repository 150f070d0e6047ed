//! The page behind the link of a mail. Opening it decides nothing, however often and whoever does; its buttons do.

mod standing;
mod view;

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

use crate::{
    form::{self, Form},
    order::notice::Notice,
    page,
    site::Site,
};

/// Shows the order of a link.
pub(crate) async fn show(State(Site { app, .. }): State<Site>, token: Result<Path<String>, PathError>) -> Response {
    let Ok(Path(token)) = token else { return page::UNKNOWN.answer() };
    match look(&app, &token).await {
        Ok(found) => shown(&app, StatusCode::OK, &found, standing::notice(&found)).await,
        Err(error) => page::failed(&error),
    }
}

/// Decides, and leads back to the page, which then says so.
pub(crate) async fn decide(
    State(Site { app, .. }): State<Site>,
    token: Result<Path<String>, PathError>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return page::UNKNOWN.answer() };
    let wish = match form::read(&headers, &body).map(|form| wish(&form)) {
        Ok(Some(wish)) => wish,
        Ok(None) => return page::BAD_FORM.answer(),
        Err(message) => return message.answer(),
    };
    match links::decide(&app, &token, wish).await {
        // Relative, because a proxy may have put something before the path.
        Ok(_) => (StatusCode::SEE_OTHER, [(header::LOCATION, "./")]).into_response(),
        Err(error) => not_decided(&app, &token, wish, error).await,
    }
}

fn wish(form: &Form<'_>) -> Option<Wish> {
    match form.text("decision") {
        "approve" => Some(Wish::Approve),
        "reject" => Some(Wish::Reject),
        _ => None,
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
            (page::status_of(&refusal), Some(Notice::refused(not_done(wish), &refusal.to_string(), Some(&advice))))
        }
        AppError::Forbidden => (StatusCode::FORBIDDEN, Some(Notice::refused(not_done(wish), &error.to_string(), None))),
        AppError::Invalid(invalid) => {
            (StatusCode::BAD_REQUEST, Some(Notice::refused(not_done(wish), &page::in_words(&invalid), None)))
        }
        other => return page::failed(&other),
    };
    match look(app, token).await {
        Ok(found) => {
            let notice = refused.or_else(|| Some(standing::conflict(&found)));
            shown(app, status, &found, notice).await
        }
        Err(error) => page::failed(&error),
    }
}

const fn not_done(wish: Wish) -> &'static str {
    match wish {
        Wish::Approve => "This order was not approved",
        Wish::Reject => "This order was not rejected",
    }
}

async fn shown(app: &App, status: StatusCode, found: &Decidable, notice: Option<Notice>) -> Response {
    match view::page(app, found, notice).await {
        Ok(view) => page::answer(status, &view),
        Err(error) => page::failed(&error),
    }
}
