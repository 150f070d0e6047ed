//! Stored files, for those who may see them (spec 10.15).

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use mercat_app::{AppError, orders::open_media};
use mercat_domain::id::MediaId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{body::Caller, error::ApiError, orders::path_id, state::Api};

/// What RFC 8187 lets stand in a file name as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The file of the path.
pub(crate) struct Media(MediaId);

impl axum::extract::FromRequestParts<Api> for Media {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, api: &Api) -> Result<Self, Self::Rejection> {
        Ok(Self(path_id(parts, api).await))
    }
}

/// Sends a file. It is for saving: whatever somebody uploaded must not run in the name of this site.
pub(crate) async fn download(
    State(api): State<Api>,
    Caller(caller): Caller,
    Media(id): Media,
) -> Result<Response, ApiError> {
    let found = open_media(&api.app, &caller.actor, id).await;
    let (row, content) = found.map_err(|error| match error {
        AppError::NotFound => ApiError::no_route(),
        other => other.into(),
    })?;
    let headers = [
        (header::CONTENT_TYPE, header_value(&row.mime)?),
        (header::CONTENT_LENGTH, HeaderValue::from(row.size)),
        (header::CONTENT_DISPOSITION, header_value(&disposition(&row.name))?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, Body::from_stream(content)).into_response())
}

fn disposition(name: &str) -> String {
    format!("attachment; filename*=UTF-8''{}", utf8_percent_encode(name, NAME))
}

fn header_value(text: &str) -> Result<HeaderValue, AppError> {
    HeaderValue::try_from(text).map_err(|_| AppError::Internal(format!("{text:?} is no header value")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let name = disposition("Bestellung \"Å\"; x=1\r\n.pdf");
        assert_eq!(name, "attachment; filename*=UTF-8''Bestellung%20%22%C3%85%22%3B%20x%3D1%0D%0A.pdf");
    }
}
