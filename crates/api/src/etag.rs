//! What has not changed is not sent again: `ETag` and `If-None-Match` of answers to reads (RFC 9110, 8.8 and 13).

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rapidhash::v3::rapidhash_v3;

use crate::query::RESULT_COUNT;

/// What is longer is streamed, and has no tag.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Tags what a read answers, and leaves out what the client has.
pub(crate) async fn conditional(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_whole = response.body().size_hint().exact().is_some_and(|size| size <= LONGEST);
    if response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) || !is_whole {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory: nothing is waited for, and nothing can fail.
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else { return StatusCode::OK.into_response() };
    let tag = tag(&parts.headers, &body);
    let is_known = known.is_some_and(|known| names(&known, &tag));
    parts.headers.insert(header::ETAG, tag);
    // Whoever keeps it has to ask before showing it again: what is seen, and by whom, may have changed.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if !is_known {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    // As the whole answer would: it may have been compressed.
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.remove(header::CONTENT_TYPE);
    Response::from_parts(parts, Body::empty())
}

/// A tag of everything that an answer says: how many pages a list has stands in its headers. Weak, because answers may
/// be compressed on their way.
fn tag(headers: &HeaderMap, body: &[u8]) -> HeaderValue {
    let said = [RESULT_COUNT, header::LINK];
    let said: Vec<&[u8]> = said.iter().filter_map(|name| headers.get(name)).map(HeaderValue::as_bytes).collect();
    let digits = format!("W/\"{:016x}{:016x}\"", rapidhash_v3(&said.join(&b'\n')), rapidhash_v3(body));
    HeaderValue::try_from(digits).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// Whether a list of tags has this one, or means any.
fn names(list: &HeaderValue, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Ok(list), Ok(tag)) = (list.to_str(), tag.to_str()) else { return false };
    list.trim() == "*" || list.split(',').any(|one| opaque(one) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tags() {
        let cases = [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ];
        for (list, expected) in cases {
            assert_eq!(names(&list.parse().unwrap(), &HeaderValue::from_static("W/\"a\"")), expected, "{list}");
        }
    }

    #[test]
    fn a_list_of_another_length_is_another_answer() {
        let headers = |count: &'static str| HeaderMap::from_iter([(RESULT_COUNT, HeaderValue::from_static(count))]);
        assert_ne!(tag(&headers("1"), b"[]"), tag(&headers("2"), b"[]"));
        assert_eq!(tag(&headers("1"), b"[]"), tag(&headers("1"), b"[]"));
    }
}
