//! HTML pages for people, made on the server: each works whole without script, and one small script makes them live. No
//! framework, nothing from other sites.

mod account;
mod admin;
mod board;
mod catalogue;
mod decide;
mod fields;
mod form;
mod frame;
mod inbox;
mod layers;
mod list;
mod live;
mod numbers;
mod once;
mod order;
mod orders;
mod origin;
mod page;
mod provider;
mod resources;
mod session;
mod site;
mod table;
mod text;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use mercat_app::{
    App,
    resources::{ProviderResources, Resources},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::RequestBodyTimeoutLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use site::Site;
pub use site::{DemoPerson, Elsewhere, OrderWriter, Setting, Surroundings};

/// The largest form that is read, in bytes: whatever fits the fields of a page, also where it is carried through the page
/// for signing in, which takes up to five bytes for one.
const LARGEST_FORM: usize = 1024 * 1024;
/// How long a form may take to arrive.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

/// The pages with their middleware, to be merged with other routers: there is no fallback.
pub fn router(app: App, around: Surroundings) -> Router {
    let Surroundings { elsewhere, people, write_order, settings } = around;
    let site = Site { app: app.clone(), people: people.into(), write_order, settings: settings.into(), elsewhere };
    let inner = ServiceBuilder::new()
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(RequestBodyTimeoutLayer::new(FORM_TIMEOUT));
    let outer = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(layers::REQUEST_ID, layers::RequestIds(app.clone())))
        .layer(PropagateRequestIdLayer::new(layers::REQUEST_ID))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(layers::span)
                .on_request(())
                .on_response(DefaultOnResponse::new().level(Level::INFO))
                // A failure is told where it is answered, once.
                .on_failure(()),
        )
        .layer(from_fn(layers::secure))
        .layer(from_fn_with_state(site.clone(), page::told));
    Router::new()
        .route("/", get(inbox::show).fallback(page::no_method))
        .route(&live::SCRIPT_PATH, get(live::script).fallback(page::no_method))
        .route(live::PLACE, get(live::follow).fallback(page::no_method))
        .route("/login/", get(session::show).post(session::enter).fallback(page::no_method))
        .route("/login", get(layers::add_slash).fallback(page::no_method))
        .route(session::elsewhere::PLACE, get(session::elsewhere::begin).fallback(page::no_method))
        .route(session::elsewhere::BACK, get(session::elsewhere::back).fallback(page::no_method))
        .route("/logout/", post(session::leave).fallback(page::no_method))
        .route(list::PLACE, get(list::show).fallback(page::no_method))
        .route("/orders", get(layers::add_slash).fallback(page::no_method))
        .route("/orders/bulk/", get(list::no_bulk).post(list::bulk).fallback(page::no_method))
        .route("/orders/export.csv", get(list::csv).fallback(page::no_method))
        .route("/orders/export.jsonl", get(list::json_lines).fallback(page::no_method))
        .route("/orders/{id}/", get(orders::show).post(orders::act).fallback(page::no_method))
        .route("/orders/{id}/attachment/", get(orders::attachment).fallback(page::no_method))
        .route("/orders/{id}", get(layers::add_slash).fallback(page::no_method))
        .route(catalogue::PLACE, get(catalogue::show).fallback(page::no_method))
        .route("/catalogue", get(layers::add_slash).fallback(page::no_method))
        .route("/catalogue/{id}/", get(catalogue::offering).post(catalogue::order).fallback(page::no_method))
        .route("/catalogue/{id}", get(layers::add_slash).fallback(page::no_method))
        .merge(resources::<Resources>())
        .merge(resources::<ProviderResources>())
        .route("/provider/", get(|State(site): State<Site>| async move { page::moved(&site, provider::PLACE) }))
        .merge(provider::routes())
        .route("/admin/", get(|State(site): State<Site>| async move { page::moved(&site, admin::ORGANISATIONS) }))
        .merge(admin::routes())
        .merge(account::routes())
        .merge(board::routes::<list::Saved>())
        .route(numbers::PLACE, get(numbers::show).fallback(page::no_method))
        .route("/numbers", get(layers::add_slash).fallback(page::no_method))
        .route("/decide/{token}/", get(decide::show).post(decide::decide).fallback(page::no_method))
        // Some mail programs drop the slash at the end of a link.
        .route("/decide/{token}", get(layers::add_slash).fallback(page::no_method))
        .route_layer(from_fn_with_state(site.clone(), session::keep))
        .route_layer(inner)
        .route_layer(outer)
        .with_state(site)
}

/// The resources of a side.
fn resources<S: resources::Side>() -> Router<Site> {
    let page = get(resources::show::<S>).post(resources::act::<S>).fallback(page::no_method);
    table::routes::<resources::List<S>>()
        .route(&format!("{}{{id}}/", S::PLACE), page)
        .route(&format!("{}{{id}}", S::PLACE), get(layers::add_slash).fallback(page::no_method))
}
