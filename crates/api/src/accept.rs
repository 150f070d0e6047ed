//! Content negotiation: there is JSON, and nothing else (spec 3.4).

use axum::http::{HeaderMap, StatusCode, header};

use crate::{error::ApiError, query::Query};

/// Whether the caller takes JSON.
///
/// # Errors
/// 404 for another `?format=`, 406 for an `Accept` that leaves JSON out; both before anybody is asked who they are.
pub(crate) fn negotiate(headers: &HeaderMap, query: &Query) -> Result<(), ApiError> {
    if query.last("format").is_some_and(|format| !format.is_empty() && format != "json") {
        return Err(ApiError::no_route());
    }
    let mut ranges = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if ranges.peek().is_none() || ranges.flat_map(|value| value.split(',')).any(takes_json) {
        return Ok(());
    }
    Err(ApiError::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header."))
}

/// Quality values are not weighed: with one representation there is nothing to weigh.
fn takes_json(range: &str) -> bool {
    let media = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(media.as_str(), "" | "*/*" | "application/*" | "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation() {
        let cases = [
            (None, "", Ok(())),
            (Some("*/*"), "", Ok(())),
            (Some("application/json"), "", Ok(())),
            (Some("application/json; indent=4"), "", Ok(())),
            (Some("text/html, application/*;q=0.8"), "", Ok(())),
            (Some("text/html,*/*;q=0.1"), "format=json", Ok(())),
            (Some("application/xml"), "", Err(406)),
            (Some("text/html"), "", Err(406)),
            (Some("text/html"), "format=xml", Err(404)),
            (None, "format=api", Err(404)),
        ];
        for (accept, query, expected) in cases {
            let headers = accept.iter().map(|a| (header::ACCEPT, a.parse().unwrap())).collect();
            let answer = negotiate(&headers, &Query::parse(query)).map_err(|error| match error {
                ApiError::Detail(status, _) => status.as_u16(),
                other => panic!("{other:?}"),
            });
            assert_eq!(answer, expected, "{accept:?} {query}");
        }
    }
}
