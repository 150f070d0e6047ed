//! Orders as they are listed, counted and shown.

use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse as _, Response},
};
use mercat_app::orders::{self, OrderView, Stretch};
use serde::{Serialize, Serializer};

use super::{OrderTarget, target::Selection};
use crate::{
    answer,
    body::Caller,
    config::ApiConfig,
    error::ApiError,
    fields::{Chosen, FieldSet},
    origin::Origin,
    query::{CountParams, Links, ListParams, Page, Query, RetrieveParams, UuidPath},
    state::Api,
    wire::{OrderDetails, OrderOptions},
};

/// List orders
///
/// The orders that the caller sees, as consumer or as provider, a page at a time. `X-Result-Count` and `Link` tell how
/// many there are and where the other pages are.
#[utoipa::path(
    get, path = "/api/marketplace-orders/", operation_id = "marketplace_orders_list", tag = "marketplace-orders",
    params(ListParams),
    responses((status = 200, body = [OrderDetails<'static>],
        headers(("x-result-count" = i64, description = "How many orders there are on all pages."))))
)]
pub(crate) async fn list(
    State(api): State<Api>,
    Caller(caller): Caller,
    origin: Origin,
    query: Query,
    uri: Uri,
) -> Result<Response, ApiError> {
    let actor = &caller.actor;
    let Selection { filters, sorting } = Selection::of(&api, actor, &query).await?;
    let fields = FieldSet::of(&query, OrderDetails::FIELDS);
    let details = OrderDetails::needed_for(&fields);
    let stretch = |offset, size| Stretch { details, ..Stretch::new(&filters, &sorting, offset, size) };
    let (page, views) = match Page::asked(&query) {
        Some((offset, size)) => {
            let (views, total) = orders::page(&api.app, actor, stretch(offset, size)).await?;
            (Page::of(&query, total)?, views)
        }
        None => {
            let page = Page::of(&query, orders::count(&api.app, actor, &filters).await?)?;
            (page, orders::list(&api.app, actor, stretch(page.offset(), page.size)).await?)
        }
    };
    let rows = Rows { views: &views, origin: &origin, options: shown_to(&api, actor.sees_all()), fields: &fields };
    let url = format!("{origin}{}", uri.path());
    Ok((Links { url: &url, query: &query }.headers(page), answer::read(&rows)?).into_response())
}

/// Count the orders that the list would show
#[utoipa::path(
    head, path = "/api/marketplace-orders/", operation_id = "marketplace_orders_count", tag = "marketplace-orders",
    params(CountParams),
    responses((status = 200, description = "Done; the answer is empty.",
        headers(("x-result-count" = i64, description = "How many orders there are on all pages."))))
)]
pub(crate) async fn count(
    State(api): State<Api>,
    Caller(caller): Caller,
    origin: Origin,
    query: Query,
    uri: Uri,
) -> Result<Response, ApiError> {
    let actor = &caller.actor;
    let filters = Selection::of(&api, actor, &query).await?.filters;
    let page = Page::of(&query, orders::count(&api.app, actor, &filters).await?)?;
    let url = format!("{origin}{}", uri.path());
    Ok((Links { url: &url, query: &query }.headers(page), answer::JSON).into_response())
}

/// Show an order
///
/// One order that the caller sees.
#[utoipa::path(
    get, path = "/api/marketplace-orders/{uuid}/", operation_id = "marketplace_orders_retrieve",
    tag = "marketplace-orders", params(UuidPath, RetrieveParams),
    responses((status = 200, body = OrderDetails<'static>))
)]
pub(crate) async fn retrieve(
    State(api): State<Api>,
    Caller(caller): Caller,
    OrderTarget(target): OrderTarget,
    origin: Origin,
    query: Query,
) -> Result<Response, ApiError> {
    let fields = FieldSet::of(&query, OrderDetails::FIELDS);
    let details = OrderDetails::needed_for(&fields);
    let view = orders::retrieve_only(&api.app, &caller.actor, &target, details).await?;
    let options = shown_to(&api, caller.actor.sees_all());
    answer::read(&Chosen(OrderDetails::new(&view, &origin, options), &fields))
}

/// A page of orders, each put together only when it is written.
struct Rows<'a> {
    views: &'a [OrderView],
    origin: &'a Origin,
    options: OrderOptions,
    fields: &'a FieldSet,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = |view| Chosen(OrderDetails::new(view, self.origin, self.options), self.fields);
        serializer.collect_seq(self.views.iter().map(row))
    }
}

/// Writes an order as `retrieve` answers it, for pages that show that; the flag says whether its reader sees everything.
/// Links begin with `origin`: scheme, host and what may stand before all paths.
pub fn order_writer(config: &ApiConfig, origin: &str) -> impl Fn(&OrderView, bool) -> String + Send + Sync + use<> {
    let (origin, show_civil_number) = (Origin::known(origin), config.show_civil_number);
    move |view, sees_tracebacks| {
        let options = OrderOptions { sees_tracebacks, show_civil_number, show_secrets: false };
        // Nothing in it can fail to be written.
        serde_json::to_string_pretty(&OrderDetails::new(view, &origin, options)).unwrap_or_default()
    }
}

/// How orders look to somebody who reads them.
pub(super) fn shown_to(api: &Api, sees_tracebacks: bool) -> OrderOptions {
    OrderOptions { sees_tracebacks, show_civil_number: api.config.show_civil_number, show_secrets: false }
}
