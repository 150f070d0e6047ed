//! What somebody sent whose session had ended: the page for signing in carries it, and afterwards it can be sent again.

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

use super::pages::ask;
use crate::{
    form::{self, Form},
    frame::Frame,
    page,
    site::Site,
};

/// Marks an answer to somebody who has to sign in first.
#[derive(Clone)]
pub(super) struct SignInFirst;

/// Fields that say nothing to people.
const UNREAD: [&str; 5] = ["seen", "key", "from", "order", "id"];

/// Keeps the form of a request that is answered by asking for a password.
pub(crate) async fn keep(State(site): State<Site>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let read = Bytes::from_request(Request::from_parts(parts.clone(), body), &site).await;
    let is_form = form::read(&parts.headers, &read);
    let body = match (&read, &is_form) {
        (Err(_), Err(message)) => return message.answer(),
        (read, _) => read.as_ref().cloned().unwrap_or_default(),
    };
    let again = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let response = next.run(again).await;
    match is_form {
        Ok(form) if response.extensions().get::<SignInFirst>().is_some() => {
            ask(&site, parts.uri.path(), &form.without_passwords())
        }
        _ => response,
    }
}

/// What was sent, to be sent again.
#[derive(Template)]
#[template(path = "kept.html")]
struct Page<'a> {
    frame: Frame<'a>,
    /// Where it goes to.
    path: &'a str,
    fields: Vec<(String, String)>,
    /// Whether it lacks a password, which is not kept.
    lacks_password: bool,
    /// What of it somebody typed or chose.
    typed: Vec<(String, String)>,
}

/// The page that offers to send it.
pub(super) fn offer(site: &Site, path: &str, kept: &str) -> Response {
    let form = Form::of(kept.as_bytes());
    let (fields, lacks_password) = (form.fields(), form.has_password());
    let reads = |(name, text): &&(String, String)| !UNREAD.contains(&name.as_str()) && !text.trim().is_empty();
    let typed = fields.iter().filter(reads).cloned().collect();
    page::answer(StatusCode::OK, &Page { frame: Frame::for_anybody(site), path, fields, lacks_password, typed })
}
