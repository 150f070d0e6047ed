//! Signing in by another service: the browser goes there and comes back.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use form_urlencoded::Serializer;
use mercat_app::{AppError, structure::sign_in_browser_elsewhere};

use super::{pages, value};
use crate::{form::Form, page, site::Site};

/// Where it begins.
pub(crate) const PLACE: &str = "/login/elsewhere/";
/// Where browsers come back to.
pub(crate) const BACK: &str = "/login/elsewhere/back/";
/// What the browser keeps meanwhile.
const COOKIE: &str = "mercat_elsewhere";
/// Whoever takes longer begins again, in seconds.
const PATIENCE: u32 = 600;

/// Where it begins for somebody who wants to go on to a path.
pub(super) fn address(site: &Site, next: &str) -> String {
    let place = format!("{}{PLACE}?", site.base());
    let start = place.len();
    Serializer::for_suffix(place, start).append_pair("next", next).finish()
}

/// Sends the browser to the other service.
pub(crate) async fn begin(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let Some(other) = &site.elsewhere else { return page::UNKNOWN.answer() };
    let query = query.unwrap_or_default();
    match other.begin().await {
        Ok((place, kept)) => {
            let form = Form::of(query.as_bytes());
            let text = Serializer::new(String::new())
                .append_pair("kept", &kept)
                .append_pair("next", form.text("next"))
                .finish();
            led(&site, &place, &URL_SAFE_NO_PAD.encode(text), PATIENCE)
        }
        Err(why) => {
            tracing::warn!(why, "nobody can sign in by the other service");
            page::NOBODY.answer()
        }
    }
}

fn led(site: &Site, place: &str, kept: &str, seconds: u32) -> Response {
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place), (header::SET_COOKIE, cookie(site, kept, seconds))])
        .into_response()
}

fn cookie(site: &Site, kept: &str, seconds: u32) -> HeaderValue {
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let path = format!("{}{PLACE}", site.base());
    let text = format!("{COOKIE}={kept}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// Takes the browser back, and signs its reader in.
pub(crate) async fn back(State(site): State<Site>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match taken(&site, &headers, &Form::of(query.as_bytes())).await {
        Ok(response) | Err(response) => {
            let forget = AppendHeaders([(header::SET_COOKIE, cookie(&site, "", 0))]);
            (forget, response).into_response()
        }
    }
}

async fn taken(site: &Site, headers: &HeaderMap, form: &Form<'_>) -> Result<Response, Response> {
    let other = site.elsewhere.as_ref().ok_or_else(|| page::UNKNOWN.answer())?;
    let kept = value(headers, COOKIE).and_then(|value| URL_SAFE_NO_PAD.decode(value).ok()).unwrap_or_default();
    let kept = Form::of(&kept);
    let text = |name: &str| form.text(name).to_owned();
    let vouched = other.finish(kept.text("kept").to_owned(), text("state"), text("code")).await;
    let who = vouched.map_err(|why| {
        tracing::warn!(why, "nobody was signed in by the other service");
        page::NOBODY.answer()
    })?;
    let secret = match sign_in_browser_elsewhere(&site.app, who, other.makes_accounts()).await {
        Ok(secret) => secret,
        Err(AppError::BadCredentials | AppError::Forbidden | AppError::Invalid(_)) => {
            return Err(page::NO_ACCOUNT.answer());
        }
        Err(error) => return Err(page::failed(&error)),
    };
    pages::end(site, headers).await.map_err(|error| page::failed(&error))?;
    Ok(pages::entered(site, &secret, kept.text("next"), ""))
}
