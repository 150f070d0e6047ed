//! The token of a request, in all spellings that clients use (spec 3.3).

use std::borrow::Cow;

use axum::http::{HeaderMap, header};

use crate::query::Query;

/// The query parameter that downloads carry the token in.
const PARAMETER: &str = "x-auth-token";

const NOT_PROVIDED: &str = "Authentication credentials were not provided.";
const NO_TOKEN: &str = "Invalid token. No credentials provided.";
const SPACES: &str = "Invalid token. Token string should not contain spaces.";
const CHARACTERS: &str = "Invalid token. Token string should not contain invalid characters.";

/// The token, or why there is none.
///
/// `Token X`, `Bearer X` and `Bearer Token X` in any case; without the header the query's `x-auth-token`, where the
/// bare token will do.
pub(crate) fn token<'a>(headers: &'a HeaderMap, query: &'a Query) -> Result<Cow<'a, str>, &'static str> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => match value.to_str() {
            Ok(text) => in_header(text).map(Cow::Borrowed),
            Err(_) => Err(CHARACTERS),
        },
        None => match query.last(PARAMETER).map(str::trim) {
            None | Some("") => Err(NOT_PROVIDED),
            Some(text) if text.contains(' ') => in_header(text).map(Cow::Borrowed),
            Some(text) => Ok(Cow::Borrowed(text)),
        },
    }
}

fn in_header(text: &str) -> Result<&str, &'static str> {
    let is = |word: &str, name: &str| word.eq_ignore_ascii_case(name);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let rest = match words.as_slice() {
        // What the JavaScript client makes of the documentation's example.
        [bearer, token, rest @ ..] if is(bearer, "bearer") && is(token, "token") => rest,
        [scheme, rest @ ..] if is(scheme, "token") || is(scheme, "bearer") => rest,
        _ => return Err(NOT_PROVIDED),
    };
    match rest {
        [] => Err(NO_TOKEN),
        [token] => Ok(token),
        _ => Err(SPACES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let cases = [
            (Some("Token abc"), "", Ok("abc")),
            (Some("token abc"), "", Ok("abc")),
            (Some("Bearer abc"), "", Ok("abc")),
            (Some("BEARER tOKEN abc"), "", Ok("abc")),
            (Some("Token abc"), "x-auth-token=other", Ok("abc")),
            (None, "x-auth-token=Token%20abc", Ok("abc")),
            (None, "x-auth-token=abc", Ok("abc")),
            (None, "", Err(NOT_PROVIDED)),
            (None, "x-auth-token=", Err(NOT_PROVIDED)),
            (Some("Basic abc"), "", Err(NOT_PROVIDED)),
            (Some("Basic abc"), "x-auth-token=abc", Err(NOT_PROVIDED)),
            (Some(""), "", Err(NOT_PROVIDED)),
            (Some("Token"), "", Err(NO_TOKEN)),
            (Some("Bearer Token"), "", Err(NO_TOKEN)),
            (Some("Token a b"), "", Err(SPACES)),
            (Some("Bearer Token a b"), "", Err(SPACES)),
        ];
        for (given, query, expected) in cases {
            let headers = given.iter().map(|a| (header::AUTHORIZATION, a.parse().unwrap())).collect();
            assert_eq!(
                token(&headers, &Query::parse(query)).as_deref(),
                expected.as_ref().copied(),
                "{given:?} {query}"
            );
        }
    }
}
