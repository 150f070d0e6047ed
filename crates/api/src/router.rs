//! Every route of the interface, in one place.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};
use mercat_app::App;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{Predicate as _, SizeAbove},
    },
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::RequestBodyTimeoutLayer,
    trace::TraceLayer,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    ApiConfig, Gate, agents, assets, busy, catalogue, docs, etag, events,
    guard::{Guard, guard},
    layers, media, operations, orders, outgoing, portal, resources,
    rest::{self, Op},
    routes::{self as promises, MEDIA},
    site,
    state::Api,
    structure,
};

/// In bytes; what is shorter fits into one packet anyway.
const SMALLEST_COMPRESSED: u64 = 1_024;

/// The routes that the OpenAPI document describes.
fn described() -> (Router<Api>, OpenApi) {
    let (mut routes, mut document) = OpenApiRouter::with_openapi(docs::head())
        .routes(routes!(orders::list, orders::count, orders::create))
        .routes(routes!(orders::retrieve, orders::destroy))
        .routes(routes!(orders::approve_by_consumer))
        .routes(routes!(orders::approve_by_provider))
        .routes(routes!(orders::cancel))
        .routes(routes!(orders::delete_attachment))
        .routes(routes!(orders::offering))
        .routes(routes!(orders::reject_by_consumer))
        .routes(routes!(orders::reject_by_provider))
        .routes(routes!(orders::set_backend_id))
        .routes(routes!(orders::set_state_done))
        .routes(routes!(orders::set_state_erred))
        .routes(routes!(orders::set_state_executing))
        .routes(routes!(orders::unlink))
        .routes(routes!(orders::update_attachment))
        .routes(routes!(resources::terminate))
        .routes(routes!(resources::terminate_as_provider))
        .routes(routes!(resources::switch_plan))
        .routes(routes!(resources::update_limits))
        .routes(routes!(site::version))
        .routes(routes!(site::configuration))
        .routes(routes!(site::schema))
        .split_for_parts();
    let ops = operations();
    rest::describe(&mut document, &ops);
    for op in ops {
        routes = routes.route(&op.route_path(), op.route);
    }
    (routes, document)
}

/// Every operation that is a row of a table.
pub(crate) fn operations() -> Vec<Op> {
    [
        agents::operations(),
        assets::operations(),
        catalogue::operations(),
        events::operations(),
        outgoing::operations(),
        portal::operations(),
        structure::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The whole interface with its middleware.
pub fn router(app: App, config: ApiConfig) -> Router {
    let body_timeout = config.body_timeout;
    let api = Api { app: app.clone(), config: Arc::new(config) };
    operations::recorder();

    let (described, _) = described();
    let mut routes = described
        .route(MEDIA.path, get(media::download))
        // Agents ask for the first one; the second is for those who write slashes.
        .route("/rmqws-stomp", any(agents::push))
        .route("/rmqws-stomp/", any(agents::push))
        .route("/health/live", get(operations::live))
        .route("/health/ready", get(operations::ready))
        .route("/metrics", get(operations::measurements))
        // Without "none" the page sends the document's address to a validator on the internet.
        .merge(SwaggerUi::new("/docs").config(Config::new(["/api/schema/"]).validator_url("none")))
        .fallback(layers::no_route);
    if api.config.agents_virtual_host.is_some() {
        routes = routes.nest("/rabbitmq", agents::rabbitmq());
    }
    // A path without its slash is redirected, whatever the method and whoever asks.
    for path in promises::all().iter().map(|route| route.path).chain([MEDIA.path]) {
        routes = routes.route(path.trim_end_matches('/'), any(layers::add_slash));
    }

    // Two stacks: one long one takes rustc minutes.
    let inner = ServiceBuilder::new()
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn_with_state(Guard::new(api.clone()), guard))
        .layer(from_fn(etag::conditional))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyTimeoutLayer::new(body_timeout));
    let outer = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(layers::REQUEST_ID, layers::RequestIds(app)))
        .layer(PropagateRequestIdLayer::new(layers::REQUEST_ID))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(layers::span)
                .on_request(())
                .on_response(layers::answered)
                // A failure is told where it is answered, once.
                .on_failure(()),
        )
        .layer(from_fn(operations::measure))
        .layer(from_fn_with_state(layers::cors(), layers::share));
    routes.layer(inner).layer(outer).with_state(api)
}

/// What stands around everything that a server answers, pages too: nobody is let in when it is full, and texts travel
/// compressed to whoever takes that.
pub fn guarded(router: Router, gate: Arc<Gate>) -> Router {
    let compressed = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(SMALLEST_COMPRESSED).and(layers::is_text));
    router.layer(ServiceBuilder::new().layer(from_fn_with_state(gate, busy::admit)).layer(compressed))
}

/// The OpenAPI document as pretty JSON with a newline at its end.
#[must_use]
pub fn openapi() -> String {
    let (_, mut document) = described();
    docs::complete(&mut document);
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
#[path = "router_tests.rs"]
mod tests;
