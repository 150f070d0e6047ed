//! Which order a request is about.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use mercat_app::{
    AppError,
    orders::{OrderFilter, Sort, Target},
};
use mercat_domain::{invalid::FieldErrors, permission::Actor};

use crate::{
    body::Caller,
    error::ApiError,
    query::{self, Query},
    state::Api,
};

/// The order of the path, and the filters of the query, which count on single orders too (spec 3.1).
pub(crate) struct OrderTarget(pub Target);

impl FromRequestParts<Api> for OrderTarget {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let id = path_id(parts, api).await;
        let selection = Selection::of(api, &caller.0.actor, &query).await?;
        Ok(Self(Target { id, filters: selection.filters }))
    }
}

/// The `{uuid}` of the path. What is no UUID becomes one that nothing has: the object is missing, and whether that
/// is told is decided where objects are looked up.
pub(crate) async fn path_id<T: From<uuid::Uuid>>(parts: &mut Parts, api: &Api) -> T {
    let parameters = RawPathParams::from_request_parts(parts, api).await.ok();
    let text = parameters.as_ref().and_then(|all| all.iter().find(|(name, _)| *name == "uuid")).map(|(_, text)| text);
    // Braces and prefixes, which a UUID parser takes as well, do not fit the route upstream.
    let plain = text.filter(|text| matches!(text.len(), 32 | 36));
    plain.and_then(|text| uuid::Uuid::try_parse(text).ok()).unwrap_or_default().into()
}

/// What the query says about the list: which orders, in which order.
pub(super) struct Selection {
    pub filters: Vec<OrderFilter>,
    pub sorting: Vec<Sort>,
}

impl Selection {
    /// Reads the query.
    ///
    /// # Errors
    /// 400 with everything that is wrong; with strict filters unknown parameters are.
    pub async fn of(api: &Api, actor: &Actor, query: &Query) -> Result<Self, ApiError> {
        if api.config.strict_filters {
            query::refuse_unknown(query).map_err(invalid)?;
        }
        let (mut filters, sorting) = match (query::filters(query, actor), query::sorting(query)) {
            (Ok(filters), Ok(sorting)) => (filters, sorting),
            (filters, sorting) => {
                let mut errors = filters.err().unwrap_or_default();
                errors.extend(sorting.err().unwrap_or_default());
                return Err(invalid(errors));
            }
        };
        query::pin_down(&api.app, actor, &mut filters).await?;
        Ok(Self { filters, sorting })
    }
}

pub(super) fn invalid(errors: FieldErrors) -> ApiError {
    AppError::Invalid(errors.into()).into()
}
