//! The form: one word.

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, StatusCode, header},
};
use mercat_app::decide::Wish;

use crate::page::{BAD_FORM, LARGE_FORM, Message, SLOW_FORM};

/// What the form wishes. Exactly one `decision` counts: two that differ must not become one of them.
pub(super) fn wish(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Wish, Message> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => LARGE_FORM,
        _ => SLOW_FORM,
    })?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(BAD_FORM);
    }
    let mut decisions = form_urlencoded::parse(&body).filter(|(name, _)| name == "decision");
    match (decisions.next().as_ref().map(|(_, word)| word.as_ref()), decisions.next()) {
        (Some("approve"), None) => Ok(Wish::Approve),
        (Some("reject"), None) => Ok(Wish::Reject),
        _ => Err(BAD_FORM),
    }
}
