//! Signing in and out.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use mercat_app::{
    AppError,
    structure::{sign_in_browser, sign_in_browser_as, sign_in_browser_by_token, sign_out},
};

use super::{cookie, elsewhere, kept::offer, secret};
use crate::{
    form::{self, Form},
    frame::Frame,
    page,
    site::{DemoPerson, Site},
};

/// The page for signing in. The password and the token are never given back.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    frame: Frame<'a>,
    username: String,
    next: String,
    /// What was sent before, as a form is encoded.
    kept: String,
    /// What was wrong, and beside which field.
    wrong: Option<Wrong>,
    people: &'a [DemoPerson],
    /// Another service by which people sign in: its name and where that begins.
    elsewhere: Option<(&'a str, String)>,
}

struct Wrong {
    /// Whether it was about the token.
    is_token: bool,
    text: String,
}

impl Page<'_> {
    fn answer(
        site: &Site,
        status: StatusCode,
        username: &str,
        next: &str,
        kept: &str,
        wrong: Option<Wrong>,
    ) -> Response {
        let [username, next, kept] = [username, next, kept].map(str::to_owned);
        let (frame, people) = (Frame::for_anybody(site), &site.people);
        let elsewhere = site.elsewhere.as_deref().map(|other| (other.title(), elsewhere::address(site, &next)));
        page::answer(status, &Page { frame, username, next, kept, wrong, people, elsewhere })
    }
}

/// Asks somebody to sign in who sent a form to a path.
pub(super) fn ask(site: &Site, next: &str, kept: &str) -> Response {
    Page::answer(site, StatusCode::UNAUTHORIZED, "", next, kept, None)
}

/// The page.
pub(crate) async fn show(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let form = Form::of(query.as_bytes());
    Page::answer(&site, StatusCode::OK, "", form.text("next"), "", None)
}

/// Signs in; the session that the browser had ends.
pub(crate) async fn enter(
    State(site): State<Site>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    let (username, token, person) = (form.text("username").trim(), form.text("token").trim(), form.text("as"));
    let (next, kept) = (form.text("next"), form.text("kept"));
    let app = &site.app;
    let is_token = !token.is_empty();
    let result = if site.people.iter().any(|known| known.username == person) {
        sign_in_browser_as(app, person).await
    } else if is_token {
        sign_in_browser_by_token(app, token).await
    } else {
        sign_in_browser(app, username, form.text("password").to_owned()).await
    };
    let wrong =
        |status, text: String| Page::answer(&site, status, username, next, kept, Some(Wrong { is_token, text }));
    match result {
        Ok(new) => {
            if let Err(error) = end(&site, &headers).await {
                return page::failed(&error);
            }
            entered(&site, &new, next, kept)
        }
        Err(AppError::BadCredentials) if is_token => {
            wrong(StatusCode::UNAUTHORIZED, "This token is not known, or its time is over.".to_owned())
        }
        Err(AppError::BadCredentials) => {
            wrong(StatusCode::UNAUTHORIZED, "The user name or the password is wrong.".to_owned())
        }
        Err(AppError::Throttled(seconds)) => wrong(
            StatusCode::TOO_MANY_REQUESTS,
            format!("There were too many attempts with this name. Try again in {seconds} seconds."),
        ),
        Err(error) => page::failed(&error),
    }
}

pub(super) fn entered(site: &Site, secret: &str, next: &str, kept: &str) -> Response {
    let next = if is_path(next) { next } else { "/" };
    if kept.is_empty() {
        return led(site.to(next), cookie(site, secret));
    }
    ([(header::SET_COOKIE, cookie(site, secret))], offer(site, next, kept)).into_response()
}

fn led(place: HeaderValue, cookie: HeaderValue) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, place), (header::SET_COOKIE, cookie)]).into_response()
}

/// Whether it leads to this site only.
fn is_path(next: &str) -> bool {
    next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t'])
}

pub(super) async fn end(site: &Site, headers: &HeaderMap) -> Result<(), AppError> {
    match secret(headers) {
        Some(secret) => sign_out(&site.app, secret).await,
        None => Ok(()),
    }
}

/// Signs out: the token is worth nothing any more.
pub(crate) async fn leave(State(site): State<Site>, headers: HeaderMap) -> Response {
    match end(&site, &headers).await {
        Ok(()) => led(site.to("/login/"), cookie(&site, "")),
        Err(error) => page::failed(&error),
    }
}
