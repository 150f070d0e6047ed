//! Who reads a page: the browser keeps a token in a cookie that no script can read.

pub(crate) mod elsewhere;
mod kept;
mod pages;

use axum::{
    Extension,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use form_urlencoded::byte_serialize;
use mercat_app::auth::{AuthError, authenticate};
use mercat_domain::{id::TokenId, permission::Actor};

use crate::{page, site::Site};

pub(crate) use kept::keep;
pub(crate) use pages::{enter, leave, show};

const COOKIE: &str = "mercat_session";

/// Somebody who has signed in.
pub(crate) struct Viewer {
    pub actor: Actor,
    /// What the browser showed.
    pub token: TokenId,
    /// The path of the page.
    pub path: String,
    /// Where the log ended before anything of the page was read.
    pub seq: i64,
}

impl Viewer {
    /// What the person is called.
    pub fn name(&self) -> &str {
        self.actor.name()
    }
}

impl FromRequestParts<Site> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let Some(secret) = secret(&parts.headers) else { return Err(sign_in_first(site, parts)) };
        let seq = site.app.newest_seq();
        match authenticate(&site.app, secret, None).await {
            Ok(identity) => {
                tracing::Span::current().record("user", tracing::field::display(identity.actor.id));
                Ok(Self { actor: identity.actor, token: identity.token, path: parts.uri.path().to_owned(), seq })
            }
            Err(AuthError::App(error)) => Err(page::failed(&error)),
            Err(_) => Err(sign_in_first(site, parts)),
        }
    }
}

/// Leads to the page for signing in, and from there back.
fn sign_in_first(site: &Site, parts: &Parts) -> Response {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let next: String = byte_serialize(path.as_bytes()).collect();
    let place = site.to(&format!("/login/?next={next}"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)], Extension(kept::SignInFirst)).into_response()
}

/// What the cookie of a session holds.
pub(crate) fn secret(headers: &HeaderMap) -> Option<&str> {
    value(headers, COOKIE)
}

/// What a cookie holds.
fn value<'a>(headers: &'a HeaderMap, cookie: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == cookie && !value.is_empty()).then_some(value))
}

/// The cookie for a token of ours; an empty one ends it.
fn cookie(site: &Site, secret: &str) -> HeaderValue {
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let age = if secret.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{COOKIE}={secret}; Path={}/; HttpOnly; SameSite=Lax{secure}{age}", site.base());
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}
