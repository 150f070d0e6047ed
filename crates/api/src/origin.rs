//! The scheme and host that the caller used: links in answers repeat them (spec 3.4).

use std::{convert::Infallible, fmt, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::state::Api;

/// `scheme://host[:port]` of the request.
#[derive(Debug, Clone)]
pub(crate) struct Origin(Arc<str>);

impl Origin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that no request names.
    pub fn known(origin: &str) -> Self {
        Self(origin.into())
    }

    #[cfg(test)]
    pub fn test() -> Self {
        Self("http://testserver".into())
    }

    fn of(parts: &Parts, trust_forwarded: bool) -> Self {
        let forwarded = |name: &str| trust_forwarded.then(|| first(&parts.headers, name)).flatten();
        let scheme = forwarded("x-forwarded-proto").filter(|s| *s == "https").unwrap_or("http");
        let host = forwarded("x-forwarded-host")
            .or_else(|| first(&parts.headers, header::HOST.as_str()))
            .or_else(|| parts.uri.authority().map(|authority| authority.as_str()))
            .filter(|host| is_host(host))
            .unwrap_or("localhost");
        Self(format!("{scheme}://{host}").into())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequestParts<Api> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        Ok(Self::of(parts, api.config.trust_forwarded))
    }
}

/// A proxy in front of a proxy adds to the list; the first entry is what the caller typed.
fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()?.split(',').next().map(str::trim)
}

/// Only what a host can consist of: it goes into links that others may follow.
fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-_[]".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        type Case = (&'static [(&'static str, &'static str)], bool, &'static str);
        let cases: [Case; 7] = [
            (&[("host", "api.example.com")], false, "http://api.example.com"),
            (&[("host", "[::1]:8080")], false, "http://[::1]:8080"),
            (&[], false, "http://localhost"),
            (&[("host", "evil\"><b")], false, "http://localhost"),
            (&[("host", "a"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "b")], false, "http://a"),
            (&[("host", "a"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "b, c")], true, "https://b"),
            (&[("host", "a"), ("x-forwarded-proto", "javascript")], true, "http://a"),
        ];
        for (headers, trust, expected) in cases {
            let mut request = axum::http::Request::builder().uri("/api/");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(Origin::of(&parts, trust).as_str(), expected, "{headers:?}");
        }
    }
}
