//! The query string: repeated parameters, filters, order, pages (spec 11).

mod filter;
pub(crate) mod moment;
mod page;
mod param;
mod pin;
mod strict;

pub(crate) use filter::filters;
pub(crate) use page::{Links, Page, RESULT_COUNT};
pub(crate) use param::{CountParams, ListParams, RetrieveParams, UuidPath};
pub(crate) use pin::pin_down;
pub(crate) use strict::refuse_unknown;

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use mercat_app::orders::{Sort, SortKey};
use mercat_domain::invalid::FieldErrors;

/// The decoded parameters in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes a query string; nothing can be wrong with one.
    pub fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Every parameter.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The values of a parameter that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The value of a parameter that counts once: the last wins.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// What `o` may name.
const SORT_KEYS: [(&str, SortKey); 4] = [
    ("created", SortKey::Created),
    ("consumer_reviewed_at", SortKey::ConsumerReviewedAt),
    ("cost", SortKey::Cost),
    ("state", SortKey::State),
];

/// More than there are, repeated or not, and far below what the databases sort by.
const MAX_KEYS: usize = 50;

/// The order of the list: `o`, joined by commas or repeated; oldest first when there is none (spec 11.2).
///
/// # Errors
/// A key that is none.
pub(crate) fn sorting(query: &Query) -> Result<Vec<Sort>, FieldErrors> {
    let wishes = query.all("o").flat_map(|value| value.split(',')).map(str::trim).filter(|wish| !wish.is_empty());
    let sorts: Vec<Sort> = wishes.map(sort).collect::<Result<_, _>>()?;
    if sorts.len() > MAX_KEYS {
        return Err(FieldErrors::single("o", format!("Ensure this list has at most {MAX_KEYS} values.")));
    }
    let oldest_first = Sort { key: SortKey::Created, descending: false };
    Ok(if sorts.is_empty() { vec![oldest_first] } else { sorts })
}

fn sort(wish: &str) -> Result<Sort, FieldErrors> {
    let (name, descending) = wish.strip_prefix('-').map_or((wish, false), |name| (name, true));
    let found = SORT_KEYS.iter().find(|(known, _)| *known == name);
    let (_, key) = found.ok_or_else(|| FieldErrors::single("o", invalid_choice(wish)))?;
    Ok(Sort { key: *key, descending })
}

/// Django's words for a choice that is none.
pub(crate) fn invalid_choice(value: &str) -> String {
    format!("Select a valid choice. {value} is not one of the available choices.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters() {
        let query = Query::parse("state=done&state=erred&page=1&page=2&query=a%20b+c&empty=");
        assert_eq!(query.all("state").collect::<Vec<_>>(), ["done", "erred"]);
        assert_eq!(query.last("page"), Some("2"));
        assert_eq!(query.last("query"), Some("a b c"));
        assert_eq!(query.last("empty"), Some(""));
        assert_eq!(query.last("none"), None);
    }

    #[test]
    fn orders() {
        let names = |text| {
            let sorts = sorting(&Query::parse(text)).map_err(|e| e.to_string())?;
            Ok::<_, String>(sorts.iter().map(|s| (s.key, s.descending)).collect::<Vec<_>>())
        };
        assert_eq!(names(""), Ok(vec![(SortKey::Created, false)]));
        assert_eq!(names("o=-cost,created"), Ok(vec![(SortKey::Cost, true), (SortKey::Created, false)]));
        assert_eq!(names("o=state&o=-created"), Ok(vec![(SortKey::State, false), (SortKey::Created, true)]));
        let wrong = "o: Select a valid choice. -name is not one of the available choices.";
        assert_eq!(names("o=-name"), Err(wrong.to_owned()));
    }
}
