//! Pages and the headers that tell of them (spec 11.4).

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::Query;
use crate::error::ApiError;

const DEFAULT_SIZE: u64 = 10;
const MAX_SIZE: u64 = 300;

/// How many results there are, whatever the page.
pub(crate) const RESULT_COUNT: HeaderName = HeaderName::from_static("x-result-count");

/// One page of a list whose length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    pub number: u64,
    pub size: u64,
    pub total: u64,
}

impl Page {
    /// Offset and size of the page, where the query says so without knowing how many there are.
    pub fn asked(query: &Query) -> Option<(u64, u64)> {
        let page = Self::of(query, u64::MAX).ok()?;
        let is_relative = query.last("page").is_some_and(|number| number == "last");
        (!is_relative).then_some((page.offset(), page.size))
    }

    /// The page that the query asks for.
    ///
    /// # Errors
    /// 404 when it is no number or beyond the end; the first page of nothing is fine.
    pub fn of(query: &Query, total: u64) -> Result<Self, ApiError> {
        let size = query.last("page_size").and_then(|text| text.trim().parse().ok()).filter(|size| *size > 0);
        let first = Self { number: 1, size: size.unwrap_or(DEFAULT_SIZE).min(MAX_SIZE), total };
        let number = match query.last("page") {
            None | Some("") => 1,
            Some("last") => first.last(),
            Some(text) => text.trim().parse().unwrap_or(0),
        };
        if (1..=first.last()).contains(&number) {
            return Ok(Self { number, ..first });
        }
        Err(ApiError::detail(StatusCode::NOT_FOUND, "Invalid page."))
    }

    /// How many results come before the page.
    pub const fn offset(self) -> u64 {
        (self.number - 1) * self.size
    }

    const fn last(self) -> u64 {
        let pages = self.total.div_ceil(self.size);
        if pages == 0 { 1 } else { pages }
    }
}

/// Where the list is: what the links to its pages begin with.
pub(crate) struct Links<'a> {
    /// `scheme://host/path/`.
    pub url: &'a str,
    pub query: &'a Query,
}

impl Links<'_> {
    /// `X-Result-Count` and `Link`.
    pub fn headers(&self, page: Page) -> HeaderMap {
        let count = (RESULT_COUNT, HeaderValue::from(page.total));
        let link = HeaderValue::try_from(self.link(page)).ok().map(|link| (header::LINK, link));
        std::iter::once(count).chain(link).collect()
    }

    fn link(&self, page: Page) -> String {
        let last = page.last();
        let relations = [
            ("first", Some(1)),
            ("prev", page.number.checked_sub(1).filter(|number| *number > 0)),
            ("next", Some(page.number + 1).filter(|number| *number <= last)),
            ("last", Some(last)),
        ];
        let there = relations.into_iter().filter_map(|(relation, number)| Some((relation, number?)));
        let links: Vec<String> = there.map(|(rel, number)| format!("<{}>; rel=\"{rel}\"", self.to(number))).collect();
        links.join(", ")
    }

    /// The link to a page: the query's parameters by name, repeated ones in their order, no `page` for the first.
    /// The encoding escapes commas, at which a client splits the header.
    fn to(&self, number: u64) -> String {
        let number = number.to_string();
        let mut pairs: Vec<(&str, &str)> = self.query.pairs().filter(|(name, _)| *name != "page").collect();
        if number != "1" {
            pairs.push(("page", &number));
        }
        pairs.sort_by_key(|(name, _)| *name);
        if pairs.is_empty() {
            return self.url.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{query}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str, total: u64) -> Result<(u64, u64, u64), u16> {
        match Page::of(&Query::parse(text), total) {
            Ok(page) => Ok((page.number, page.size, page.offset())),
            Err(ApiError::Detail(status, _)) => Err(status.as_u16()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages() {
        let cases = [
            ("", 0, Ok((1, 10, 0))),
            ("page=1", 0, Ok((1, 10, 0))),
            ("page=last", 0, Ok((1, 10, 0))),
            ("page=", 5, Ok((1, 10, 0))),
            ("page=last", 25, Ok((3, 10, 20))),
            ("page=3&page_size=10", 25, Ok((3, 10, 20))),
            ("page_size=1000", 5, Ok((1, 300, 0))),
            ("page_size=0", 5, Ok((1, 10, 0))),
            ("page_size=-1", 5, Ok((1, 10, 0))),
            ("page_size=abc", 5, Ok((1, 10, 0))),
            ("page_size=1.5", 5, Ok((1, 10, 0))),
            ("page=4&page_size=10", 25, Err(404)),
            ("page=0", 25, Err(404)),
            ("page=-1", 25, Err(404)),
            ("page=1.0", 25, Err(404)),
            ("page=abc", 25, Err(404)),
            ("page=18446744073709551615", 25, Err(404)),
            ("page=99999999999999999999999", 25, Err(404)),
        ];
        for (text, total, expected) in cases {
            assert_eq!(page(text, total), expected, "{text} of {total}");
        }
    }

    #[test]
    fn pages_by_number() {
        let cases = [
            ("", Some((0, 10))),
            ("page=3&page_size=20", Some((40, 20))),
            ("page=100", Some((990, 10))),
            ("page=100001", Some((1_000_000, 10))),
            ("page=last", None),
            ("page=0", None),
            ("page=x", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Page::asked(&Query::parse(text)), expected, "{text}");
        }
    }

    #[test]
    fn links() {
        const URL: &str = "http://h/api/marketplace-orders/";
        let cases = [
            ("", 0, format!("<{URL}>; rel=\"first\", <{URL}>; rel=\"last\"")),
            (
                "page_size=10",
                25,
                format!(
                    "<{URL}?page_size=10>; rel=\"first\", <{URL}?page=2&page_size=10>; rel=\"next\", \
                     <{URL}?page=3&page_size=10>; rel=\"last\""
                ),
            ),
            (
                "state=done&page=2&field=uuid&state=erred",
                11,
                format!(
                    "<{URL}?field=uuid&state=done&state=erred>; rel=\"first\", \
                     <{URL}?field=uuid&state=done&state=erred>; rel=\"prev\", \
                     <{URL}?field=uuid&page=2&state=done&state=erred>; rel=\"last\""
                ),
            ),
            (
                "o=-created,cost",
                1,
                format!("<{URL}?o=-created%2Ccost>; rel=\"first\", <{URL}?o=-created%2Ccost>; rel=\"last\""),
            ),
        ];
        for (text, total, expected) in cases {
            let query = Query::parse(text);
            let page = Page::of(&query, total).unwrap();
            let headers = Links { url: URL, query: &query }.headers(page);
            assert_eq!(headers[header::LINK], expected, "{text}");
            assert_eq!(headers[RESULT_COUNT], total.to_string());
        }
    }
}
