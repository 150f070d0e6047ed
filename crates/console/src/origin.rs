//! Forms come from our own pages. Other sites cannot know a link's token; this keeps them out even if they did.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, Uri, header},
    middleware::Next,
    response::Response,
};
use mercat_app::App;

use crate::page;

/// What browsers say about where a request comes from.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site sends. Reading is for everybody: links in mail are opened from other sites.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_ours(request.headers(), request.uri(), &app.settings.public_url) {
        return next.run(request).await;
    }
    page::FOREIGN.answer()
}

/// Whether the request comes from a page of this site, as far as its browser says. Programs say nothing.
///
/// `Origin: null` tells nothing: browsers send it from our own pages too, because these hide their address.
fn is_ours(headers: &HeaderMap, uri: &Uri, public_url: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(&SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(&header::ORIGIN).filter(|origin| *origin != "null") else { return true };
    let host = text(&header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
    let (Some((_, asks)), Some((_, public))) = (origin.split_once("://"), public_url.split_once("://")) else {
        return false;
    };
    // A proxy may have changed the host.
    let public = public.split('/').next();
    [host, public].into_iter().flatten().any(|ours| ours.eq_ignore_ascii_case(asks))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ours(pairs: &[(HeaderName, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        is_ours(&headers.collect(), &Uri::from_static("/decide/1/"), "https://Shop.example/mercat")
    }

    #[test]
    fn what_browsers_say_counts() {
        for (site, expected) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false), ("", false)]
        {
            assert_eq!(ours(&[(SITE, site)]), expected, "{site}");
            assert_eq!(ours(&[(SITE, site), (header::ORIGIN, "null")]), expected, "{site} with a hidden origin");
        }
    }

    #[test]
    fn older_browsers_say_only_the_origin() {
        let host = || (header::HOST, "inside:8080");
        for (origin, expected) in [
            ("https://shop.example", true),
            ("http://inside:8080", true),
            ("null", true),
            ("https://shop.example.evil.example", false),
            ("https://evil.example", false),
            ("http://inside", false),
            ("inside:8080", false),
            ("", false),
        ] {
            assert_eq!(ours(&[host(), (header::ORIGIN, origin)]), expected, "{origin}");
        }
        assert!(ours(&[host()]), "programs say nothing");
    }
}
